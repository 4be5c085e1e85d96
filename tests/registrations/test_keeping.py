"""Kept places are a delegation's own until it releases them."""

import pytest

from registrations import services
from registrations.models import DelegationCategory, Registration
from schedule.models import Session
from tests.registrations import scene


@pytest.fixture
def kept(summit):
    """Kenya and Ghana have a place of their own at the table and behind it; seats are there."""
    DelegationCategory.objects.filter(code="member-state").update(places_are_kept=True)
    for seating in (summit.a, summit.b, summit.c):
        seating.behind_seats = 2
        seating.save()
    services.arrange_places(forum=summit.forum, now=scene.NOW)
    return summit


def held(seating, delegation, place="table"):
    return Registration.objects.confirmed().get(seating=seating, delegation=delegation, place=place)


def test_each_delegation_has_its_places_from_the_start(kept):
    assert Registration.objects.to_be_named().filter(seating=kept.a, delegation=kept.kenya).count() == 2
    assert not Registration.objects.filter(delegation__category__code="un-entity").exists()


def test_arranging_twice_makes_nothing_more(kept):
    before = Registration.objects.count()

    assert services.arrange_places(forum=kept.forum, now=scene.NOW).unkept == []
    assert Registration.objects.count() == before


def test_delegates_sit_in_the_places_kept_for_them(kept):
    own = held(kept.a, kept.kenya)

    registration = services.register(seating=kept.a, delegate=kept.wanjiru, by=None, now=scene.NOW)

    assert (registration.pk, registration.place) == (own.pk, "table")
    assert registration.delegate == kept.wanjiru


def test_what_a_delegate_gives_up_stays_with_the_delegation(kept):
    registration = services.register(seating=kept.a, delegate=kept.wanjiru, by=None, now=scene.NOW)

    services.give_up(registration=registration, by=None, now=scene.NOW)

    registration.refresh_from_db()
    assert (registration.status, registration.delegate) == ("confirmed", None)


def test_what_a_delegation_released_is_not_given_to_it_again(kept):
    services.release(registration=held(kept.a, kept.kenya), by=None, now=scene.NOW)

    services.arrange_places(forum=kept.forum, now=scene.NOW)

    assert not Registration.objects.confirmed().filter(seating=kept.a, delegation=kept.kenya, place="table").exists()


def test_released_place_goes_to_the_next_in_line(kept):
    waits = services.register(seating=kept.a, delegate=kept.observer, by=None, now=scene.NOW)
    assert waits.status == "waitlisted"

    services.release(registration=held(kept.a, kept.kenya, "behind"), by=None, now=scene.NOW)

    waits.refresh_from_db()
    assert (waits.status, waits.place) == ("confirmed", "behind")


def test_delegations_without_a_seat_are_named(summit):
    DelegationCategory.objects.filter(code="member-state").update(places_are_kept=True, behind_places=0)
    summit.a.table_seats = 1
    summit.a.save()

    [unkept] = services.arrange_places(forum=summit.forum, now=scene.NOW).unkept

    assert (unkept.seating, unkept.place, len(unkept.delegations)) == (summit.a, "table", 1)


def test_no_place_is_kept_where_the_category_is_not_admitted(summit):
    DelegationCategory.objects.filter(code="member-state").update(places_are_kept=True, open_kinds=["plenary"])
    Session.objects.filter(pk=summit.b.session_id).update(kind="plenary")
    scene.publish(summit.forum)

    services.arrange_places(forum=summit.forum, now=scene.NOW)

    assert set(Registration.objects.values_list("seating", flat=True)) == {summit.b.pk}


def test_who_waits_for_the_own_delegation_gets_the_place_that_is_kept(summit):
    summit.a.table_seats = 0
    summit.a.behind_seats = 1
    summit.a.save()
    services.register(seating=summit.a, delegate=summit.kofi, by=None, now=scene.NOW)
    waits = services.register(seating=summit.a, delegate=summit.wanjiru, by=None, now=scene.NOW)
    summit.a.behind_seats = 2
    summit.a.save()
    DelegationCategory.objects.filter(code="member-state").update(places_are_kept=True)

    services.arrange_places(forum=summit.forum, now=scene.NOW)

    waits.refresh_from_db()
    assert (waits.status, waits.place) == ("confirmed", "behind")
    assert Registration.objects.filter(seating=summit.a).count() == 2


def test_kept_places_come_with_the_release_that_opens_a_session(kept):
    services.follow_releases(now=scene.NOW)
    late = scene.make_session(kept.forum, "late", starts_at=scene.TEN + 6 * scene.HOUR)
    seating = scene.seat(late, table=5)
    scene.publish(kept.forum)

    services.follow_releases(now=scene.NOW)

    assert Registration.objects.to_be_named().filter(seating=seating).count() == 2
