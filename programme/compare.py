"""What lies between two programmes, as values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import msgspec
from django.utils.translation import gettext_lazy as _

from .snapshot import Node, Programme, SessionNode


class Verb(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CANCELLED = "cancelled"
    RESTORED = "restored"
    RETIMED = "retimed"
    MOVED = "moved"
    REWORDED = "reworded"

    @property
    def label(self) -> str:
        return str(VERBS[self])


VERBS = {
    Verb.ADDED: _("Added"),
    Verb.REMOVED: _("Removed"),
    Verb.CANCELLED: _("Cancelled"),
    Verb.RESTORED: _("Held again"),
    Verb.RETIMED: _("New time"),
    Verb.MOVED: _("New room"),
    Verb.REWORDED: _("Reworded"),
}

TIME_FIELDS = ("timing", "starts_at", "ends_at", "starts_on", "ends_on", "day_part", "month", "zone")
ROOM_FIELDS = ("venue", "room")


@dataclass(frozen=True)
class Change:
    """One change of one field. `old` and `new` are the node values, None where there is none.

    `kind` names the object ("session", "theme", "section", "reference", "commitment", "venue",
    "forum"); `id` is what it is known by (a UUID, slug or key); `node` is its newest node.
    `within` names a question or outcome inside a roundtable, by number.
    """

    verb: Verb
    kind: str
    id: str
    node: Node
    field: str = ""
    old: Any = None
    new: Any = None
    within: str = ""

    @property
    def is_public(self) -> bool:
        """Time, room, title, cancellation of listed sessions; persons and drafting are for organisers.

        That a session leaves the readers’ view, or comes into it, they are told too.
        """
        if self.field == "listed":
            return True
        if not isinstance(self.node, SessionNode) or not self.node.listed:
            return False
        if self.verb is Verb.REWORDED:
            return self.field == "title"
        return not (self.verb is Verb.RETIMED and self.field == "to_confirm")


def compare(old: Programme, new: Programme) -> list[Change]:
    """Changes from `old` to `new`, sessions first, each in the order of `new`."""
    changes: list[Change] = []
    changes += _collection("session", readdressed(old, new), new.sessions, "uuid")
    changes += _fields("forum", new.forum.slug, old.forum, new.forum)
    for kind, key in (
        ("theme", "uuid"),
        ("section", "uuid"),
        ("reference", "uuid"),
        ("commitment", "key"),
        ("venue", "slug"),
    ):
        changes += _collection(kind, getattr(old, f"{kind}s"), getattr(new, f"{kind}s"), key)
    return changes


def readdressed(old: Programme, new: Programme) -> tuple[SessionNode, ...]:
    """The sessions of `old`, in rooms at the addresses that `new` gives these: another address moves nobody."""
    before = {room.uuid: (venue.slug, room.slug) for venue in old.venues for room in venue.rooms}
    after = {room.uuid: (venue.slug, room.slug) for venue in new.venues for room in venue.rooms}
    led = {was: after[uuid] for uuid, was in before.items() if uuid in after and was not in after.values()}
    led |= {(was, ""): (now, "") for (was, _room), (now, _room_now) in led.items() if not new.venue(was)}
    places = ((session, led.get((session.venue, session.room))) for session in old.sessions)
    return tuple(
        msgspec.structs.replace(session, venue=place[0], room=place[1]) if place else session
        for session, place in places
    )


def _collection(kind: str, old: tuple[Node, ...], new: tuple[Node, ...], key: str) -> list[Change]:
    before = {getattr(node, key): node for node in old}
    after = {getattr(node, key): node for node in new}
    changes: list[Change] = []
    for name, node in after.items():
        if name not in before:
            changes.append(Change(Verb.ADDED, kind, name, node))
        elif before[name] != node:
            changes += _fields(kind, name, before[name], node)
    changes += [Change(Verb.REMOVED, kind, name, node) for name, node in before.items() if name not in after]
    return changes


def _fields(kind: str, name: str, old: Node, new: Node) -> list[Change]:
    changes: list[Change] = []
    for field in msgspec.structs.fields(type(new)):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if before == after:
            continue
        if field.name in ("questions", "outcomes"):
            changes += _inner(kind, name, new, field.name, before, after)
        else:
            changes.append(Change(_verb(field.name, after), kind, name, new, field.name, before, after))
    return changes


def _inner(kind: str, name: str, node: Node, field: str, old: tuple[Any, ...], new: tuple[Any, ...]) -> list[Change]:
    """Questions and outcomes: by UUID, so that a swap reads as two moved numbers, not two new texts."""
    before = {inner.uuid: (place, inner) for place, inner in enumerate(old, 1)}
    after = {inner.uuid: (place, inner) for place, inner in enumerate(new, 1)}
    changes = []
    for uuid, (place, inner) in after.items():
        was = before.get(uuid)
        if was != (place, inner):
            old_value, new_value = _said(*was) if was else None, _said(place, inner)
            changes.append(Change(Verb.REWORDED, kind, name, node, field, old_value, new_value, str(place)))
    for uuid, (place, inner) in before.items():
        if uuid not in after:
            changes.append(Change(Verb.REWORDED, kind, name, node, field, _said(place, inner), None, str(place)))
    return changes


def _said(place: int, inner: Any) -> dict[str, Any]:
    return {"position": place, "text": inner.text, "commitments": getattr(inner, "commitments", ())}


def _verb(field: str, after: Any) -> Verb:
    if field in TIME_FIELDS or field == "to_confirm":
        return Verb.RETIMED
    if field in ROOM_FIELDS:
        return Verb.MOVED
    if field == "cancelled_at":
        return Verb.CANCELLED if after else Verb.RESTORED
    return Verb.REWORDED
