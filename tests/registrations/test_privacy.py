"""What is held about somebody: shown to them, to be taken along, and kept from everybody else."""

import json
import sys

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.test import RequestFactory
from django.urls import reverse
from django.views.debug import ExceptionReporter

from documents.models import Document
from people.models import Person, User
from people.spreadsheets import Sheet
from registrations import personal, services
from registrations.models import Delegate, FocalPoint
from registrations.services.photographs import keep_photograph
from tests.registrations import scene

NEEDS, NAME = "Step-free way, peanuts", "MFANO"
# Rows that lead to somebody, and that “my data” does not show: why
ELSEWHERE = {
    "people.BrowserSession.account": "which browsers are signed in: a key that opens the account, and nothing else",
    "people.User_groups.user": "rights of those who work in the administration",
    "people.User_user_permissions.user": "rights of those who work in the administration",
    "admin.LogEntry.user": "what organisers did in the administration: the record is about those rows",
    "programme.Import.uploaded_by": "who gave a concept paper to be read: an act of an organiser",
    "programme.Import.applied_by": "who took it over: an act of an organiser",
    "programme.Import.undone_by": "who took it back: an act of an organiser",
    "programme.Release.created_by": "who published: an act of an organiser",
    "programme.Withdrawal.withdrawn_by": "who took a release out of view: an act of an organiser",
    "registrations.AccreditationChange.by": "who decided: an act of an organiser, about another person",
    "registrations.DistinctPersons.decided_by": "who decided: an act of an organiser, about other persons",
    "registrations.ErasureRequest.done_by": "who carried it out: an act of an organiser",
    "registrations.Invitation.invited_by": "whom one invited: the address is that of another person",
    "registrations.LetterDraw.drawn_by": "who drew the letter: an act of an organiser",
    "registrations.PlateCount.counted_by": "who counted: an act of staff",
    "registrations.Registration.requested_by": "who asked for the place of another; one’s own places are shown",
    "registrations.Registration.released_by": "who released the place of another; one’s own places are shown",
    "registrations.Registration.attended_by": "who checked in at the door: an act of staff",
    "registrations.SeatException.recorded_by": "who recorded: an act of an organiser",
    "documents.Issue.issued_by": "who issued: an act of an organiser",
    "documents.PrintRun.requested_by": "who asked for a print run: an act of staff",
    "documents.Document.requested_by": "who asked for a print, mostly staff; one’s own prints are shown",
}


def upload(content=None) -> SimpleUploadedFile:
    return SimpleUploadedFile("wanjiru at home.jpg", scene.picture() if content is None else content, "image/jpeg")


def text(response) -> str:
    return " ".join(response.content.decode().split())


def test_whatever_leads_to_a_person_is_shown_or_has_its_reason(db):
    declared = {f"{one.model._meta.label}.{name}" for one in personal.holdings() for name in one.by}
    found = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields(include_hidden=True)
        if getattr(field, "concrete", False) and field.related_model in (Person, User, Delegate)
    }

    assert found - declared - ELSEWHERE.keys() == set()
    assert ELSEWHERE.keys() & declared == set()
    assert (ELSEWHERE.keys() | declared) - found == set()


def test_every_field_with_words_of_a_person_is_shown(db):
    """What a person, a membership and an account hold beside keys and counters."""
    technical = {"id", "uuid", "person", "position", "password", "is_active", "is_superuser", "erased_at"}
    technical |= {"starts_on", "ends_on", "calendar_key"}
    for one in personal.OURS:
        if one.model in (Person, User, Delegate):
            fields = {field.name for field in one.model._meta.local_fields}
            assert fields - technical - set(one.shows.split()) == set()


def test_page_shows_all_that_is_held_and_nothing_of_others(wanjiru_client, full):
    page = text(wanjiru_client.get("/en/my/data/"))

    for words in (
        "wanjiru@example.org", "Mfano", NEEDS, "Adviser of wanjiru", "Ill: wanjiru", "note of Kenya.pdf",
        "Participant pack of Mfano", "Withdrawn",
    ):  # fmt: skip
        assert words in page
    assert "kofi@example.org" not in page
    assert "Mensah" not in page


def test_file_holds_the_same(wanjiru_client, full):
    response = wanjiru_client.get("/en/my/data/file/")

    assert response["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert "no-store" in response["Cache-Control"]
    held = json.loads(response.content)
    assert [one["family_name"] for one in held["person"]] == ["Mfano"]
    assert held["memberships"][0]["needs"] == f"{NEEDS} of wanjiru@example.org"
    assert [one["subject"] for one in held["mails"]] != []
    assert {name for name, rows in held.items() if not rows} == {
        "exceptions", "roles", "comparisons", "erasure", "lists", "letter_references", "prints for others",
    }  # fmt: skip
    assert "kofi" not in response.content.decode()


def test_mails_are_listed_by_subject_and_time(wanjiru_client, summit):
    for address in ("wanjiru@example.org", "kofi@example.org"):
        EmailMessage(f"To {address}", "Secret words", to=[address]).send()

    page = text(wanjiru_client.get("/en/my/data/"))

    assert "To wanjiru@example.org" in page
    assert "To kofi@example.org" not in page
    assert "Secret words" not in page


def test_number_of_queries_does_not_grow(wanjiru_client, full, django_assert_max_num_queries):
    wanjiru_client.get("/en/my/data/")
    with django_assert_max_num_queries(30) as one:
        wanjiru_client.get("/en/my/data/")
    before = len(one.captured_queries)
    services.register(seating=full.c, delegate=full.wanjiru, by=None, now=scene.NOW)
    delegation = scene.make_delegation(full.forum, "uganda")
    Delegate.objects.create(person=full.wanjiru.person, delegation=delegation, submitted_at=scene.NOW)

    with django_assert_max_num_queries(before):
        wanjiru_client.get("/en/my/data/")


def test_account_without_a_person_sees_what_there_is(client, summit):
    client.force_login(User.objects.create_user("nobody@example.org"))

    page = text(client.get("/en/my/data/"))

    assert "nobody@example.org" in page
    assert "published list" not in page
    assert client.get("/en/my/photograph/").status_code == 404


@pytest.mark.parametrize(("answer", "kept"), [("yes", True), ("no", False)])
def test_one_says_whether_the_name_may_be_listed(wanjiru_client, summit, answer, kept):
    wanjiru_client.post("/en/my/data/", {"may_be_listed": answer})

    assert Person.objects.get(pk=summit.wanjiru.person_id).may_be_listed is kept
    assert Person.objects.get(pk=summit.kofi.person_id).may_be_listed is None


def test_no_answer_is_asked_for_again(wanjiru_client, summit):
    page = text(wanjiru_client.post("/en/my/data/", {}))

    assert "This field is required." in page
    assert Person.objects.get(pk=summit.wanjiru.person_id).may_be_listed is None


def test_photograph_is_kept_under_a_name_that_tells_nothing(
    wanjiru_client, summit, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = tmp_path
    wanjiru_client.post("/en/my/photograph/", {"photograph": upload()})
    first = Person.objects.get(pk=summit.wanjiru.person_id).photograph.name

    with django_capture_on_commit_callbacks(execute=True):
        wanjiru_client.post("/en/my/photograph/", {"photograph": upload()})

    second = Person.objects.get(pk=summit.wanjiru.person_id).photograph.name
    assert "wanjiru" not in first + second
    assert (default_storage.exists(first), default_storage.exists(second)) == (False, True)


def test_photograph_can_be_taken_out(wanjiru_client, summit, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    name = keep_photograph(person=summit.wanjiru.person, picture=scene.picture()).photograph.name

    with django_capture_on_commit_callbacks(execute=True):
        wanjiru_client.post("/en/my/photograph/", {"remove": "1"})

    assert not Person.objects.get(pk=summit.wanjiru.person_id).photograph
    assert not default_storage.exists(name)


def test_what_is_no_picture_is_refused_and_changes_nothing(wanjiru_client, summit, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    page = text(wanjiru_client.post("/en/my/photograph/", {"photograph": upload(b"%PDF-1.7 no picture")}))

    assert "A photograph is a picture (PNG, JPEG)." in page
    assert not Person.objects.get(pk=summit.wanjiru.person_id).photograph


def test_photograph_is_served_to_the_few_who_may_see_it(client, summit, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    person = keep_photograph(person=summit.wanjiru.person, picture=scene.picture()).uuid
    for email, delegation in (("fp-kenya@example.org", summit.kenya), ("fp-ghana@example.org", summit.ghana)):
        FocalPoint.objects.create(user=User.objects.create_user(email), delegation=delegation)
    User.objects.create_superuser("organiser@example.org")
    here = reverse("registrations:photograph", args=[person])
    answers = {}

    for name in ("wanjiru", "fp-kenya", "organiser", "kofi", "fp-ghana", "stranger"):
        client.force_login(User.objects.get(email=f"{name}@example.org"))
        answers[name] = client.get(here).status_code

    assert answers == {
        "wanjiru": 200, "fp-kenya": 200, "organiser": 200, "kofi": 404, "fp-ghana": 404, "stranger": 404,
    }  # fmt: skip


def test_photograph_is_no_web_page_and_stays_in_no_cache(wanjiru_client, summit, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    person = keep_photograph(person=summit.wanjiru.person, picture=scene.picture())

    response = wanjiru_client.get(reverse("registrations:photograph", args=[person.uuid]))

    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_photograph_that_nobody_has_is_not_there(wanjiru_client, summit):
    assert wanjiru_client.get(reverse("registrations:photograph", args=[summit.wanjiru.person.uuid])).status_code == 404


def test_one_says_what_one_needs(wanjiru_client, summit):
    """Of two delegations at one forum both hold it, those at other forums and of others do not."""
    uganda = scene.make_delegation(summit.forum, "uganda")
    second = Delegate.objects.create(person=summit.wanjiru.person, delegation=uganda, submitted_at=scene.NOW)
    elsewhere = Delegate.objects.create(
        person=summit.wanjiru.person, delegation=summit.stranger.delegation, submitted_at=scene.NOW
    )

    page = text(wanjiru_client.post("/en/my/needs/", {"needs": NEEDS}, follow=True))

    assert "Kept: what you need." in page
    held = Delegate.objects.exclude(needs="").order_by("pk")
    assert [(one.pk, one.needs) for one in held] == [(summit.wanjiru.pk, NEEDS), (second.pk, NEEDS)]
    assert elsewhere.needs == ""
    assert NEEDS in text(wanjiru_client.get("/en/my/needs/"))

    wanjiru_client.post("/en/my/needs/", {"needs": ""})

    assert not Delegate.objects.exclude(needs="").exists()


def test_needs_are_said_by_delegates_only(client, summit):
    client.force_login(User.objects.get(email="stranger@example.org"))

    assert client.get("/en/my/needs/").status_code == 404
    assert "Say or change what you need" not in text(client.get("/en/my/data/"))


def needy(summit) -> Delegate:
    summit.wanjiru.needs = NEEDS
    summit.wanjiru.save()
    return Delegate.objects.get(pk=summit.wanjiru.pk)


def test_needs_stand_in_no_representation(summit):
    delegate = needy(summit)
    profile = services.Profile(family_name="MFANO", needs=NEEDS)

    assert NEEDS not in f"{delegate} {delegate!r} {delegate.person!r} {profile!r}"


def test_needs_stand_in_no_spreadsheet(db):
    def sheets(kind):
        for one in kind.__subclasses__():
            yield from (one, *sheets(one))

    assert [one for one in sheets(Sheet) if "needs" in one().fields or "photograph" in one().fields] == []


def test_needs_stand_in_no_report_of_an_error(summit):
    """Nor does anything else that somebody typed or that a variable held."""
    request = RequestFactory().post("/en/my/", {"needs": NEEDS, "family_name": NAME})

    def fails(needs: str) -> None:
        raise ValueError("something failed")

    try:
        fails(NEEDS)
    except ValueError:
        reporter = ExceptionReporter(request, *sys.exc_info())

    for report in (reporter.get_traceback_text(), reporter.get_traceback_html()):
        assert "something failed" in report
        assert NEEDS not in report
        assert NAME not in report


@pytest.fixture
def organiser_client(client, summit, django_user_model):
    user = django_user_model.objects.create_user("organiser@example.org", is_staff=True)
    user.groups.add(Group.objects.get(name="organiser"))
    client.force_login(user)
    return client


def test_needs_are_read_with_the_right_to_them_only(organiser_client, summit):
    needy(summit)
    page = f"/admin/registrations/delegate/{summit.wanjiru.pk}/change/"
    assert NEEDS in text(organiser_client.get(page))

    Group.objects.get(name="organiser").permissions.remove(Permission.objects.get(codename="read_needs"))

    assert NEEDS not in text(organiser_client.get(page))


def test_saving_without_the_right_keeps_the_needs_and_the_history_says_nothing_of_them(organiser_client, summit):
    needy(summit)
    page = f"/admin/registrations/delegate/{summit.wanjiru.pk}/change/"
    fields = {"function": "Minister", "position": "1", "changes-TOTAL_FORMS": "0", "changes-INITIAL_FORMS": "0"}
    with_right = {**fields, "needs": "Another need"}

    organiser_client.post(page, with_right)
    Group.objects.get(name="organiser").permissions.remove(Permission.objects.get(codename="read_needs"))
    organiser_client.post(page, {**fields, "function": "Adviser", "needs": "Forged"})

    delegate = Delegate.objects.get(pk=summit.wanjiru.pk)
    assert (delegate.function, delegate.needs) == ("Adviser", "Another need")
    said = "".join(f"{entry.object_repr} {entry.change_message}" for entry in LogEntry.objects.all())
    assert "Another need" not in said
    assert NEEDS not in said


def test_needs_stand_in_no_print(full):
    assert Document.objects.count() == 2
    assert all(NEEDS not in json.dumps(document.extract) for document in Document.objects.all())
