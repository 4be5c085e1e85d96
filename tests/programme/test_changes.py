import msgspec
import pytest
from django.utils.translation import override

from programme.changes import as_read, public_changes, recent
from programme.compare import Verb, compare

from .programmes import NEW_YORK, PALMERAIE, at, make_programme, session

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


def with_room_called(programme, **name):
    room = msgspec.structs.replace(PALMERAIE.rooms[0], name=name)
    house = msgspec.structs.replace(PALMERAIE, rooms=(room, *PALMERAIE.rooms[1:]))
    return msgspec.structs.replace(programme, venues=(house, NEW_YORK))


def test_public_changes_tell_that_a_room_is_called_otherwise():
    old = make_programme(session("opening"), session("briefing", listed=False), session("tea", room="roseraie"))

    (change,) = public_changes(old, with_room_called(old, en="Olive hall"), MORNING)

    assert (change.uuid, change.verbs) == ("opening", (Verb.MOVED,))


def test_public_changes_leave_out_a_new_translation_of_a_room():
    old = make_programme(session("opening"))
    new = with_room_called(old, en="Oliveraie", fr="L’Oliveraie")
    with override("fr"):
        assert public_changes(old, new, MORNING) == ()


def test_a_title_that_changed_in_another_language_is_the_same_to_who_reads():
    old = make_programme(session("opening", title={"en": "Opening", "es": "Apertura"}))
    title = {"en": "Opening session", "es": "Apertura", "fr": "Séance d’ouverture"}
    reworded = public_changes(old, make_programme(session("opening", title=title)), MORNING)
    moved = public_changes(old, make_programme(session("opening", title=title, room="roseraie")), MORNING)

    told = {}
    for language in ("en", "es", "fr"):
        with override(language):
            told[language] = [{*change.verbs} for change in (*as_read(reworded), *as_read(moved))]

    both = [{Verb.REWORDED}, {Verb.REWORDED, Verb.MOVED}]
    assert told == {"en": both, "es": [{Verb.MOVED}], "fr": both}


def at_another_address(programme, house, **changes):
    """The same house under `house`, its first room at `olive-hall`; `changes` of that room."""
    room = msgspec.structs.replace(PALMERAIE.rooms[0], slug="olive-hall", **changes)
    venue = msgspec.structs.replace(PALMERAIE, slug=house, rooms=(room, *PALMERAIE.rooms[1:]))
    sessions = {"opening": (house, "olive-hall"), "tea": (house, "roseraie"), "lunch": (house, "")}
    placed = (
        msgspec.structs.replace(one, venue=venue, room=room)
        for one in programme.sessions
        for venue, room in [sessions[one.uuid]]
    )
    return msgspec.structs.replace(programme, venues=(venue, NEW_YORK), sessions=tuple(placed))


@pytest.mark.parametrize("house", ["palmeraie", "palm-house"])
def test_another_address_of_a_room_or_a_venue_moves_nobody(house):
    old = make_programme(session("opening"), session("tea", room="roseraie"), session("lunch", room=""))

    new = at_another_address(old, house)
    assert public_changes(old, new, MORNING) == ()
    assert {change.kind for change in compare(old, new)} == {"venue"}

    (change,) = public_changes(old, at_another_address(old, house, name={"en": "Olive hall"}), MORNING)
    assert (change.uuid, change.verbs, change.before.room) == ("opening", (Verb.MOVED,), "oliveraie")


@pytest.mark.parametrize("listed", [True, False])
def test_session_that_enters_or_leaves_the_view_is_told_to_readers(listed):
    old, new = (make_programme(session("opening", listed=one)) for one in (not listed, listed))
    (change,) = compare(old, new)
    assert change.is_public


def test_internal_session_that_moves_is_not_told():
    old = make_programme(session("opening", listed=False))
    (change,) = compare(old, make_programme(session("opening", listed=False, room="roseraie")))
    assert not change.is_public


HERE = make_programme(session("opening"))
THERE = make_programme(session("opening", room="roseraie"))
ELSEWHERE = make_programme(session("opening", room="roseraie", starts_at=at(11)))


def told(*steps):
    return [(change.uuid, set(change.verbs), change.before.room, change.at) for change in recent(steps)]


def test_recent_forgets_what_was_changed_back():
    assert told((at(7), HERE), (at(8), THERE), (at(9), HERE)) == []


def test_recent_does_not_dig_out_later_what_was_changed_back_within_a_day():
    unrelated = make_programme(session("opening"), session("tea", listed=False))
    steps = [(at(8, day=5), HERE), (at(9, day=5), THERE), (at(20, day=5), HERE), (at(10, day=6), unrelated)]
    assert told(*steps) == []


def test_recent_gathers_the_releases_of_a_day_against_the_one_that_stood_before():
    steps = [(at(8, day=4), HERE), (at(20, day=5), THERE), (at(8, day=6), ELSEWHERE)]
    assert told(*steps) == [("opening", {Verb.MOVED, Verb.RETIMED}, "oliveraie", at(8, day=6))]


def test_recent_tells_in_the_morning_what_was_changed_in_the_evening():
    unrelated = make_programme(session("opening", room="roseraie"), session("tea", listed=False))
    steps = [(at(8, day=4), HERE), (at(23, day=5), THERE), (at(8, day=6), unrelated)]
    assert told(*steps) == [("opening", {Verb.MOVED}, "oliveraie", at(23, day=5))]


def test_recent_leaves_out_what_is_older_than_a_day():
    steps = [(at(7, day=5), HERE), (at(8, day=5), THERE), (at(8, day=6), ELSEWHERE)]
    assert told(*steps) == [("opening", {Verb.RETIMED}, "roseraie", at(8, day=6))]
    unrelated = make_programme(session("opening", room="roseraie"), session("tea", listed=False))
    assert told(*steps[:2], (at(8, day=6), unrelated)) == []


def test_recent_keeps_the_time_of_the_release_that_made_each_change():
    old = make_programme(session("opening"), session("closing", starts_at=at(15), ends_at=at(16)))
    moved = msgspec.structs.replace(
        old, sessions=(msgspec.structs.replace(old.by_slug["opening"], room="roseraie"), old.by_slug["closing"])
    )
    cancelled = msgspec.structs.replace(
        moved,
        sessions=(moved.by_slug["opening"], msgspec.structs.replace(old.by_slug["closing"], cancelled_at=at(9))),
    )
    changes = recent([(at(7), old), (at(8), moved), (at(9), cancelled)])
    assert {change.uuid: change.at for change in changes} == {"opening": at(8), "closing": at(9)}


def test_recent_of_one_release_is_empty():
    assert recent([(MORNING, HERE)]) == ()
