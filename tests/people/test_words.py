"""The pages of accounts in each language, with what they say when an answer is wrong."""

import html
import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings

from people.models import User
from tests.browser.english import english_in_text

LANGUAGES = [code for code, _name in settings.LANGUAGES]
PASSWORD = "a long enough password"
EMPTY: dict[str, str] = {}
WRONG_PASSWORDS = {"oldpassword": "wrong", "password1": "12345", "password2": "54321"}
STRANGERS = [
    ("login", EMPTY),
    ("login", {"login": "no address", "password": "x"}),
    ("login", {"login": "anna@example.org", "password": "wrong"}),
    ("signup", EMPTY),
    ("signup", {"registration_key": "NONSENSE", "email": "no address", "given_name": "x" * 300, **WRONG_PASSWORDS}),
    ("login/code", EMPTY),
    ("login/code", {"email": "no address"}),
    ("password/reset", EMPTY),
    ("password/reset/done", None),
    ("password/reset/key/1-nonsense", None),
    ("password/reset/key/done", None),
    ("confirm-email", None),
    ("confirm-email/nonsense", None),
    ("inactive", None),
]
SIGNED_IN = [
    ("", None),
    ("email", {"action_add": "", "email": "anna@example.org"}),
    ("email", {"action_remove": "", "email": "anna@example.org"}),
    ("email", {"action_primary": "", "email": "anna@example.org"}),
    ("email", {"action_send": "", "email": "anna@example.org"}),
    ("password/change", WRONG_PASSWORDS),
    ("password/change", EMPTY),
    ("reauthenticate", {"password": "wrong"}),
    ("logout", None),
]


@pytest.fixture
def anna(marrakesh) -> User:
    user = User.objects.create_user("anna@example.org", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def said(page: str) -> str:
    """The text of a page, without what is marked as another language or isolated."""
    foreign = r'<nav class="langs".*?</nav>|<bdi [^>]*>.*?</bdi>|<(script|style|svg)\b.*?</\1>'
    shown = re.sub(foreign, " ", page, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|placeholder|title)="([^"]+)"', shown)
    return html.unescape("\n".join([re.sub(r"<[^>]+>", "\n", shown), *spoken]))


def check(response, language: str) -> None:
    page = response.content.decode()
    assert response.status_code in (200, 429)
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page
    assert english_in_text(said(page), language) == []


def ask(client, language: str, name: str, answers: dict[str, str] | None):
    address = f"/{language}/accounts/{name}/".replace("//", "/")
    return client.get(address) if answers is None else client.post(address, answers, follow=True)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "answers"), STRANGERS)
def test_page_for_strangers_speaks_the_language(client, anna, language, name, answers):
    check(ask(client, language, name, answers), language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "answers"), SIGNED_IN)
def test_page_of_an_account_speaks_the_language(client, anna, language, name, answers):
    client.force_login(anna)

    check(ask(client, language, name, answers), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_for_a_code_speaks_the_language(client, anna, language):
    check(ask(client, language, "login/code", {"email": "anna@example.org"}), language)
    check(ask(client, language, "login/code/confirm", {"code": "WRONG"}), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_many_attempts_are_refused_in_the_language(client, anna, language):
    for number in range(25):
        response = ask(client, language, "password/reset", {"email": f"nobody{number}@example.org"})
        if response.status_code == 429:
            break

    assert response.status_code == 429
    check(response, language)


def test_forms_of_accounts_have_our_labels_and_no_placeholders(client, anna):
    page = ask(client, "en", "login", None).content.decode()

    assert re.findall(r"<label for=\"id_\w+\">([^<]+?) *<", page)[:2] == ["E-mail address", "Password"]
    assert "placeholder" not in page
