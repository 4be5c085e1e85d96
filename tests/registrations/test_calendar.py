"""The calendar of one’s own places: who opens it, what it says, and that it can be closed."""

import re

import icalendar
import pytest

from registrations import services
from registrations.models import Seating
from schedule.models import Session

from . import scene


@pytest.fixture
def delegate(client, summit):
    user = summit.wanjiru.person.user
    client.force_login(user)
    return user


def address(client):
    """As the page gives it."""
    return re.search(r"webcal://[^/]+(/en/my/calendar/[\w-]+\.ics)", client.get("/en/my/").content.decode())[1]


def names(response):
    return {str(event["summary"]) for event in icalendar.Calendar.from_ical(response.content).walk("VEVENT")}


def test_places_stand_in_a_calendar_that_whoever_has_its_address_reads(
    client, summit, delegate, django_assert_max_num_queries
):
    assert "webcal://" not in client.get("/en/my/").content.decode()
    services.register(seating=summit.a, delegate=summit.wanjiru, by=None, now=scene.NOW)
    Seating.objects.filter(pk=summit.c.pk).update(table_seats=1, behind_seats=0)
    services.register(seating=summit.c, delegate=summit.kofi, by=None, now=scene.NOW)
    services.register(seating=summit.c, delegate=summit.wanjiru, by=None, now=scene.NOW)
    client.post("/en/my/calendar/")
    path = address(client)
    client.logout()

    with django_assert_max_num_queries(7):
        response = client.get(path)

    a, c = (str(Session.objects.get(pk=seating.session_id).title_en) for seating in (summit.a, summit.c))
    assert {name.split(": ")[-1] for name in names(response)} == {a, c}
    assert [name for name in names(response) if name.startswith("Waiting list: ")]
    assert client.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304
    assert "sessionid" not in response.cookies


def test_calendar_given_another_address_or_closed_is_not_read_at_the_old_one(client, summit, delegate):
    client.post("/en/my/calendar/")
    first = address(client)
    client.post("/en/my/calendar/")
    second = address(client)
    assert (client.get(first).status_code, client.get(second).status_code) == (404, 200)

    client.post("/en/my/calendar/", {"off": "1"})
    assert client.get(second).status_code == 404


def test_calendar_of_a_closed_account_is_not_there(client, summit, delegate):
    client.post("/en/my/calendar/")
    path = address(client)
    delegate.is_active = False
    delegate.save()

    assert client.get(path).status_code == 404
