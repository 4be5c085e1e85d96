"""Every mail that the portal sends, by the way that leads to it, in each language."""

import re

import pytest
from django.conf import settings
from django.urls import resolve
from django.utils import translation
from post_office.models import Email

from people import mail
from people.models import Person, User
from registrations import demo, services
from registrations.models import Delegate, Delegation, DelegationCategory, Registration, Seating
from schedule.models import Room, Session
from tests.browser.english import english_in_text
from tests.registrations import scene
from tests.registrations.test_views import SIGN_UP

LANGUAGES = [code for code, _name in settings.LANGUAGES]
PASSWORD = "a long enough password"
LINK = re.compile(r"^http\S+$", re.MULTILINE)
CODE = re.compile(r"^[A-Z0-9-]{6,}$", re.MULTILINE)


@pytest.fixture(autouse=True)
def mail_as_rows(settings):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"


def outbox():
    """What was written, as it is sent."""
    return [mail._message(row) for row in Email.objects.order_by("pk")]


@pytest.fixture
def places(published, marrakesh, now):
    """Wanjiru and a colleague before the roundtables; there is one place in 2.2."""
    DelegationCategory.objects.update(places_are_kept=False)
    demo.create(forum=marrakesh, password=PASSWORD, now=now)
    services.follow_releases(now=now)
    Seating.objects.filter(session__slug="roundtable-2-2").update(table_seats=1, behind_seats=0)
    Email.objects.all().delete()
    return Seating.objects.get(session__slug="roundtable-2-2")


def spoken(language: str) -> Delegate:
    User.objects.update(language=language)
    return Delegate.objects.get(person__user__email="delegate@example.org")


def register(seating, delegate, now):
    return services.register(seating=seating, delegate=delegate, by=None, now=now)


def texts(message) -> list[str]:
    """Subject, text and the text of the HTML; what is isolated there goes."""
    ((markup, kind),) = message.alternatives
    assert kind == "text/html"
    shown = re.sub(r"<style>.*?</style>|<bdi.*?</bdi>", " ", markup, flags=re.DOTALL)
    return [message.subject, CODE.sub("", message.body), re.sub(r"<[^>]+>", "\n", shown)]


def check(message, language: str) -> None:
    ((markup, _kind),) = message.alternatives
    direction = "rtl" if language == "ar" else "ltr"
    assert f'<html lang="{language}" dir="{direction}">' in markup
    assert f'<div class="mail" lang="{language}" dir="{direction}">' in markup
    assert "\n" not in message.subject
    assert [line for text in texts(message) for line in english_in_text(text, language)] == []
    links = LINK.findall(message.body)
    assert set(links) >= set(re.findall(r'href="([^"]+)"', markup))
    for link in links:
        assert "\u2068" not in link
        path = link.removeprefix(settings.BASE_URL).removeprefix("http://testserver")
        assert path.startswith(f"/{language}/")
        with translation.override(language):
            resolve(path)


@pytest.mark.parametrize("language", LANGUAGES)
def test_mails_about_places_speak_the_language_of_the_account(places, marrakesh, now, language):
    delegate = spoken(language)
    first = register(places, Delegate.objects.get(delegation__party__code="PHL"), now)
    waiting = register(places, delegate, now)
    assert waiting.status == Registration.Status.WAITLISTED
    services.release(registration=first, by=None, now=now)
    services.decide(delegate=delegate, to=Delegate.State.WITHDRAWN, by=None, now=now)
    services.decide(delegate=Delegate.objects.get(pk=delegate.pk), to=Delegate.State.SUBMITTED, by=None, now=now)
    services.accredit(delegate=Delegate.objects.get(pk=delegate.pk), by=None, now=now)

    mine = [message for message in outbox() if message.to == ["delegate@example.org"]]
    assert len(mine) == 4
    for message in mine:
        check(message, language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("waits", [False, True])
def test_mail_to_who_is_taken_out_speaks_the_language_of_the_account(places, now, language, waits):
    delegate = spoken(language)
    if waits:
        register(places, Delegate.objects.get(delegation__party__code="PHL"), now)
    registration = register(places, delegate, now)
    Email.objects.all().delete()

    services.take_out(registration=registration, delegate=delegate, by=None, now=now)

    (message,) = outbox()
    check(message, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_about_changes_speaks_the_language_of_the_account(places, marrakesh, now, language):
    delegate = spoken(language)
    register(places, delegate, now)
    session = Session.objects.get(slug="roundtable-2-2")
    session.starts_at += scene.HOUR / 4
    names = {"name_en": "Annex", "name_fr": "Annexe", "name_es": "Anexo", "name_ar": "الملحق"}
    session.room = Room.objects.create(venue=session.venue, slug="annex", **names)
    session.save()
    scene.publish(marrakesh)
    (confirmed,) = outbox()
    check(confirmed, language)
    Email.objects.all().delete()

    services.follow_releases(now=now)

    assert [message.to for message in outbox()] == [["delegate@example.org"], ["focalpoint@example.org"]]
    begin, end = ("\u2068", "\u2069") if language == "ar" else ("", "")
    for message in outbox():
        check(message, language)
        assert re.search(rf"{begin}\d\d:15–\d\d:\d\d{end}", message.body)
    assert f"{begin}Ms. Wanjiru Mfano{end}" in outbox()[1].body


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_to_the_focal_point_of_who_has_no_account_speaks_its_language(places, now, language):
    spoken(language)
    first = register(places, Delegate.objects.get(delegation__party__code="PHL"), now)
    register(places, Delegate.objects.get(person__family_name="Kielezo"), now)
    Email.objects.all().delete()

    services.release(registration=first, by=None, now=now)

    (message,) = outbox()
    assert message.to == ["focalpoint@example.org"]
    assert f"/{language}/delegation/" in message.body
    check(message, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_names_the_reader_by_the_name_of_the_language(places, now, language):
    delegate = spoken(language)
    Person.objects.filter(pk=delegate.person_id).update(arabic_name="وانجيرو مفانو")

    register(places, delegate, now)

    arabic, latin = "\u2068وانجيرو مفانو\u2069،", "Ms. Wanjiru Mfano"
    assert outbox()[0].body.startswith(arabic if language == "ar" else latin)


@pytest.mark.parametrize("language", LANGUAGES)
def test_mails_about_the_account_speak_its_language_whatever_page_they_were_asked_on(client, places, language):
    spoken(language)
    asked_on = "fr" if language == "en" else "en"
    delegation = Delegation.objects.get(party__code="KEN")

    client.post(f"/{asked_on}/accounts/password/reset/", {"email": "delegate@example.org"})
    client.post(f"/{asked_on}/accounts/login/code/", {"email": "delegate@example.org"})
    key = {"registration_key": delegation.registration_key, "email": "delegate@example.org"}
    client.post(f"/{asked_on}/accounts/signup/", {**SIGN_UP, **key})

    reset, code, known = outbox()
    for message in (reset, code, known):
        assert message.to == ["delegate@example.org"]
        check(message, language)
    assert CODE.findall(code.body) == re.findall(r'<bdi dir="ltr">([^<]+)</bdi></p>', code.alternatives[0][0])
    assert client.get(LINK.findall(reset.body)[0], follow=True).context["form"].fields["password1"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_to_a_stranger_speaks_the_language_of_the_page(client, places, language):
    delegation = Delegation.objects.get(party__code="KEN")

    client.post(f"/{language}/accounts/signup/", {**SIGN_UP, "registration_key": delegation.registration_key})

    (message,) = outbox()
    check(message, language)
    page = client.get(LINK.findall(message.body)[0])
    assert page.context["confirmation"].email_address.email == "new@example.org"
    assert User.objects.get(email="new@example.org").language == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_mail_to_another_address_speaks_the_language_of_the_account(client, places, language):
    spoken(language)
    client.force_login(User.objects.get(email="delegate@example.org"))

    client.post("/en/accounts/email/", {"action_add": "", "email": "second@example.org"})

    (message,) = outbox()
    assert message.to == ["second@example.org"]
    check(message, language)


def test_nobody_is_told_that_there_is_no_account(client, places):
    client.post("/en/accounts/password/reset/", {"email": "nobody@example.org"})
    client.post("/en/accounts/login/code/", {"email": "nobody@example.org"})

    assert outbox() == []


def test_mail_templates_are_those_that_are_sent():
    """What allauth could send under other settings would be in its words: with a new setting comes a template."""
    folder = settings.BASE_DIR / "templates" / "account" / "email"
    names = {path.name.partition("_subject")[0] for path in folder.glob("*_subject.txt")}

    assert names == {
        "account_already_exists", "email_confirmation", "email_confirmation_signup", "login_code", "password_reset_key",
    }  # fmt: skip
