"""A release made of chosen sessions: what they bring along, and what such a mixture must not be."""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any, TypeVar

import msgspec
from django.utils.translation import gettext as _

from .snapshot import Node, Programme, SessionNode
from .texts import cited

Some = TypeVar("Some", bound=Node)


def with_sessions(base: Programme, new: Programme, uuids: Collection[str]) -> Programme:
    """`base` with the sessions in `uuids` as `new` has them (added, replaced or taken out).

    What such a session needs and `base` lacks comes along: venue, room, theme, references and
    commitments. Everything else stays as in `base`.
    """
    chosen = set(uuids)
    kept = [session for session in base.sessions if session.uuid not in chosen]
    taken = [session for session in new.sessions if session.uuid in chosen]
    themes = [theme for theme in new.themes if theme.number in {session.theme for session in taken}]
    needing: list[Any] = [*taken, *themes]
    committed = {
        key for node in (*needing, *(one for session in taken for one in session.questions)) for key in node.commitments
    }
    return msgspec.structs.replace(
        base,
        sessions=tuple(sorted([*kept, *taken], key=lambda session: session.sort_key)),
        venues=tuple(_venues(base, new, {(session.venue, session.room) for session in taken if session.venue})),
        themes=_joined(base.themes, new.themes, "uuid", {theme.uuid for theme in themes}),
        references=_joined(base.references, new.references, "key", {key for node in needing for key in _cited(node)}),
        commitments=_joined(base.commitments, new.commitments, "key", committed),
    )


def _cited(node: Node) -> list[str]:
    """Keys of the references that any text in `node` cites."""
    return cited(msgspec.json.encode(node).decode())


def _joined(base: tuple[Some, ...], new: tuple[Some, ...], key: str, needed: Collection[str]) -> tuple[Some, ...]:
    """`base` with the nodes of `new` that are needed and missing, in the order of `new`."""
    present = {getattr(node, key) for node in base}
    missing = [node for node in new if getattr(node, key) in set(needed) - present]
    if not missing:
        return base
    order = {getattr(node, key): place for place, node in enumerate(new)}
    return tuple(sorted([*base, *missing], key=lambda node: order.get(getattr(node, key), len(order))))


def _venues(base: Programme, new: Programme, needed: set[tuple[str, str]]) -> Iterable[Any]:
    present = {venue.slug for venue in base.venues}
    for venue in base.venues:
        has = {room.slug for room in venue.rooms}
        fresh = new.venue(venue.slug)
        missing = [
            room
            for room in (fresh.rooms if fresh else ())
            if (venue.slug, room.slug) in needed and room.slug not in has
        ]
        yield msgspec.structs.replace(venue, rooms=(*venue.rooms, *missing)) if missing else venue
    for slug in sorted({venue for venue, _room in needed} - present):
        if fresh := new.venue(slug):
            yield fresh


def faults(programme: Programme) -> list[str]:
    """Why this cannot be a release. The database keeps the draft from all of it, not a mixture."""
    return [*_room_clashes(programme), *_doubles(programme)]


def _room_clashes(programme: Programme) -> Iterator[str]:
    last: dict[tuple[str, str], SessionNode] = {}
    for session in sorted(
        (session for session in programme.sessions if session.room and session.starts_at and not session.is_cancelled),
        key=lambda session: session.starts_at,  # type: ignore[arg-type,return-value]
    ):
        place = (session.venue, session.room)
        before = last.get(place)
        if before and before.ends_at > session.starts_at:  # type: ignore[operator]
            yield _("“%(first)s” and “%(second)s” would be in one room at one time. Publish both together.") % {
                "first": _title(before),
                "second": _title(session),
            }
        if before is None or session.ends_at > before.ends_at:  # type: ignore[operator]
            last[place] = session


def _doubles(programme: Programme) -> Iterator[str]:
    """Sessions of one address, roundtables, themes or references of one number."""
    kinds: list[tuple[Iterable[Any], Callable[[Any], Any]]] = [
        (programme.sessions, lambda session: session.slug),
        ((session for session in programme.sessions if session.number), lambda session: session.number),
        (programme.themes, lambda theme: theme.number),
        (programme.references, lambda reference: reference.number),
    ]
    for nodes, called in kinds:
        seen: dict[Any, Any] = {}
        for node in nodes:
            if before := seen.get(called(node)):
                yield _(
                    "“%(first)s” and “%(second)s” would both be “%(name)s”. Publish both together, or everything."
                ) % {
                    "first": _title(before),
                    "second": _title(node),
                    "name": called(node),
                }
            seen[called(node)] = node


def _title(node: Any) -> str:
    """In English: a session or theme by its title, a reference by its key."""
    return str(node.title.get("en", "") or node.uuid) if hasattr(node, "title") else str(node.key)
