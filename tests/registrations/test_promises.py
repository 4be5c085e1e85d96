"""Runs of events in which a promise was once broken: found by test_stateful, or by thinking of it."""

from datetime import date

import pytest

from registrations import services
from registrations.models import Delegate, DelegationCategory, DelegationHead, Registration, Seating
from registrations.services import Profile, RegistrationRefused
from schedule.models import Session
from tests.registrations import scene
from tests.registrations.promises import World, broken_promises

NOW = scene.NOW


def register(seating, delegate):
    return services.register(seating=seating, delegate=delegate, by=None, now=NOW)


def test_place_to_be_named_bears_no_mark_when_its_session_moves(summit):
    services.follow_releases(now=NOW)
    place = register(summit.a, summit.wanjiru)
    services.vacate(registration=place, by=None, now=NOW)
    Session.objects.filter(pk=summit.a.session_id).update(cancelled_at=NOW)
    scene.publish(summit.forum)

    services.follow_releases(now=NOW)

    place.refresh_from_db()
    assert (place.period, place.overlap) == (None, "")


def test_larger_quota_of_a_category_goes_to_those_who_wait(summit):
    """No seat behind the table is left for Kofi; then governments may sit at it."""
    Seating.objects.filter(pk=summit.a.pk).update(table_seats=2, behind_seats=1)
    governments = DelegationCategory.objects.filter(code="member-state")
    governments.update(table_places=0)
    register(summit.a, summit.wanjiru)
    waits = register(summit.a, summit.kofi)
    governments.update(table_places=1)

    arranged = services.arrange_places(forum=summit.forum, now=NOW)

    assert [(row.pk, row.place) for row in arranged.promoted] == [(waits.pk, "table")]


def test_who_is_head_again_gets_the_place_among_heads_that_is_free(summit):
    Session.objects.filter(pk=summit.c.session_id).update(entry=Session.Entry.HEADS)
    scene.publish(summit.forum)
    Seating.objects.filter(pk=summit.c.pk).update(table_seats=1, behind_seats=0)
    for delegate in (summit.wanjiru, summit.kofi):
        services.name_head(delegate=delegate, starts_at=None, by=None, now=NOW)
    held, waits = register(summit.c, summit.wanjiru), register(summit.c, summit.kofi)
    DelegationHead.objects.filter(delegate=summit.kofi).delete()
    services.release(registration=held, by=None, now=NOW)
    assert Registration.objects.get(pk=waits.pk).is_waiting

    services.name_head(delegate=summit.kofi, starts_at=None, by=None, now=NOW)

    assert Registration.objects.get(pk=waits.pk).is_confirmed
    assert broken_promises(World.read(summit.forum)) == []


def test_who_is_entered_for_the_day_after_all_gets_the_place_that_is_free(summit):
    Seating.objects.filter(pk=summit.a.pk).update(table_seats=1, behind_seats=0)
    held, waits = register(summit.a, summit.wanjiru), register(summit.a, summit.kofi)
    days = {"family_name": "Mensah", "starts_on": date(2018, 12, 7)}
    services.edit_delegate(delegate=summit.kofi, profile=Profile(**days), now=NOW)
    services.release(registration=held, by=None, now=NOW)
    assert Registration.objects.get(pk=waits.pk).is_waiting

    services.edit_delegate(delegate=summit.kofi, profile=Profile(family_name="Mensah"), now=NOW)

    assert Registration.objects.get(pk=waits.pk).is_confirmed


@pytest.mark.parametrize("behind", [5, 0])
def test_second_delegation_of_a_person_gives_no_second_place_in_the_same_room(summit, behind):
    """Nor a turn on its waiting list."""
    Seating.objects.filter(pk=summit.a.pk).update(table_seats=1, behind_seats=behind)
    for_ghana = Delegate.objects.create(
        person=summit.wanjiru.person, delegation=summit.ghana, state="accredited", submitted_at=None, accredited_at=NOW
    )
    register(summit.a, summit.wanjiru)

    with pytest.raises(RegistrationRefused, match="At this hour you hold a place in A"):
        register(summit.a, for_ghana)

    assert summit.a.registrations.count() == 1
