"""On now, next and changed, at given moments."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from programme.changes import public_changes
from programme.clock import turns
from programme.happening import now

from .programmes import at, make_programme, make_release, session

THURSDAY, FRIDAY = date(2018, 12, 6), date(2018, 12, 7)
DAY = make_programme(
    session("early", starts_at=at(8), ends_at=at(9)),
    session("on-now", room="roseraie", starts_at=at(9), ends_at=at(10)),
    session("cancelled", starts_at=at(9), ends_at=at(10), cancelled_at=at(7)),
    session("next", starts_at=at(10), ends_at=at(11)),
    session("lunch", kind="break", starts_at=at(12), ends_at=at(13)),
    session("whole", starts_at=at(13), ends_at=at(15)),
    session("first-part", parent="whole", starts_at=at(13), ends_at=at(14)),
    session("second-part", parent="whole", starts_at=at(14), ends_at=at(15)),
    session("undated-hours", timing="dated", starts_on=THURSDAY, ends_on=THURSDAY),
    session("tomorrow", starts_at=at(9, day=7), ends_at=at(10, day=7)),
)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def release_as_of(moment, programme=DAY, changes=()):
    held = make_release(programme, changes=tuple(changes))
    return replace(held, turns=turns(programme, held.changes)).as_of(moment)


def slugs(groups):
    return [slot.session.slug for group in groups for slot in group.slots]


@pytest.mark.parametrize(
    ("moment", "on", "following", "day"),
    [
        (at(7), [], ["early"], THURSDAY),
        (at(8, 45), ["early"], ["on-now"], THURSDAY),
        (at(9), ["on-now"], ["next"], THURSDAY),
        (at(10, 59), ["next"], ["whole"], THURSDAY),  # a break is not what one waits for
        (at(11, 30), [], ["whole"], THURSDAY),
        (at(12, 30), ["lunch"], ["whole"], THURSDAY),
        (at(13, 30), ["whole"], ["second-part"], THURSDAY),
        (at(16), [], ["tomorrow"], FRIDAY),
        (at(11, day=7), [], [], None),
    ],
)
def test_now_takes_sessions_by_their_hours_only(moment, on, following, day):
    seen = now(release_as_of(moment))
    assert (slugs(seen.on), slugs(seen.next), seen.next_day) == (on, following, day)


@pytest.mark.parametrize("moment", [at(23, 59, day=5), at(1, day=8)])
def test_now_says_nothing_outside_the_days_of_the_programme(moment):
    assert now(release_as_of(moment)) is None


@pytest.mark.parametrize(("kind", "count", "named"), [("roundtable", 3, True), ("roundtable", 4, False),
                                                      ("side_event", 2, True), ("side_event", 3, False)])  # fmt: skip
def test_now_names_a_few_parallel_sessions_and_says_many_together(kind, count, named):
    programme = make_programme(*(session(f"parallel-{number}", kind=kind) for number in range(count)))
    (group,) = now(release_as_of(at(11), programme)).on
    assert (len(group.slots), group.are_named) == (count, named)


def test_place_is_said_once_where_parallel_sessions_share_it():
    shared, apart = (
        now(release_as_of(at(11), make_programme(session("a"), session("b", room=room)))).on[0].place
        for room in ("oliveraie", "roseraie")
    )
    assert (str(shared), str(apart)) == ("Oliveraie", "")


def moved(at_moment, *left):
    """Changes of sessions that were in another room before."""
    old = make_programme(*(session(slug, **{**fields, "room": "roseraie"}) for slug, fields in left))
    new = make_programme(*(session(slug, **fields) for slug, fields in left))
    return new, public_changes(old, new, at_moment)


MORNING_AND_NOON = (("morning", {}), ("noon", {"starts_at": at(13), "ends_at": at(14)}))


def test_now_leaves_out_changes_of_sessions_that_are_over():
    programme, changes = moved(at(8, 41), *MORNING_AND_NOON)
    before, after = (now(release_as_of(moment, programme, changes)) for moment in (at(12, 29), at(12, 30)))
    assert [line.session.slug for line in before.changes] == ["morning", "noon"]
    assert [line.session.slug for line in after.changes] == ["noon"]


def test_changes_count_for_a_day_and_say_whether_they_are_of_today():
    programme, changes = moved(at(20, day=5), ("late", {"starts_at": at(22), "ends_at": at(23)}))
    morning = now(release_as_of(at(8, 45), programme, changes))
    assert ([line.session.slug for line in morning.changes], morning.all_changed_today) == (["late"], False)
    assert now(release_as_of(at(20), programme, changes)).changes == []


def test_a_few_changes_are_named_and_the_others_counted():
    programme, changes = moved(at(8, 41), *((f"session-{number}", {}) for number in range(5)))
    seen = now(release_as_of(at(9), programme, changes))
    assert (len(seen.first_changes), seen.more_changes, seen.all_changed_today) == (3, 2, True)


def test_release_reads_the_same_between_two_turns_and_otherwise_after():
    readings = [release_as_of(moment).reading for moment in (at(9), at(9, 59), at(10))]
    assert readings[0] == readings[1] != readings[2]
