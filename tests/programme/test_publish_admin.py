import re
import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import Party, Person
from programme.models import Release
from programme.services import propose, publish, withdraw
from roundtables.models import GuidingQuestion, Roundtable
from schedule.models import Forum, Role, Room, Session
from tests.editing import delegate, organiser, signed_in, staff

pytestmark = pytest.mark.django_db(transaction=True)
PUBLISH = "/admin/programme/release/publish/"


@pytest.fixture
def client(published):
    return signed_in(organiser())


def text(response) -> str:
    return " ".join(response.content.decode().split())


def send(client, **data):
    """Post the form as it is shown now."""
    shown = re.findall(r'<input type="hidden" name="(base|seen|scope)" value="([^"]*)"', text(client.get(PUBLISH)))
    return client.post(PUBLISH, {**dict(shown), **data})


def test_unchanged_draft_says_so_and_offers_nothing(client):
    page = text(client.get(PUBLISH))
    assert "Nothing has changed since release 1." in page
    assert 'value="Publish"' not in page


def test_first_release_says_what_it_holds(marrakesh):
    client = signed_in(organiser())
    page = text(client.get(PUBLISH))
    assert f"The first release holds {Session.objects.count()} sessions." in page
    response = send(client, note="First")
    release = Release.objects.get()
    assert response["Location"] == reverse("admin:programme_release_change", args=[release.pk])
    assert (release.number, release.note, release.created_by.email) == (1, "First", "organiser@forum.example")


def test_changes_are_readable(client):
    roundtable = Roundtable.objects.get(theme__number=1, place=1)
    # Half an hour later, in another room
    free = Room.objects.create(venue=roundtable.venue, slug="atlas", name="Atlas")
    old_room = roundtable.room
    Session.objects.filter(pk=roundtable.pk).update(room=free, interpretation=["ar", "fr"], entry="heads")
    Role.objects.create(session=roundtable, kind="co_chair", party=Party.objects.get(code="PHL"))
    page = text(client.get(PUBLISH))
    assert f'<dt>Room</dt> <dd><div dir="auto"><del>{old_room.name}</del><ins>Atlas</ins></div> <span' in page
    assert "<ins>Arabic, French</ins>" in page
    assert "<ins>Heads of delegation</ins>" in page
    assert "<ins>Co-chair: Philippines</ins>" in page
    assert "New room" in page
    assert page.count("Told to readers") == 1  # the room; persons and drafting are for organisers


def test_renamed_room_is_told_to_readers(client):
    room = Roundtable.objects.first().room
    Room.objects.filter(pk=room.pk).update(name_en="Atlas")
    page = text(client.get(PUBLISH))
    assert "Atlas" in page
    assert "Told to readers" in page
    assert "Among organisers" not in page


def test_renamed_room_that_nobody_sees_stays_among_organisers(client):
    Room.objects.create(venue=Roundtable.objects.first().venue, slug="store", name_en="Store")
    page = text(client.get(PUBLISH))
    assert "Among organisers" in page
    assert "Told to readers" not in page


def test_session_that_became_internal_is_told_to_readers(client):
    Session.objects.filter(pk=Roundtable.objects.first().pk).update(listed=False)
    page = text(client.get(PUBLISH))
    assert "Told to readers" in page
    assert "Among organisers" not in page


def test_times_stand_in_the_zone_of_the_session(client):
    session = (
        Session.objects.filter(timing="timed", room__isnull=False, starts_at__isnull=False).exclude(venue=None).last()
    )
    before = session.starts_at.astimezone(session.zone)
    Session.objects.filter(pk=session.pk).update(
        starts_at=session.starts_at.replace(minute=(session.starts_at.minute + 5) % 60)
    )
    session.refresh_from_db()
    after = session.starts_at.astimezone(session.zone)
    page = text(client.get(PUBLISH))
    assert f"<del>{before:%H:%M}</del><ins>{after:%H:%M}</ins> (UTC+1)" in page


def test_question_is_shown_by_number_language_and_word(client):
    question = GuidingQuestion.objects.filter(roundtable__theme__number=1, roundtable__place=1).get(position=3)
    words = question.text_en
    question.text_en = words.replace(words.split()[-1], "tomorrow?")
    question.save()
    page = text(client.get(PUBLISH))
    assert "<dt>Guiding question 3, English</dt>" in page
    assert "<ins>tomorrow?</ins>" in page
    assert "Among organisers" in page


def test_chosen_session_goes_alone(client):
    first, second = Roundtable.objects.order_by("theme__number", "place")[:2]
    Session.objects.filter(pk=first.pk).update(title_en="Urgent")
    Session.objects.filter(pk=second.pk).update(title_en="Half a sent")
    send(client, scope="chosen", sessions=[str(first.uuid)], note="")
    release = Release.objects.get(number=2)
    titles = {session["uuid"]: session["title"]["en"] for session in release.snapshot["sessions"]}
    assert titles[str(first.uuid)] == "Urgent"
    assert titles[str(second.uuid)] == second.title_en
    assert "Half a sent" in text(client.get(PUBLISH))


def test_choosing_none_is_an_error(client):
    Session.objects.filter(pk=Roundtable.objects.first().pk).update(title_en="New")
    assert "Tick at least one session." in text(client.post(PUBLISH, {"base": 1, "scope": "chosen"}))
    assert Release.objects.count() == 1


def test_release_that_came_between_shows_the_new_difference(client):
    first, second = Roundtable.objects.order_by("theme__number", "place")[:2]
    Session.objects.filter(pk=first.pk).update(title_en="Mine")
    client.get(PUBLISH)
    publish(forum=Forum.objects.get(), by=None, base=1)
    Session.objects.filter(pk=second.pk).update(title_en="Theirs")

    page = text(client.post(PUBLISH, {"base": 1, "scope": "all"}))

    assert "Readers see release 2 by now. Look at the difference again." in page
    assert 'name="base" value="2"' in page
    assert "<ins>Theirs</ins>" in page
    assert "<ins>Mine</ins>" not in page
    assert Release.objects.count() == 2


def test_edit_that_came_between_is_shown_first(client):
    first, second = Roundtable.objects.order_by("theme__number", "place")[:2]
    Session.objects.filter(pk=first.pk).update(title_en="Mine")
    seen = propose(forum=Forum.objects.get()).seen
    Session.objects.filter(pk=second.pk).update(title_en="Half a sent")

    page = text(client.post(PUBLISH, {"base": 1, "seen": seen, "scope": "all", "note": "Said"}))

    assert "The draft was edited meanwhile. Look at the difference again." in page
    assert "<ins>Half a sent</ins>" in page
    assert "Said</textarea>" in page
    assert Release.objects.count() == 1
    assert send(client, scope="all").status_code == 302


def test_note_is_said_to_be_public(client):
    Session.objects.filter(pk=Roundtable.objects.first().pk).update(title_en="New")
    assert "Public: readers find it on the page of releases." in text(client.get(PUBLISH))


def test_release_after_a_withdrawal_shows_what_changed_since_the_one_in_view(client):
    forum = Forum.objects.get()
    Session.objects.filter(pk=Roundtable.objects.first().pk).update(title_en="Once more")
    withdraw(release=publish(forum=forum, by=None, base=1), by=None, reason="Too early")
    third = publish(forum=forum, by=None, base=1)
    assert "<ins>Once more</ins>" in text(client.get(reverse("admin:programme_release_change", args=[third.pk])))


def test_two_organisers_at_once_make_one_release(client):
    Session.objects.filter(pk=Roundtable.objects.first().pk).update(title_en="New")
    user = Release._meta.get_field("created_by").related_model.objects.get(email="organiser@forum.example")
    clients = [signed_in(user), signed_in(user)]
    gate = threading.Barrier(2)
    seen = propose(forum=Forum.objects.get()).seen
    pages = []

    def go(one):
        gate.wait()
        pages.append(one.post(PUBLISH, {"base": 1, "seen": seen, "scope": "all"}))
        connection.close()

    threads = [threading.Thread(target=go, args=[one]) for one in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(page.status_code for page in pages) == [200, 302]
    assert Release.objects.count() == 2


def test_blocking_problem_is_shown_and_refuses(client):
    """Two sessions swap rooms in time; only one of them is chosen."""
    first, second = Session.objects.filter(kind="roundtable", starts_at__isnull=False).order_by("starts_at", "pk")[:2]
    room = first.room
    Session.objects.filter(pk=first.pk).update(room=None)
    Session.objects.filter(pk=second.pk).update(
        room=room, venue=room.venue, starts_at=first.starts_at, ends_at=first.ends_at
    )
    page = text(send(client, scope="chosen", sessions=[str(second.uuid)]))
    assert "would be in one room at one time. Publish both together." in page
    assert Release.objects.count() == 1


def test_names_are_text(client):
    bad = "<img src=x onerror=alert(1)>"
    roundtable = Roundtable.objects.first()
    Session.objects.filter(pk=roundtable.pk).update(title_en=bad)
    Role.objects.create(session=roundtable, kind="speaker", person=Person.objects.create(family_name=bad))
    send(client, scope="all", note=bad)
    release = Release.objects.get(number=2)
    for address in (
        reverse("admin:programme_release_changelist"),
        reverse("admin:programme_release_change", args=[release.pk]),
        reverse("admin:programme_release_withdraw", args=[release.pk]),
        reverse("admin:index"),
    ):
        assert "<img src=x" not in text(client.get(address))
    Session.objects.filter(pk=roundtable.pk).update(title_en=bad * 2)
    page = text(client.get(PUBLISH))
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_release_cannot_be_added_changed_or_deleted(client, published):
    address = reverse("admin:programme_release_change", args=[published.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"note": "Other"}).status_code == 403
    assert client.get(reverse("admin:programme_release_add")).status_code == 403
    assert (
        client.post(reverse("admin:programme_release_delete", args=[published.pk]), {"post": "yes"}).status_code == 403
    )


def test_release_shows_what_it_changed(client):
    roundtable = Roundtable.objects.first()
    Session.objects.filter(pk=roundtable.pk).update(title_en="Mended")
    send(client, scope="all")
    page = text(client.get(reverse("admin:programme_release_change", args=[Release.objects.get(number=2).pk])))
    assert "<ins>Mended</ins>" in page


def test_withdraw_asks_for_a_reason(client, published):
    Session.objects.filter(pk=Roundtable.objects.first().pk).update(title_en="Wrong")
    send(client, scope="all")
    second = Release.objects.get(number=2)
    address = reverse("admin:programme_release_withdraw", args=[second.pk])
    assert client.get(address).status_code == 200
    assert "This field is required." in text(client.post(address, {"reason": ""}))
    assert client.post(address, {"reason": "Sent too early"}).status_code == 302
    assert second.withdrawal.reason == "Sent too early"
    assert second.withdrawal.withdrawn_by.email == "organiser@forum.example"
    assert "Sent too early" in text(client.get(reverse("admin:programme_release_change", args=[second.pk])))
    # The only one left stays in view
    only = client.post(reverse("admin:programme_release_withdraw", args=[published.pk]), {"reason": "Also"})
    assert "This is the only release in view." in text(only)


def test_first_page_tells_the_state(client):
    page = text(client.get(reverse("admin:index")))
    assert "Readers see release 1. The draft is the same." in page
    Session.objects.filter(pk=Roundtable.objects.first().pk).update(title_en="New")
    assert "Readers see release 1. One change waits to be published." in text(client.get(reverse("admin:index")))


def test_only_who_may_publish_publishes(published):
    Session.objects.filter(pk=Roundtable.objects.first().pk).update(title_en="New")
    reader = signed_in(staff())
    assert reader.get(reverse("admin:programme_release_changelist")).status_code == 200
    assert PUBLISH not in text(reader.get(reverse("admin:programme_release_changelist")))
    assert "Preview the draft" not in text(reader.get(reverse("admin:index")))
    for client, refused in ((reader, (403,)), (signed_in(delegate()), (302, 403))):
        assert client.get(PUBLISH).status_code in refused
        assert client.post(PUBLISH, {"base": 1, "scope": "all"}).status_code in refused
        address = reverse("admin:programme_release_withdraw", args=[published.pk])
        assert client.post(address, {"reason": "No"}).status_code in refused
    assert Release.objects.count() == 1


def test_list_costs_the_same_for_one_and_for_many(client, published, asked_once):
    address = reverse("admin:programme_release_changelist")
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for number in range(2, 12):
        Release.objects.create(
            forum=published.forum,
            number=number,
            snapshot=published.snapshot,
            digest="x",
            created_at=published.created_at,
            created_by=None,
        )
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(one)
    assert not any('"snapshot"' in query["sql"] for query in many)
