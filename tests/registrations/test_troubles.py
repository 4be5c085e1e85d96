"""Places that a programme stands against: told before publishing, found afterwards, and never dropped."""

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from people.models import User
from programme import releases
from programme import services as publishing
from programme.draft import draft
from registrations import checks, services
from registrations.models import Place, Registration
from schedule.models import Session
from tests.registrations import scene
from tests.registrations.test_admin import place_in_a_room


def register(seating, delegate):
    return services.register(seating=seating, delegate=delegate, by=None, now=scene.NOW)


@pytest.fixture
def placed(summit):
    """Wanjiru and Kofi hold places in a, and a place behind that of Kenya is to be named."""
    services.follow_releases(now=scene.NOW)
    register(summit.a, summit.wanjiru)
    register(summit.a, summit.kofi)
    services.vacate(registration=register(summit.a, summit.kamau), by=None, now=scene.NOW)
    return summit


@pytest.fixture
def organiser(client, placed):
    user = User.objects.create_superuser("organiser@example.org")
    client.force_login(user)
    return client


def change(seating, **fields):
    Session.objects.filter(pk=seating.session_id).update(**fields)


def told(forum):
    problems = publishing.propose(forum=forum).problems
    assert not any(problem.blocking for problem in problems)
    return [problem.message for problem in problems]


def published(forum):
    release = scene.publish(forum)
    services.follow_releases(now=scene.NOW + scene.HOUR)
    releases.shelf.clear()
    return release


def to_settle(client, kind):
    page = client.get(reverse("admin:registrations_registration_changelist"), {"settle": kind})
    assert page.status_code == 200
    return {str(place.person) if place.person else "" for place in page.context["cl"].result_list}


def test_nothing_is_told_where_nothing_is_lost(placed):
    change(placed.b, cancelled_at=scene.NOW)

    assert told(placed.forum) == []


def test_cancelled_session_is_told_with_those_who_lose_it(placed):
    change(placed.a, cancelled_at=scene.NOW)

    assert told(placed.forum) == [
        "“A” would be cancelled; 3 places are confirmed there: Mfano, Mensah, Kenya (to be named)."
    ]


def test_place_in_a_session_that_a_withdrawal_took_out_stands_and_is_found_to_settle(organiser, placed):
    late = scene.make_session(placed.forum, "late", starts_at=scene.TEN + 9 * scene.HOUR)
    too_early = published(placed.forum)
    kept = register(scene.seat(late), placed.kofi)
    publishing.withdraw(release=too_early, by=None, reason="Too early")
    services.follow_releases(now=scene.NOW + scene.HOUR)
    releases.shelf.clear()

    kept.refresh_from_db()
    assert (kept.status, kept.period) == ("confirmed", None)
    assert to_settle(organiser, "session") == {"Mensah"}


def test_what_was_lost_before_is_not_told_again(placed):
    change(placed.a, cancelled_at=scene.NOW)
    published(placed.forum)
    change(placed.b, title_en="B, anew")

    assert told(placed.forum) == []


def test_room_that_is_too_small_is_told_with_the_last_who_came(placed):
    place_in_a_room(placed.a, capacity=1)

    assert told(placed.forum) == [
        "“A”: Palmeraie holds 1 persons, and 2 places more are confirmed: Mensah, Kenya (to be named).",
        "“A” has 3 seats, but Palmeraie holds 1 persons.",
    ]


def test_session_that_closes_to_a_delegate_is_told(placed):
    register(placed.c, placed.observer)
    register(placed.c, placed.kofi)
    change(placed.c, entry=Session.Entry.GOVERNMENTS)

    assert told(placed.forum) == ["“C” would not be open any more to 1 delegate who has a place there: Muster."]


def test_place_that_an_organiser_granted_is_no_trouble(placed):
    services.grant_exception(
        seating=placed.c,
        delegate=placed.observer,
        place=Place.TABLE,
        authorised_by="The Chair",
        authorised_at=scene.NOW,
        reason="Speaks",
        by=User.objects.create_user("chair@example.org"),
        now=scene.NOW,
    )
    change(placed.c, entry=Session.Entry.GOVERNMENTS)

    assert told(placed.forum) == []


def test_places_of_a_cancelled_session_stand_and_are_found_to_settle(organiser, placed):
    change(placed.a, cancelled_at=scene.NOW)
    published(placed.forum)

    assert Registration.objects.confirmed().filter(seating=placed.a).count() == 3
    assert to_settle(organiser, "session") == {"Mfano", "Mensah", ""}
    assert to_settle(organiser, "room") == set()


def test_places_beyond_the_room_are_found_to_settle(organiser, placed):
    place_in_a_room(placed.a, capacity=2)
    assert to_settle(organiser, "room") == set()  # the draft is nobody's trouble yet

    published(placed.forum)

    assert to_settle(organiser, "room") == {""}


def test_places_of_those_to_whom_a_session_closed_are_found_to_settle(organiser, placed):
    register(placed.c, placed.observer)
    change(placed.c, entry=Session.Entry.INVITATION)
    published(placed.forum)

    assert to_settle(organiser, "admission") == {"Muster"}


def test_overlapping_places_are_found_to_settle(organiser, placed):
    register(placed.c, placed.wanjiru)
    session = placed.c.session
    session.starts_at, session.ends_at = scene.TEN, scene.TEN + scene.HOUR
    session.save()
    published(placed.forum)

    assert to_settle(organiser, "overlap") == {"Mfano"}
    assert Registration.objects.confirmed().filter(delegate=placed.wanjiru).count() == 2


def test_staff_who_look_find_the_same(client, placed):
    staff = User.objects.create_user("staff@example.org", is_staff=True)
    staff.user_permissions.add(Permission.objects.get(codename="view_registration"))
    client.force_login(staff)
    change(placed.a, cancelled_at=scene.NOW)
    published(placed.forum)

    assert to_settle(client, "session") == {"Mfano", "Mensah", ""}


def test_all_who_lose_a_place_are_listed_before_publishing(organiser, placed, monkeypatch):
    monkeypatch.setattr(checks, "MANY", 1)
    change(placed.a, cancelled_at=scene.NOW)

    page = organiser.get(reverse("admin:programme_release_publish")).content.decode()

    assert "3 places are confirmed there: Mfano, and 2 more." in page
    assert all(f"<li>{name}</li>" in page for name in ("Mfano", "Mensah", "Kenya (to be named)"))


def test_places_are_read_once_for_all_that_is_told(placed, django_assert_num_queries):
    change(placed.a, cancelled_at=scene.NOW)
    programme = draft(placed.forum)

    with django_assert_num_queries(5):  # seatings, delegations, places, headships; what readers see
        assert len(checks.places(placed.forum, programme)) == 1


def test_sentence_tells_the_first_of_many_names():
    assert checks.first_of([f"D{n}" for n in range(12)]).endswith(", D11")
    assert checks.first_of([f"D{n}" for n in range(40)]).endswith(", D11, and 28 more")
