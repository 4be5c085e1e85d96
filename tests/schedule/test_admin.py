import threading
from datetime import UTC, datetime

import pytest
from django.apps import apps
from django.contrib import admin
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from people.models import Person
from programme.models import PublishedSession, Release
from roundtables.models import Roundtable
from schedule.admin.sessions import SessionAdmin
from schedule.forms import TimesHere
from schedule.models import Role, Room, Session, Venue
from tests.editing import APPS, delegate, organiser, posted, signed_in, staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(marrakesh):
    return signed_in(organiser())


def change(session: Session) -> str:
    return reverse(f"admin:{session._meta.app_label}_{session._meta.model_name}_change", args=[session.pk])


def save(client, session, **changed):
    address = change(session)
    return client.post(address, {**posted(client.get(address)), **changed})


def plain() -> Session:
    """A session without a table of its own, in a room."""
    session = Session.objects.exclude(kind__in=Session.own_models()).first()
    session.timing, session.starts_on, session.ends_on, session.month, session.day_part = "timed", None, None, None, ""
    session.room = Room.objects.filter(venue__time_zone="Africa/Casablanca").first()
    session.venue = session.room.venue
    session.starts_at, session.ends_at = datetime(2018, 12, 21, 9, tzinfo=UTC), datetime(2018, 12, 21, 11, tzinfo=UTC)
    session.save()
    return session


REGISTERED = [model for model in admin.site._registry if model._meta.app_label in APPS]


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model._meta.label)
def test_every_list_search_and_page_opens(client, model):
    base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    assert client.get(reverse(f"{base}_changelist"), {"q": "migration"}).status_code == 200
    row = model._default_manager.first()
    if row:
        assert client.get(reverse(f"{base}_change", args=[row.pk]), follow=True).status_code == 200
    if admin.site._registry[model].has_add_permission(client.get("/admin/").wsgi_request):
        assert client.get(reverse(f"{base}_add")).status_code == 200


def test_every_model_of_the_programme_is_in_the_administration():
    inner = {
        "BackgroundPaper",
        "BrowserSession",
        "ForumChair",
        "Role",
        "ExpectedOutcome",
        "Withdrawal",
        "PublishedSession",
        "SearchEntry",
        "ForumAddress",
        "NodeAddress",
        "AccreditationChange",
        "DelegationHead",
        "DistinctPersons",
        "FocalPoint",
        "Letter",
        "ReleaseCursor",
        "SeatingShare",
    }  # inside another page, or derived
    models = {model for app in APPS for model in apps.get_app_config(app).get_models()}
    assert {model.__name__ for model in models - set(admin.site._registry)} == inner


def test_a_saved_page_changes_nothing(client):
    for session in [plain(), *(model.objects.first() for model in Session.own_models().values())]:
        before = Session.objects.filter(pk=session.pk).values().get()
        response = save(client, session)
        assert response.status_code == 302, response.context["errors"]
        assert Session.objects.filter(pk=session.pk).values().get() == before


def test_list_links_each_session_to_the_page_of_its_kind(client):
    page = client.get(reverse("admin:schedule_session_changelist")).content.decode()
    for session in [plain(), Roundtable.objects.first()]:
        assert f'href="{change(session)}"' in page


def test_page_of_a_session_leads_to_that_of_its_kind(client):
    roundtable = Roundtable.objects.first()
    address = reverse("admin:schedule_session_change", args=[roundtable.pk])
    assert client.get(address)["Location"] == change(roundtable)


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("America/New_York", datetime(2018, 12, 6, 14, 15, tzinfo=UTC)),
        ("Africa/Casablanca", datetime(2018, 12, 6, 8, 15, tzinfo=UTC)),
    ],
)
def test_times_are_typed_and_shown_in_the_zone_of_the_venue(client, zone, utc):
    session = plain()
    Venue.objects.filter(pk=session.venue_id).update(time_zone=zone)
    Session.objects.filter(pk=session.pk).update(room=None)

    response = save(
        client, session, starts_at_0="2018-12-06", starts_at_1="09:15", ends_at_0="2018-12-06", ends_at_1="10:00"
    )

    assert response.status_code == 302
    session.refresh_from_db()
    assert session.starts_at == utc
    page = client.get(change(session))
    assert 'value="09:15"' in page.content.decode()
    assert zone in page.content.decode()
    assert "09:15" in client.get(reverse("admin:schedule_session_changelist"), {"q": session.slug}).content.decode()


def test_reader_sees_times_in_the_zone_of_the_venue(client):
    session = plain()
    Venue.objects.filter(pk=session.venue_id).update(time_zone="America/New_York")
    Session.objects.filter(pk=session.pk).update(
        room=None,
        starts_at=datetime(2018, 12, 6, 14, 15, tzinfo=UTC),
        ends_at=datetime(2018, 12, 6, 15, 45, tzinfo=UTC),
    )
    page = signed_in(staff()).get(change(session)).content.decode()
    assert "9:15" in page
    assert "10:45" in page


def test_hours_that_do_not_exist_are_refused(client):
    session = plain()
    Venue.objects.filter(pk=session.venue_id).update(time_zone="America/New_York")
    response = save(
        client, session, starts_at_0="2018-03-11", starts_at_1="02:30", ends_at_0="2018-03-11", ends_at_1="05:00"
    )
    assert "couldn’t be interpreted" in response.content.decode()


def timed(**kwargs):
    fields = {
        "timing": "timed",
        "starts_at": datetime(2018, 12, 20, 9, tzinfo=UTC),
        "ends_at": datetime(2018, 12, 20, 11, tzinfo=UTC),
        "starts_on": None,
        "ends_on": None,
        "day_part": "",
        "month": None,
        "cancelled_at": None,
    }
    return {**fields, **kwargs}


@pytest.fixture
def pair(marrakesh):
    """Two sessions at one time, the first in a room."""
    first, second = Session.objects.exclude(kind__in=Session.own_models()).order_by("pk")[:2]
    room = Room.objects.filter(venue__time_zone="Africa/Casablanca").first()
    Session.objects.filter(pk=first.pk).update(**timed(room=room, venue=room.venue))
    Session.objects.filter(pk=second.pk).update(**timed(room=None, venue=room.venue))
    first.refresh_from_db()
    second.refresh_from_db()
    return first, second


def test_room_taken_is_refused_with_the_other_session_linked(client, pair):
    first, second = pair
    response = save(client, second, room=first.room_id)
    assert response.status_code == 200
    [error] = response.context["adminform"].form.non_field_errors()
    assert error == f'The room is taken at this time by <a href="{change(first)}">{first.title}</a>.'


def test_room_taken_is_refused_by_the_database(pair):
    first, second = pair
    with pytest.raises(IntegrityError, match="room_holds_one_session_at_a_time"), transaction.atomic():
        Session.objects.filter(pk=second.pk).update(room=first.room)


class TitleAndRoom(TimesHere):
    starts_at = None  # type: ignore[assignment]
    ends_at = None  # type: ignore[assignment]

    class Meta:
        model = Session
        fields = ["title_en", "room"]


def test_room_taken_is_refused_when_the_form_lacks_a_field(pair):
    first, second = pair
    form = TitleAndRoom({"title_en": "A", "room": first.room_id}, instance=second)
    assert "taken at this time by" in form.non_field_errors()[0]


def test_reversed_times_are_the_only_error(client, pair):
    first, second = pair
    response = save(client, second, room=first.room_id, ends_at_1="08:00")
    assert response.context["adminform"].form.errors == {"__all__": ["The end must lie after the start."]}


def test_reversed_times_are_refused_by_the_database(pair):
    first, _second = pair
    with pytest.raises(IntegrityError, match="session_ends_after_it_starts"), transaction.atomic():
        Session.objects.filter(pk=first.pk).update(room=None, ends_at=first.starts_at)


def test_name_in_the_error_is_text(client, pair):
    first, second = pair
    Session.objects.filter(pk=first.pk).update(title_en="<img src=x onerror=alert(1)>")
    page = save(client, second, room=first.room_id).content.decode()
    assert "<img src=x" not in page
    assert "&lt;img src=x onerror=alert(1)&gt;</a>" in page


@pytest.mark.django_db(transaction=True)
def test_room_given_away_in_the_meantime_is_an_error_on_the_page(client, pair, monkeypatch):
    """Another request takes the room after the form has looked and before the row is written."""
    first, second = pair
    Session.objects.filter(pk=first.pk).update(room=None)

    def take():
        Session.objects.filter(pk=first.pk).update(room=first.room)
        connection.close()

    def overtaken(model_admin, request, obj, form, change):
        other = threading.Thread(target=take)
        other.start()
        other.join()
        obj.save()

    address = change(second)
    data = {**posted(client.get(address)), "room": first.room_id}
    monkeypatch.setattr(SessionAdmin, "save_model", overtaken)

    response = client.post(address, data)

    assert response.status_code == 200
    assert (
        f'taken at this time by <a href="{change(first)}">' in response.context["adminform"].form.non_field_errors()[0]
    )
    second.refresh_from_db()
    assert second.room is None


def test_published_session_is_cancelled_not_deleted(client, pair):
    first, _second = pair
    release = Release.objects.create(
        forum=first.forum, number=1, snapshot={}, digest="x", created_at=timezone.now(), created_by=None
    )
    PublishedSession.objects.create(
        forum=first.forum, session=first, release=release, slug=first.slug, kind=first.kind, title={}, listed=True,
        sequence=1,
    )  # fmt: skip
    address = reverse("admin:schedule_session_delete", args=[first.pk])
    page = client.get(address).content.decode()
    assert "This session cannot be deleted" in page
    assert reverse("admin:schedule_session_cancel", args=[first.pk]) in page
    client.post(address, {"post": "yes"})
    listed = client.post(
        reverse("admin:schedule_session_changelist"), {"action": "delete_selected", "_selected_action": [first.pk]}
    )
    assert "Some of these sessions cannot be deleted" in listed.content.decode()
    assert Session.objects.filter(pk=first.pk).exists()


def test_two_new_parts_cannot_share_a_room(client, pair):
    whole, _other = pair
    room = Room.objects.exclude(pk=whole.room_id).first()
    row = {
        "title_en": "Part",
        "room": room.pk,
        "starts_at_0": "2018-12-21",
        "starts_at_1": "09:00",
        "ends_at_0": "2018-12-21",
        "ends_at_1": "10:00",
        "position": 1,
    }
    new = {f"parts-{n}-{key}": value for n in (0, 1) for key, value in {**row, "slug": f"part-{n}"}.items()}
    response = save(client, whole, **new, **{"parts-TOTAL_FORMS": 2})
    assert response.status_code == 200
    assert "The room is taken at this time by “Part”." in response.content.decode()
    assert not whole.parts.exists()

    response = save(
        client, whole, **{**new, "parts-TOTAL_FORMS": 2, "parts-1-starts_at_1": "10:00", "parts-1-ends_at_1": "11:00"}
    )
    assert response.status_code == 302
    assert [part.venue for part in whole.parts.order_by("pk")] == [room.venue, room.venue]


def test_person_in_two_places_is_a_warning_that_links_both(client, pair):
    first, second = pair
    person = Person.objects.create(family_name="<img src=x onerror=alert(1)>")
    Role.objects.create(session=first, kind="speaker", person=person)
    Role.objects.create(session=second, kind="speaker", person=person)
    response = save(client, second)
    assert response.status_code == 302
    page = client.get(response["Location"]).content.decode()
    assert f'two places at once: <a href="{change(second)}">' in page
    assert f'<a href="{change(first)}">' in page
    assert "<img src=x" not in page


def test_person_in_a_session_and_its_part_is_no_warning(client, pair):
    first, second = pair
    Session.objects.filter(pk=second.pk).update(parent=first)
    person = Person.objects.create(family_name="Diallo")
    for session in pair:
        Role.objects.create(session=session, kind="speaker", person=person)
    for session in pair:
        page = client.get(save(client, session)["Location"]).content.decode()
        assert "two places at once" not in page


def test_cancel_asks_first(client, pair):
    first, _second = pair
    address = reverse("admin:schedule_session_cancel", args=[first.pk])
    assert first.title in client.get(address).content.decode()
    first.refresh_from_db()
    assert first.cancelled_at is None
    client.post(address)
    first.refresh_from_db()
    assert first.cancelled_at is not None


def test_cancel_of_chosen_sessions_says_what_was_skipped(client, pair):
    first, second = pair
    Session.objects.filter(pk=second.pk).update(cancelled_at=datetime(2018, 12, 1, tzinfo=UTC))
    data = {"action": "cancel_chosen", "_selected_action": [first.pk, second.pk]}
    address = reverse("admin:schedule_session_changelist")
    assert "Cancel the sessions" in client.post(address, data).content.decode()
    page = client.post(address, {**data, "confirmed": "1"}, follow=True).content.decode()
    assert f"“{first.title}” is cancelled in the draft." in page
    assert "1 was cancelled already." in page


def test_session_whose_room_is_taken_stays_cancelled(client, pair):
    first, second = pair
    Session.objects.filter(pk=second.pk).update(cancelled_at=datetime(2018, 12, 1, tzinfo=UTC), room=first.room)
    page = client.post(
        reverse("admin:schedule_session_changelist"),
        {"action": "restore_chosen", "_selected_action": [second.pk]},
        follow=True,
    ).content.decode()
    assert f"“{second.title}” stays cancelled: its room is taken at this time by “{first.title}”." in page
    second.refresh_from_db()
    assert second.is_cancelled


@pytest.mark.parametrize("model", [Session, Roundtable])
def test_list_costs_the_same_for_one_and_for_many(client, model, asked_once):
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    one = count(client, address, {"q": model.objects.first().slug})
    assert count(client, address, {}) <= one
    assert model.objects.count() > 5


def count(client, address, query):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address, query).status_code == 200
    return len(queries)


def test_page_costs_the_same_with_one_role_and_with_many(client, pair, asked_once):
    first, _second = pair
    people = [Person.objects.create(family_name=f"P{n}") for n in range(9)]
    Role.objects.create(session=first, kind="speaker", person=people[0])
    one = count(client, change(first), {})
    for person in people[1:]:
        Role.objects.create(session=first, kind="speaker", person=person)
    assert count(client, change(first), {}) == one


def test_staff_read_and_delegates_stay_outside(client, pair):
    first, _second = pair
    reader = signed_in(staff())
    assert reader.get(reverse("admin:schedule_session_changelist")).status_code == 200
    assert reader.get(change(first)).status_code == 200
    assert reader.post(change(first), {"title_en": "Mine"}).status_code == 403
    assert reader.post(reverse("admin:schedule_session_cancel", args=[first.pk])).status_code == 403
    assert reader.get(reverse("admin:schedule_session_import")).status_code == 403
    outsider = signed_in(delegate())
    assert outsider.get(change(first)).status_code in (302, 403)
    assert outsider.get(reverse("admin:schedule_session_export")).status_code in (302, 403)


def test_address_of_a_forum_is_fixed_once_it_is_published(client, marrakesh):
    address = reverse("admin:schedule_forum_change", args=[marrakesh.pk])
    assert "slug" in client.get(address).context["adminform"].form.fields

    Release.objects.create(
        forum=marrakesh, number=1, snapshot={}, digest="x", created_at=timezone.now(), created_by=None
    )

    page = client.get(address)
    assert "slug" not in page.context["adminform"].form.fields
    client.post(address, {**posted(page), "slug": "renamed", "city_en": "Elsewhere"})
    marrakesh.refresh_from_db()
    assert (marrakesh.slug, marrakesh.city_en) == ("marrakesh-2018", "Elsewhere")
