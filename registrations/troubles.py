"""Confirmed places that a programme stands against: a draft that is to be published, or the release that is.

Nobody loses a place by it: organisers hear of these before they publish, and find them afterwards to settle.
Places of one person that overlap are a matter of `checks` before and of the flag on the place afterwards.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from programme.models import PublishedSession
from programme.snapshot import Programme, RoomNode, SessionNode
from schedule.models import Forum, Session

from . import rules
from .models import Delegation, Registration, Seating


@dataclass(frozen=True)
class Trouble:
    """Places in one session. `node` is None when it is not in the programme; `room` is set where it is too small."""

    session: Session
    node: SessionNode | None
    places: tuple[Registration, ...]
    room: RoomNode | None = None


def without_session(forum: Forum, programme: Programme) -> list[Trouble]:
    """Places in sessions that are cancelled, or not in the programme at all."""
    return [
        Trouble(session, node, places)
        for session, node, places in _held(forum, programme)
        if node is None or node.is_cancelled
    ]


def beyond_room(forum: Forum, programme: Programme) -> list[Trouble]:
    """Places beyond what the room of the session holds: the last that were confirmed."""
    found = []
    for session, node, places in _held(forum, programme):
        room = programme.place(node)[1] if node and not node.is_cancelled else None
        if room and room.capacity is not None and len(places) > room.capacity:
            found.append(Trouble(session, node, places[room.capacity :], room))
    return found


def not_admitted(forum: Forum, programme: Programme) -> list[Trouble]:
    """Places of delegates to whom the session is not open, or who are entered for other days.

    What an organiser granted by an exception is meant to be so.
    """
    found = []
    for session, node, places in _held(forum, programme):
        if node is None or node.is_cancelled:
            continue
        shown = PublishedSession(
            session=session, kind=node.kind, entry=node.entry, starts_at=node.starts_at, zone=node.zone
        )
        refused = tuple(
            place
            for place in places
            if place.delegate and not place.has_exception and any(rules.admission(shown, place.delegate))
        )
        if refused:
            found.append(Trouble(session, node, refused))
    return found


def _held(forum: Forum, programme: Programme) -> Iterator[tuple[Session, SessionNode | None, tuple[Registration, ...]]]:
    """Each session with its confirmed places, the first that was confirmed first.

    Four queries: sessions and delegations are read once, not beside each of thousands of places.
    """
    seatings = Seating.objects.filter(session__forum=forum).select_related("session").in_bulk()
    delegations = Delegation.objects.filter(forum=forum).select_related("party", "category").in_bulk()
    by_session: dict[Session, list[Registration]] = defaultdict(list)
    held = (
        Registration.objects.confirmed()
        .with_exception()
        .filter(seating__session__forum=forum)
        .select_related("person", "delegate")
        .prefetch_related("delegate__headships")
        .order_by("confirmed_at", "pk")
    )
    for registration in held:
        registration.delegation = delegations[registration.delegation_id]
        if registration.delegate:
            registration.delegate.delegation = registration.delegation
        by_session[seatings[registration.seating_id].session].append(registration)
    for session, places in by_session.items():
        yield session, programme.by_uuid.get(str(session.uuid)), tuple(places)
