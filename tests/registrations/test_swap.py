"""A place at one hour is changed for another in the seat panel, and whoever waits reads why."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registrations import services
from registrations.models import Delegate, DelegationCategory, Registration, SeatingShare
from tests.registrations import scene

NOW = scene.NOW
SEAT = "/en/sessions/b/seat/"
HTMX = {"HX-Request": "true"}


def register(seating, delegate):
    return services.register(seating=seating, delegate=delegate, by=None, now=NOW)


def text(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def held(summit):
    """Wanjiru’s place in a, at the hour of b."""
    return register(summit.a, summit.wanjiru)


def fill(seating, delegate):
    seating.table_seats, seating.behind_seats = 1, 0
    seating.save()
    register(seating, delegate)


def test_panel_offers_to_change_the_place_at_this_hour(wanjiru_client, held):
    page = text(wanjiru_client.get(SEAT, headers=HTMX))

    assert (
        'At this hour you hold a place in <a href="/en/sessions/a/">A</a>. It is given up only if you get one here.'
        in page
    )
    assert "Change your place in A for one here" in page
    assert f'name="swap" value="{held.uuid}"' in page


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_post_changes_the_place(wanjiru_client, summit, held, headers):
    page = text(wanjiru_client.post(SEAT, {"swap": str(held.uuid)}, headers=headers, follow=True))

    assert "Your place is confirmed." in page
    held.refresh_from_db()
    assert held.status == "released"
    assert Registration.objects.confirmed().get().seating == summit.b


def test_kept_place_stays_with_the_delegation(wanjiru_client, held):
    DelegationCategory.objects.filter(code="member-state").update(places_are_kept=True)

    wanjiru_client.post(SEAT, {"swap": str(held.uuid)})

    held.refresh_from_db()
    assert (held.status, held.delegate) == ("confirmed", None)


def test_nothing_is_offered_where_no_place_is_free(wanjiru_client, summit, held):
    fill(summit.b, summit.kofi)

    page = text(wanjiru_client.get(SEAT, headers=HTMX))

    assert "Change your place" not in page
    assert 'At this hour you hold a place in <a href="/en/sessions/a/">A</a>.' in page


def test_nothing_is_offered_where_the_delegation_has_no_place_left(wanjiru_client, summit, held):
    SeatingShare.objects.create(seating=summit.b, category=summit.kenya.category, table_places=1, behind_places=0)
    register(summit.b, summit.kamau)

    assert "Change your place" not in text(wanjiru_client.get(SEAT, headers=HTMX))


def test_place_of_who_was_there_is_not_offered(wanjiru_client, held):
    Registration.objects.update(attended_at=NOW)

    assert "Change your place" not in text(wanjiru_client.get(SEAT, headers=HTMX))


def test_place_held_for_another_delegation_is_not_offered(wanjiru_client, summit):
    second = Delegate.objects.create(
        person=summit.wanjiru.person, delegation=summit.ghana, state="accredited", submitted_at=None, accredited_at=NOW
    )
    register(summit.a, second)

    assert "Change your place" not in text(wanjiru_client.get(SEAT, headers=HTMX))


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_last_place_lost_in_the_same_moment_leaves_the_old_one(wanjiru_client, summit, held, headers, monkeypatch):
    swap = services.swap

    def late(**arguments):
        fill(summit.b, summit.kofi)
        return swap(**arguments)

    monkeypatch.setattr(services, "swap", late)
    page = text(wanjiru_client.post(SEAT, {"swap": str(held.uuid)}, headers=headers, follow=True))

    assert "No place is free in B. You keep the one you have." in page
    held.refresh_from_db()
    assert held.status == "confirmed"


@pytest.mark.parametrize("swap", ["", "nonsense"])
def test_place_that_was_not_offered_is_not_changed(wanjiru_client, held, swap):
    page = text(wanjiru_client.post(SEAT, {"swap": swap}, follow=True))

    assert "At this hour you hold a place in A." in page
    assert Registration.objects.confirmed().get() == held


def test_waiter_reads_the_rule_in_the_panel_and_in_my_programme(wanjiru_client, summit):
    fill(summit.b, summit.kofi)
    register(summit.b, summit.wanjiru)
    register(summit.a, summit.wanjiru)

    in_the_way = 'At this hour you hold a place in <a href="/en/sessions/a/">A</a>.'
    panel, mine = text(wanjiru_client.get(SEAT, headers=HTMX)), text(wanjiru_client.get("/en/my/"))

    assert f"You are on the waiting list. {in_the_way}" in panel
    assert in_the_way in mine
    assert "before you" not in panel + mine


def test_my_takes_the_same_queries_for_one_and_for_many_who_wait(wanjiru_client, summit, asked_once):
    fill(summit.a, summit.kofi)
    register(summit.a, summit.wanjiru)
    wanjiru_client.get("/en/my/")

    with CaptureQueriesContext(connection) as one:
        wanjiru_client.get("/en/my/")
    fill(summit.c, summit.kofi)
    register(summit.c, summit.wanjiru)
    with CaptureQueriesContext(connection) as two:
        wanjiru_client.get("/en/my/")

    assert len(two) == len(one)
