"""The language of a page: by its address, then the account, then the browser; switching keeps the page."""

import html
import re

import pytest
from django.conf import settings
from django.db import DatabaseError, connection
from django.urls import reverse
from django.utils import translation

from documents import building
from documents.services import request_document
from people.direction import latin_in_plain, latin_isolated
from people.models import User
from registrations import demo

LANGUAGES = [code for code, _name in settings.LANGUAGES]
DIRECTION = {"en": "ltr", "fr": "ltr", "es": "ltr", "ar": "rtl"}
FRENCH_BROWSER = {"Accept-Language": "fr-CH, en;q=0.5"}


@pytest.fixture
def amina(db) -> User:
    return User.objects.create_user("amina@example.org", "a long enough password", language="ar")


@pytest.fixture
def organiser(published, marrakesh, now, client) -> User:
    demo.create(forum=marrakesh, password="a long enough password", now=now)
    user = User.objects.get(email="organiser@example.org")
    client.force_login(user)
    return user


def spoken(response) -> tuple[str, str]:
    return re.search(r'<html[^>]* lang="([\w-]+)"[^>]* dir="(\w+)"', response.content.decode()).groups()


def switches(response) -> dict[str, str]:
    """The address of this page in each language."""
    nav = re.search(r'<nav class="langs".*?</nav>', response.content.decode(), re.DOTALL)[0]
    return {code: html.unescape(url) for url, code in re.findall(r'href="([^"]+)" lang="(\w+)"', nav)}


def test_language_of_the_address_wins(client, amina):
    client.force_login(amina)

    assert spoken(client.get("/es/accounts/", headers=FRENCH_BROWSER)) == ("es", "ltr")


def test_start_leads_to_the_language_of_the_account_then_of_the_browser(client, amina):
    assert client.get("/", headers=FRENCH_BROWSER)["Location"] == "/fr/"
    assert client.get("/", headers={"Accept-Language": "de"})["Location"] == "/en/"
    client.force_login(amina)
    assert client.get("/", headers=FRENCH_BROWSER)["Location"] == "/ar/"
    assert client.get("/?language=es", headers=FRENCH_BROWSER)["Location"] == "/es/"
    assert client.get("/?language=de", headers=FRENCH_BROWSER)["Location"] == "/ar/"


def test_address_whose_language_was_left_out_gets_that_of_the_account(client, amina, published):
    client.force_login(amina)

    assert client.get("/themes/")["Location"] == "/ar/themes/"


def test_nobody_is_known_while_the_database_is_away(client, amina):
    def away(*args):
        raise DatabaseError("away")

    client.force_login(amina)
    with connection.execute_wrapper(away):
        assert client.get("/healthz").status_code == 200
        assert client.get("/", headers=FRENCH_BROWSER)["Location"] == "/fr/"


def test_address_with_a_language_does_not_look_at_the_reader(client, amina, django_assert_num_queries):
    client.force_login(amina)

    with django_assert_num_queries(0):
        client.get("/fr/accounts/password/reset/done/no-such-page/")


def test_signing_out_keeps_the_language(client, amina):
    client.force_login(amina)

    assert client.post("/es/accounts/logout/")["Location"] == "/es/"


def test_switch_of_a_verification_keeps_the_page(client, organiser):
    row = request_document(kind="concept_note", subject="roundtable-2-2", language="en", by=organiser)
    building.build(str(row.uuid))
    row.refresh_from_db()
    address = reverse("verify", kwargs={"code": row.code})

    for language, switch in switches(client.get(address)).items():
        page = client.get(switch)
        assert (page.status_code, page.request["PATH_INFO"]) == (200, address)
        assert spoken(page) == (language, DIRECTION[language])


@pytest.mark.parametrize(
    "address",
    [
        "/en/no/such/page/?day=1",
        "/en/documents/?kind=concept_note&page=2",
        "/en/programme/?day=2018-12-06&kind=roundtable",
        "/en/preview/programme/?kind=roundtable",
        "/en/marrakesh-2018/themes/1/",
        "/en/my/",
    ],
)
def test_switch_keeps_address_and_query(client, organiser, address):
    assert switches(client.get(address))["ar"] == f"/ar{address.removeprefix('/en')}"


@pytest.mark.parametrize("name", ["login", "signup", "login/code"])
def test_switch_beside_a_form_with_errors_keeps_where_it_leads(client, marrakesh, name):
    page = client.post(f"/en/accounts/{name}/?next=/en/my/", {"next": "/en/my/"})

    assert 'aria-invalid="true"' in page.content.decode()
    assert switches(page)["fr"] == f"/fr/accounts/{name}/?next=/fr/my/"
    action = re.search(r'<form class="form" method="post"( action="[^"]*")?', page.content.decode())[1]
    assert action is None  # sent to where it stands, with the query


def test_account_keeps_the_language_chosen_for_it(client, amina):
    client.force_login(amina)

    answer = client.post("/en/accounts/", {"language": "fr"}, follow=True)

    amina.refresh_from_db()
    assert amina.language == "fr"
    assert answer.redirect_chain == [("/en/accounts/", 302)]
    assert "The language of your account is set." in answer.content.decode()
    assert re.findall(r'value="(\w+)" required checked', answer.content.decode()) == ["fr"]


def test_language_that_is_not_ours_is_refused(client, amina):
    client.force_login(amina)

    assert client.post("/en/accounts/", {"language": "de"}).status_code == 400
    amina.refresh_from_db()
    assert amina.language == "ar"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_choice_of_language_leads_to_no_other_site(client, amina, target):
    client.force_login(amina)

    assert client.post("/en/accounts/", {"language": "fr", "next": target})["Location"] == "/en/accounts/"


@pytest.mark.parametrize("language", LANGUAGES)
def test_administration_speaks_the_language_of_the_account(client, organiser, language):
    address = "/admin/schedule/session/?kind__exact=roundtable"
    page = client.get(address).content.decode()
    form = re.search(r'<form class="languages".*?</form>', page, re.DOTALL)[0]
    action, back = (html.unescape(found) for found in re.findall(r' (?:action|value)="(/[^"]*)"', form))
    assert re.findall(r'name="language" value="(\w+)"', form) == LANGUAGES
    assert re.findall(r'value="(\w+)"[^>]* aria-current="true"', form) == ["en"]

    answer = client.post(action, {"language": language, "next": back})

    assert answer["Location"] == address
    assert spoken(client.get(address)) == (language, DIRECTION[language])


def test_latin_words_in_arabic_are_isolated():
    assert latin_isolated("معهد (MPI)") == 'معهد (<bdi dir="ltr">MPI</bdi>)'
    assert latin_isolated("ورقة «Recollection 2007 – 2017»، ثم") == (
        'ورقة «<bdi dir="ltr">Recollection 2007 – 2017</bdi>»، ثم'
    )
    assert latin_isolated("<A&B>.") == '&lt;<bdi dir="ltr">A&amp;B</bdi>&gt;.'
    assert latin_isolated("في 6 كانون الأول") == "في 6 كانون الأول"


def test_latin_words_in_plain_text_are_isolated_where_the_page_runs_from_the_right():
    with translation.override("ar"):
        assert latin_in_plain("معهد (MPI)") == "معهد (\u2068MPI\u2069)"
    with translation.override("fr"):
        assert latin_in_plain("Institut (MPI)") == "Institut (MPI)"
