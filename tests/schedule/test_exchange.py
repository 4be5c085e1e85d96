"""Two sessions exchange their rooms in one act."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from roundtables.models import Roundtable
from schedule.models import Session
from tests.editing import organiser, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(marrakesh):
    return signed_in(organiser())


@pytest.fixture
def pair(marrakesh):
    """Two roundtables of one hour, in two rooms."""
    first = Roundtable.objects.filter(room__isnull=False).in_order()[0]
    second = Roundtable.objects.overlapping(first.starts_at, first.ends_at).exclude(pk=first.pk).in_order()[0]
    assert second.room not in (None, first.room)
    return first, second


def exchange(client, *sessions):
    data = {"action": "exchange_rooms_of_chosen", "_selected_action": [session.pk for session in sessions]}
    return client.post(reverse("admin:schedule_session_changelist"), data, follow=True).content.decode()


def rooms_of(*sessions):
    return [Session.objects.get(pk=session.pk).room for session in sessions]


def test_two_sessions_of_one_hour_exchange_their_rooms(client, pair):
    first, second = pair

    page = exchange(client, first, second)

    assert rooms_of(first, second) == [second.room, first.room]
    assert f"“{first.title}” is held in {second.room} in the draft. Publish to tell everyone." in page
    [done] = LogEntry.objects.filter(object_id=str(first.pk))
    assert done.get_change_message() == "Changed room and venue."


def test_rooms_stay_where_a_third_session_is_in_the_way(client, pair):
    first, second = pair
    later = Roundtable.objects.filter(room=second.room, starts_at__gte=first.ends_at)[0]

    page = exchange(client, first, later)

    assert f"“{first.title}” cannot be held in {second.room}: “{second.title}” is there at this time." in page
    assert rooms_of(first, later) == [first.room, later.room]


def test_exchange_wants_two_sessions_that_have_a_room(client, pair):
    first, second = pair
    assert "Choose the two sessions that are to exchange their rooms." in exchange(client, first)
    Session.objects.filter(pk=second.pk).update(room=None)
    assert "Only sessions that both have a room can exchange them." in exchange(client, first, second)
