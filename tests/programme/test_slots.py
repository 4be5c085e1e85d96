from datetime import date

import pytest
from django.utils import translation

from programme import times
from programme.agenda import day_of
from programme.changes import public_changes
from programme.slots import slots

from .programmes import at, make_programme, make_release, session

SIXTH = date(2018, 12, 6)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def slot(**fields):
    programme = make_programme(session("opening", **fields))
    return slots(make_release(programme), programme.sessions)[0]


def test_a_confirmed_session_has_a_plain_rule_and_no_tag():
    assert (slot().state, slot().marks) == ("", ())


@pytest.mark.parametrize(
    ("to_confirm", "words"),
    [
        (("session", "hours", "room"), ["To be confirmed"]),
        (("day", "hours", "room"), ["Day to be confirmed", "Hours to be confirmed", "Room to be confirmed"]),
        (("room",), ["Room to be confirmed"]),
    ],
)
def test_what_is_to_be_confirmed_is_named(to_confirm, words):
    seen = slot(to_confirm=to_confirm)
    assert (seen.state, [mark.words for mark in seen.marks]) == ("tbc", words)


def test_a_room_not_known_is_to_be_announced_and_not_twice():
    seen = slot(room="", to_confirm=("room",))
    assert (str(seen.place), seen.marks) == ("Room to be announced", ())


def test_a_cancelled_session_says_since_when_and_nothing_else():
    seen = slot(cancelled_at=at(7, 55), to_confirm=("room",))
    assert (seen.state, [mark.words for mark in seen.marks]) == ("cancelled", ["Cancelled 6 December, 07:55"])


def test_a_moved_session_shows_the_room_it_left():
    old, new = make_programme(session("opening")), make_programme(session("opening", room="roseraie"))
    release = make_release(new, changes=public_changes(old, new, at(8, 41)))
    (seen,) = slots(release, new.sessions)
    assert (seen.state, str(seen.place_before), str(seen.place)) == ("changed", "Oliveraie", "Roseraie")
    assert [mark.words for mark in seen.marks] == ["Changed 6 December, 08:41"]


def test_hours_are_those_of_the_venue_isolated_left_to_right():
    assert str(slot().hours) == (
        '<bdi dir="ltr"><time datetime="2018-12-06T10:00+01:00">10:00</time>–'
        '<time datetime="2018-12-06T12:30+01:00">12:30</time></bdi>'
    )


def test_hours_of_another_city_name_it_with_its_offset():
    seen = slot(venue="new-york", room="", zone="America/New_York")
    assert str(seen.zone) == 'New York time, <bdi dir="ltr">UTC−5</bdi>'
    assert str(seen.place) == "German House, New York"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"timing": "month", "month": date(2018, 7, 1)}, '<time datetime="2018-07">July 2018</time>'),
        ({"timing": "dated", "starts_on": date(2018, 4, 18), "ends_on": date(2018, 4, 19)}, "18–19 April 2018"),
        (
            {"timing": "dated", "starts_on": SIXTH, "ends_on": SIXTH, "day_part": "afternoon"},
            '<time datetime="2018-12-06">Thursday 6 December</time>, afternoon',
        ),
    ],
)
def test_when_says_no_more_than_is_known(fields, expected):
    seen = slot(**fields)
    assert str(times.when(seen.session, seen.programme)) == expected


def test_parallel_sessions_share_a_band_and_parts_stand_inside_theirs():
    programme = make_programme(
        session("first", position=1),
        session("second", room="roseraie", position=2),
        session("whole", room="", starts_at=at(14), ends_at=at(17)),
        session("part", parent="whole", starts_at=at(14), ends_at=at(15)),
    )
    day = day_of(make_release(programme), SIXTH, programme.on(SIXTH))
    assert [[slot.session.slug for slot in band.slots] for band in day.bands] == [["first", "second"], ["whole"]]
    assert [part.session.slug for part in day.bands[1].slots[0].parts] == ["part"]


def test_a_band_says_once_that_its_hours_are_to_be_confirmed():
    programme = make_programme(
        session("first", to_confirm=("hours",)), session("second", room="roseraie", to_confirm=("hours", "room"))
    )
    (band,) = day_of(make_release(programme), SIXTH, programme.on(SIXTH)).bands
    assert [mark.words for mark in band.marks] == ["Hours to be confirmed"]
    assert [slot.state for slot in band.slots] == ["", "tbc"]


def test_a_session_whose_hours_are_unknown_does_not_claim_the_whole_day():
    day = {"timing": "dated", "starts_on": SIXTH, "ends_on": SIXTH}
    programme = make_programme(session("open", to_confirm=("hours",), **day), session("full", **day))
    bands = day_of(make_release(programme), SIXTH, programme.on(SIXTH)).bands
    assert [(band.words, band.slots[0].session.slug) for band in bands] == [
        ("All day", "full"),
        ("Hours to be announced", "open"),
    ]


def test_internal_sessions_are_on_no_day():
    programme = make_programme(session("opening"), session("briefing", listed=False, room="roseraie"))
    assert [found.slug for found in programme.on(SIXTH)] == ["opening"]
