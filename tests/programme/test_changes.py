from datetime import timedelta

import msgspec

from programme.changes import over_the_day, public_changes
from programme.compare import Verb

from .programmes import at, make_programme, session

MORNING = at(8, 41)


def test_public_changes_gather_room_and_time_of_one_session():
    old = make_programme(session("opening"))
    new = make_programme(session("opening", room="roseraie", starts_at=at(11)))

    (change,) = public_changes(old, new, MORNING)

    assert (set(change.verbs), change.before.room, change.after.room) == (
        {Verb.MOVED, Verb.RETIMED},
        "oliveraie",
        "roseraie",
    )


def test_public_changes_leave_out_drafting_and_persons():
    old = make_programme(session("opening"))
    new = make_programme(session("opening", summary={"en": "A better sentence"}, to_confirm=("hours",)))
    assert public_changes(old, new, MORNING) == ()


def test_public_changes_tell_a_session_that_became_internal_as_removed():
    old = make_programme(session("opening"))
    new = make_programme(session("opening", listed=False))
    (change,) = public_changes(old, new, MORNING)
    assert (change.verbs, change.after) == ((Verb.REMOVED,), None)


def test_public_changes_never_name_internal_sessions():
    old = make_programme(session("briefing", listed=False))
    new = make_programme(session("briefing", listed=False, room="roseraie"), session("other", listed=False))
    assert public_changes(old, new, MORNING) == ()


def test_over_the_day_forgets_what_was_changed_back():
    here = make_programme(session("opening"))
    there = make_programme(session("opening", room="roseraie"))
    steps = [(at(7), here), (at(8), there), (at(9), here)]
    assert over_the_day(steps) == ()


def test_over_the_day_keeps_the_time_of_the_release_that_made_the_change():
    old = make_programme(session("opening"), session("closing", starts_at=at(15), ends_at=at(16)))
    moved = msgspec.structs.replace(
        old, sessions=(msgspec.structs.replace(old.by_slug["opening"], room="roseraie"), old.by_slug["closing"])
    )
    cancelled = msgspec.structs.replace(
        moved,
        sessions=(moved.by_slug["opening"], msgspec.structs.replace(old.by_slug["closing"], cancelled_at=at(9))),
    )
    changes = over_the_day([(at(7), old), (at(8), moved), (at(9), cancelled)])
    assert {change.uuid: change.at for change in changes} == {"opening": at(8), "closing": at(9)}


def test_over_the_day_of_one_release_is_empty():
    assert over_the_day([(MORNING + timedelta(hours=1), make_programme(session("opening")))]) == ()
