"""What organisers hear before they publish."""

from collections import defaultdict
from itertools import combinations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programme.services import Problem
from programme.snapshot import Programme, SessionNode
from schedule.models import Forum

from .models import Registration, Seating


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
                "names": ", ".join(names),
            }
        )
        for (first, second), names in clashes.items()
    ]


def _title(session: SessionNode) -> str:
    return " ".join(filter(None, [session.number, session.title.get("en", session.slug)]))


def _overlap(first: SessionNode, second: SessionNode) -> bool:
    return first.starts_at < second.ends_at and second.starts_at < first.ends_at  # type: ignore[operator]


def _overlapped(one: Registration, other: Registration) -> bool:
    return bool(
        one.period and other.period and one.period.lower < other.period.upper and other.period.lower < one.period.upper
    )
