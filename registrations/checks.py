"""What organisers hear before they publish."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from people.foreign import name_of
from programme import reading
from programme.models import PublishedSession
from programme.services import Problem
from programme.snapshot import Programme, SessionNode
from schedule.models import Forum

from . import rules, troubles
from .models import Registration, Seating
from .troubles import Held

MANY = 12  # names that one sentence tells


def more_seats_than_room(*, session: str, seats: int, room: str, capacity: int | None) -> str:
    """The sentence that says so; empty when the room holds them all, or nobody knows what it holds."""
    if capacity is None or seats <= capacity:
        return ""
    return _("“%(session)s” has %(seats)s seats, but %(room)s holds %(capacity)s persons.") % {
        "session": session,
        "seats": seats,
        "room": room,
        "capacity": capacity,
    }


def crowded_rooms(forum: Forum, programme: Programme) -> list[Problem]:
    """Sessions with more seats than their rooms hold. Publishing is not refused."""
    found = []
    for seating in Seating.objects.filter(session__forum=forum).select_related("session"):
        session = programme.by_uuid.get(str(seating.session.uuid))
        room = programme.place(session)[1] if session and not session.is_cancelled else None
        if session and room:
            found.append(
                more_seats_than_room(
                    session=_title(session),
                    seats=seating.seats,
                    room=reading.said(room.name) or room.slug,
                    capacity=room.capacity,
                )
            )
    return [Problem(words) for words in found if words]


def places(forum: Forum, programme: Programme) -> list[Problem]:
    """Whose places the programme would leave in trouble, and does not now. Publishing is not refused."""
    held = troubles.read(forum, programme)
    shown = PublishedSession.objects.filter(forum=forum).in_bulk()
    return [*_overlapping(held), *_lost(held, shown), *_closed(held, shown), *_beyond_rooms(held)]


def _overlapping(sessions: Sequence[Held]) -> Iterator[Problem]:
    """Persons who would hold places in two sessions at once."""
    by_person: dict[int, list[tuple[Registration, SessionNode]]] = defaultdict(list)
    for held in sessions:
        if held.node and held.node.starts_at and not held.is_lost:
            for place in held.places:
                if place.person_id:
                    by_person[place.person_id].append((place, held.node))
    clashes: dict[tuple[str, str], list[str]] = defaultdict(list)
    titles: dict[str, str] = {held.node.uuid: _title(held.node) for held in sessions if held.node}
    for places in by_person.values():
        for (one, first), (other, second) in combinations(places, 2):
            if _overlap(first, second) and not _overlapped(one, other):
                first, second = sorted((first, second), key=lambda session: session.sort_key)
                clashes[first.uuid, second.uuid].append(name_of(one.person))
    for (earlier, later), names in clashes.items():
        words = ngettext(
            "%(n)s delegate would hold places in “%(first)s” and “%(second)s” at the same time: %(names)s.",
            "%(n)s delegates would hold places in “%(first)s” and “%(second)s” at the same time: %(names)s.",
            len(names),
        )
        yield _problem(words, names, first=titles[earlier], second=titles[later])


def _lost(sessions: Sequence[Held], shown: Mapping[int, PublishedSession]) -> Iterator[Problem]:
    """Sessions that would be cancelled. Others were lost before, and are among what is to be settled."""
    for trouble in troubles.without_session(sessions):
        now = shown.get(trouble.held.session.pk)
        if trouble.held.node and now and now.cancelled_at is None:
            words = ngettext(
                "“%(session)s” would be cancelled; %(n)s place is confirmed there: %(names)s.",
                "“%(session)s” would be cancelled; %(n)s places are confirmed there: %(names)s.",
                len(trouble.places),
            )
            yield _problem(words, _names(trouble.places), session=_title(trouble.held.node))


def _closed(sessions: Sequence[Held], shown: Mapping[int, PublishedSession]) -> Iterator[Problem]:
    """Sessions that would not be open any more to those who have places there."""
    for trouble in troubles.not_admitted(sessions):
        now = shown.get(trouble.held.session.pk)
        losing = [
            place
            for place in trouble.places
            if now and place.delegate and not any(rules.admission(now, place.delegate))
        ]
        if losing and trouble.held.node:
            words = ngettext(
                "“%(session)s” would not be open any more to %(n)s delegate who has a place there: %(names)s.",
                "“%(session)s” would not be open any more to %(n)s delegates who have places there: %(names)s.",
                len(losing),
            )
            yield _problem(words, _names(losing), session=_title(trouble.held.node))


def _beyond_rooms(sessions: Sequence[Held]) -> Iterator[Problem]:
    """Places beyond what the room would hold."""
    for trouble in troubles.beyond_room(sessions):
        node, room = trouble.held.node, trouble.held.room
        if node and room:
            words = ngettext(
                "“%(session)s”: %(room)s holds %(capacity)s persons, and %(n)s place more is confirmed: %(names)s.",
                "“%(session)s”: %(room)s holds %(capacity)s persons, and %(n)s places more are confirmed: %(names)s.",
                len(trouble.places),
            )
            where = {"room": reading.said(room.name), "capacity": room.capacity}
            yield _problem(words, _names(trouble.places), session=_title(node), **where)


def _problem(words: str, names: Sequence[str], **values: object) -> Problem:
    """The sentence tells the first of many; all are listed with it."""
    told = {**values, "n": len(names), "names": first_of(names)}
    return Problem(words % told, listed=tuple(names) if len(names) > MANY else ())


def _names(places: Iterable[Registration]) -> list[str]:
    """Delegates by name; for places to be named, their delegations."""
    return [
        name_of(place.person)
        if place.person
        else _("%(party)s (to be named)") % {"party": name_of(place.delegation.party)}
        for place in places
    ]


def first_of(names: Sequence[str]) -> str:
    """The first of many, and how many more there are."""
    if rest := len(names[MANY:]):
        names = [*names[:MANY], ngettext("and %(n)s more", "and %(n)s more", rest) % {"n": rest}]
    return pgettext("between the items of a list", ", ").join(names)


def _title(session: SessionNode) -> str:
    return " ".join(filter(None, [session.number, reading.said(session.title) or session.slug]))


def _overlap(first: SessionNode, second: SessionNode) -> bool:
    return first.starts_at < second.ends_at and second.starts_at < first.ends_at  # type: ignore[operator]


def _overlapped(one: Registration, other: Registration) -> bool:
    return bool(
        one.period and other.period and one.period.lower < other.period.upper and other.period.lower < one.period.upper
    )
