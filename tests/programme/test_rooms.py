"""What the screen at the door of a room says, at given moments."""

from dataclasses import replace

import pytest

from programme.changes import public_changes
from programme.clock import turns
from programme.rooms import door

from .programmes import PALMERAIE, at, make_programme, make_release, session

OLIVERAIE, ROSERAIE = ((PALMERAIE, room) for room in PALMERAIE.rooms)
DAY = (
    session("early", starts_at=at(8), ends_at=at(9)),
    session("elsewhere", room="roseraie", starts_at=at(8), ends_at=at(9)),
    session("cancelled", starts_at=at(9), ends_at=at(10), cancelled_at=at(7)),
    session("whole", starts_at=at(13), ends_at=at(15)),
    session("part", parent="whole", starts_at=at(13), ends_at=at(14)),
    session("internal", listed=False, starts_at=at(16), ends_at=at(17)),
    session("tomorrow", starts_at=at(9, day=7), ends_at=at(10, day=7)),
)


def seen(moment, place=OLIVERAIE, programme=make_programme(*DAY), changes=()):  # noqa: B008  (frozen)
    held = make_release(programme, changes=tuple(changes))
    return door(replace(held, turns=turns(programme, held.changes)).as_of(moment), place)


def slugs(slots):
    return [slot.session.slug for slot in slots]


@pytest.mark.parametrize(
    ("moment", "on", "following", "planned"),
    [
        (at(7, day=2), [], ["early"], ["early", "cancelled", "whole", "tomorrow"]),
        (at(8, 45), ["early"], ["part"], ["early", "cancelled", "whole", "tomorrow"]),
        (at(9, 30), [], ["part"], ["early", "cancelled", "whole", "tomorrow"]),
        (at(13, 30), ["part"], ["tomorrow"], ["early", "cancelled", "whole", "tomorrow"]),
        (at(14, 30), ["whole"], ["tomorrow"], ["early", "cancelled", "whole", "tomorrow"]),
        (at(16, 30), [], ["tomorrow"], ["early", "cancelled", "whole", "tomorrow"]),
        (at(11, day=7), [], [], ["tomorrow"]),
        (at(11, day=9), [], [], []),
    ],
)
def test_screen_knows_its_own_room_only_and_nothing_internal(moment, on, following, planned):
    found = seen(moment)
    listed = [slot for _day, slots in found.days for slot in slots]

    assert (slugs(found.on), slugs(found.next)) == (on, following)
    assert [slug for slug in slugs(listed) if slug != "part"] == planned


def test_session_that_moved_is_told_at_both_doors_and_no_longer_when_it_is_over():
    before = make_programme(*DAY)
    moved = make_programme(*(session for session in DAY if session.slug != "whole"),
                           session("whole", room="roseraie", starts_at=at(13), ends_at=at(15)))  # fmt: skip
    changes = public_changes(before, moved, at(8, 41))

    for place in (OLIVERAIE, ROSERAIE):
        assert [line.session.slug for line in seen(at(9), place, moved, changes).changes] == ["whole"]
        assert seen(at(15, 30), place, moved, changes).changes == []
    assert seen(at(9), OLIVERAIE, before, ()).changes == []
