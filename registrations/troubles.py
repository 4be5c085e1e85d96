"""Confirmed places that a programme stands against: a draft that is to be published, or the release that is.

Nobody loses a place by it: organisers hear of these before they publish, and find them afterwards to settle.
Places of one person that overlap are a matter of `checks` before and of the flag on the place afterwards. All is
found in what `read` brings, which is read once for all that is looked for.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from programme.models import PublishedSession
from programme.snapshot import Programme, RoomNode, SessionNode
from schedule.models import Forum, Session

from . import rules
from .models import Delegation, Registration, Seating


@dataclass(frozen=True)
class Held:
    """The confirmed places of one session, the first that was confirmed first.

    `node` is None when the session is not in the programme, `room` while it has none there.
    """

    session: Session
    node: SessionNode | None
    room: RoomNode | None
    places: tuple[Registration, ...]

    @property
    def is_lost(self) -> bool:
        return self.node is None or self.node.is_cancelled


@dataclass(frozen=True)
class Trouble:
    """Places of `held` that are in trouble."""

    held: Held
    places: tuple[Registration, ...]


def without_session(sessions: Iterable[Held]) -> list[Trouble]:
    """Places in sessions that are cancelled, or not in the programme at all."""
    return [Trouble(held, held.places) for held in sessions if held.is_lost]


def beyond_room(sessions: Iterable[Held]) -> list[Trouble]:
    """Places beyond what the room of the session holds: the last that were confirmed."""
    found = []
    for held in sessions:
        capacity = held.room.capacity if held.room and not held.is_lost else None
        if capacity is not None and len(held.places) > capacity:
            found.append(Trouble(held, held.places[capacity:]))
    return found


def not_admitted(sessions: Iterable[Held]) -> list[Trouble]:
    """Places of delegates to whom the session is not open, or who are entered for other days.

    What an organiser granted by an exception is meant to be so.
    """
    found = []
    for held in sessions:
        if held.node is None or held.is_lost:
            continue
        node = held.node
        shown = PublishedSession(
            session=held.session, kind=node.kind, entry=node.entry, starts_at=node.starts_at, zone=node.zone
        )
        refused = tuple(
            place
            for place in held.places
            if place.delegate and not place.has_exception and any(rules.admission(shown, place.delegate))
        )
        if refused:
            found.append(Trouble(held, refused))
    return found


def read(forum: Forum, programme: Programme) -> list[Held]:
    """Every session in which places are confirmed.

    Four queries: sessions and delegations are read once, not beside each of thousands of places.
    """
    seatings = Seating.objects.filter(session__forum=forum).select_related("session").in_bulk()
    delegations = Delegation.objects.filter(forum=forum).select_related("party", "category").in_bulk()
    by_session: dict[Session, list[Registration]] = defaultdict(list)
    confirmed = (
        Registration.objects.confirmed()
        .with_exception()
        .filter(seating__session__forum=forum)
        .select_related("person", "delegate")
        .prefetch_related("delegate__headships")
        .order_by("confirmed_at", "pk")
    )
    for registration in confirmed:
        registration.delegation = delegations[registration.delegation_id]
        if registration.delegate:
            registration.delegate.delegation = registration.delegation
        by_session[seatings[registration.seating_id].session].append(registration)
    nodes = {session: programme.by_uuid.get(str(session.uuid)) for session in by_session}
    return [
        Held(session, node, programme.place(node)[1] if node else None, tuple(by_session[session]))
        for session, node in nodes.items()
    ]
