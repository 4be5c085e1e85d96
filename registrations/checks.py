"""What organisers hear before they publish."""

from collections import defaultdict
from dataclasses import replace
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
                    room=room.name.get("en", room.slug),
                    capacity=room.capacity,
                )
            )
    return [Problem(words) for words in found if words]


def overlapping_places(forum: Forum, programme: Programme) -> list[Problem]:
    """Persons who would hold places in two sessions at once, and do not now. Publishing is not refused."""
    held = (
        Registration.objects.confirmed()
        .filter(seating__session__forum=forum, person__isnull=False)
        .select_related("person", "seating__session")
        .order_by("pk")
    )
    by_person: dict[int, list[tuple[Registration, SessionNode]]] = defaultdict(list)
    for registration in held:
        session = programme.by_uuid.get(str(registration.seating.session.uuid))
        if session and session.starts_at and not session.is_cancelled:
            by_person[registration.person_id].append((registration, session))
    clashes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for places in by_person.values():
        for (one, first), (other, second) in combinations(places, 2):
            if _overlap(first, second) and not _overlapped(one, other):
                first, second = sorted((first, second), key=lambda session: session.sort_key)
                clashes[first.uuid, second.uuid].append(str(one.person))
    return [
        Problem(
            ngettext(
                "%(n)s delegate would hold places in “%(first)s” and “%(second)s” at the same time: %(names)s.",
                "%(n)s delegates would hold places in “%(first)s” and “%(second)s” at the same time: %(names)s.",
                len(names),
            )
            % {
                "n": len(names),
                "first": _title(programme.by_uuid[first]),
                "second": _title(programme.by_uuid[second]),
                "names": first_of(names),
            }
        )
        for (first, second), names in clashes.items()
    ]


def lost_sessions(forum: Forum, programme: Programme) -> list[Problem]:
    """Sessions that would be cancelled, and in which places are confirmed. Publishing is not refused."""
    held = set(PublishedSession.objects.filter(forum=forum, cancelled_at=None).values_list("pk", flat=True))
    return [
        Problem(
            ngettext(
                "“%(session)s” would be cancelled; %(n)s place is confirmed there: %(names)s.",
                "“%(session)s” would be cancelled; %(n)s places are confirmed there: %(names)s.",
                len(trouble.places),
            )
            % {"session": _title(trouble.node), "n": len(trouble.places), "names": _names(trouble)}
        )
        for trouble in troubles.without_session(forum, programme)
        # Others were lost before, and are among what is to be settled
        if trouble.node and trouble.session.pk in held
    ]


def places_beyond_rooms(forum: Forum, programme: Programme) -> list[Problem]:
    """Whose places would be beyond what the room holds. Publishing is not refused."""
    return [
        Problem(
            ngettext(
                "“%(session)s”: %(room)s holds %(capacity)s persons, and %(n)s place more is confirmed: %(names)s.",
                "“%(session)s”: %(room)s holds %(capacity)s persons, and %(n)s places more are confirmed: %(names)s.",
                len(trouble.places),
            )
            % {
                "session": _title(trouble.node),
                "room": reading.said(trouble.room.name),
                "capacity": trouble.room.capacity,
                "n": len(trouble.places),
                "names": _names(trouble),
            }
        )
        for trouble in troubles.beyond_room(forum, programme)
        if trouble.node and trouble.room
    ]


def closed_sessions(forum: Forum, programme: Programme) -> list[Problem]:
    """Whose places would be in a session that is not open to them, and is now. Publishing is not refused."""
    shown = PublishedSession.objects.filter(forum=forum).in_bulk()
    found = []
    for trouble in troubles.not_admitted(forum, programme):
        published = shown.get(trouble.session.pk)
        lost = tuple(
            place
            for place in trouble.places
            if published and place.delegate and not any(rules.admission(published, place.delegate))
        )
        if lost and trouble.node:
            words = ngettext(
                "“%(session)s” would not be open any more to %(n)s delegate who has a place there: %(names)s.",
                "“%(session)s” would not be open any more to %(n)s delegates who have places there: %(names)s.",
                len(lost),
            )
            names = {"names": _names(replace(trouble, places=lost))}
            found.append(Problem(words % {"session": _title(trouble.node), "n": len(lost), **names}))
    return found


def _names(trouble: troubles.Trouble) -> str:
    """Delegates by name; for places to be named, their delegations."""
    names = [
        name_of(place.person)
        if place.person
        else _("%(party)s (to be named)") % {"party": name_of(place.delegation.party)}
        for place in trouble.places
    ]
    return first_of(names)


def first_of(names: list[str]) -> str:
    """The first of many. All are found by a filter of the administration once it is published."""
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
