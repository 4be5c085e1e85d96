"""The ways in: password, code, reset. What a mail carries opens the account, and nothing else does."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail

from people.models import User

PASSWORD = "a long enough password"


@pytest.fixture
def anna(db) -> User:
    user = User.objects.create_user("anna@example.org", PASSWORD)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def signed_in(client) -> bool:
    return "_auth_user_id" in client.session


def test_password_opens_the_account_whatever_the_case_of_the_address(client, anna):
    client.post("/en/accounts/login/", {"login": "Anna@Example.ORG", "password": PASSWORD})

    assert signed_in(client)


def test_code_from_a_mail_opens_the_account(client, anna):
    client.post("/en/accounts/login/code/", {"email": "anna@example.org"})
    code = re.search(r"^([A-Z0-9-]{6,})$", mail.outbox[0].body, re.MULTILINE).group(1)

    client.post("/en/accounts/login/code/confirm/", {"code": "WRONG-CODE"})
    assert not signed_in(client)
    client.post("/en/accounts/login/code/confirm/", {"code": code})
    assert signed_in(client)


def test_reset_tells_nobody_whether_there_is_an_account(client, anna):
    known = client.post("/en/accounts/password/reset/", {"email": "anna@example.org"})
    unknown = client.post("/en/accounts/password/reset/", {"email": "nobody@example.org"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert [message.to for message in mail.outbox] == [["anna@example.org"]]


def test_reset_link_sets_a_new_password_once(client, anna):
    client.post("/en/accounts/password/reset/", {"email": "anna@example.org"})
    link = re.search(r"https?://[^/]+(/\S+)", mail.outbox[0].body).group(1)
    form = client.get(link, follow=True).redirect_chain[-1][0]

    client.post(form, {"password1": "another long password", "password2": "another long password"})
    client.post("/en/accounts/login/", {"login": "anna@example.org", "password": "another long password"})
    assert signed_in(client)
    client.logout()

    assert "_auth_user_id" not in client.session
    page = client.get(link, follow=True).content.decode()
    assert 'name="password1"' not in page


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_sign_in_leads_to_no_other_site(client, anna, target):
    response = client.post(
        f"/en/accounts/login/?next={target}",
        {
            "login": "anna@example.org",
            "password": PASSWORD,
            "next": target,
        },
    )

    assert response["Location"] == "/en/my/"


def test_guessing_is_slowed_down(client, anna):
    answers = [
        client.post(
            "/en/accounts/login/",
            {"login": "anna@example.org", "password": f"wrong {number}"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )
        for number in range(12)
    ]

    assert "Too many attempts" in answers[-1].content.decode() or answers[-1].status_code == 429
