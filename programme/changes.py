"""What changed for readers: times, rooms, titles and cancellations of listed sessions."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import msgspec
from django.utils.translation import override

from . import times
from .compare import Verb, compare, readdressed
from .reading import said
from .snapshot import Programme, SessionNode, VenueNode

A_DAY = timedelta(days=1)  # how long a change is news


@dataclass(frozen=True)
class SessionChange:
    """All that changed for readers in one session. `before` is None when it was added.

    `at` is when the release that changed it last was published. Venues are kept because the room
    it left may stand in the older programme only.
    """

    verbs: tuple[Verb, ...]
    before: SessionNode | None
    after: SessionNode | None
    venues_before: tuple[VenueNode, ...]
    at: datetime

    @property
    def until(self) -> datetime:
        """When it ceases to be news."""
        return self.at + A_DAY

    @property
    def uuid(self) -> str:
        return self.node.uuid

    @property
    def node(self) -> SessionNode:
        node = self.after or self.before
        assert node is not None
        return node

    def has(self, *verbs: Verb) -> bool:
        return bool(set(verbs) & set(self.verbs))


def public_changes(old: Programme, new: Programme, at: datetime) -> tuple[SessionChange, ...]:
    """Changes from `old` to `new` that readers are told of, one entry for each session, in order of time.

    A session that became internal reads as taken out, one that became listed as added.
    """
    before, after = (msgspec.structs.replace(programme, sessions=programme.listed) for programme in (old, new))
    verbs: dict[str, list[Verb]] = {}
    for change in compare(before, after):
        if change.is_public and change.verb not in verbs.setdefault(change.id, []):
            verbs[change.id].append(change.verb)
    for session in renamed_places(before, after):
        if Verb.MOVED not in verbs.setdefault(session.uuid, []):
            verbs[session.uuid].append(Verb.MOVED)
    found = [
        SessionChange(tuple(done), before.by_uuid.get(uuid), after.by_uuid.get(uuid), old.venues, at)
        for uuid, done in verbs.items()
    ]
    return tuple(sorted(found, key=lambda change: change.node.sort_key))


def renamed_places(old: Programme, new: Programme) -> list[SessionNode]:
    """Listed sessions whose place is called otherwise. Judged in English: a new translation moves nobody."""
    if old.venues == new.venues:
        return []
    now = msgspec.structs.replace(old, venues=new.venues, sessions=readdressed(old, new))
    with override("en"):
        return [
            after
            for after in new.listed
            if (before := now.by_uuid.get(after.uuid))
            and before.listed
            and (before.venue, before.room) == (after.venue, after.room)
            and times.where(old.by_uuid[after.uuid], old) != times.where(before, now)
        ]


def recent(steps: Sequence[tuple[datetime, Programme]]) -> tuple[SessionChange, ...]:
    """Changes of the day before the last of `steps`: of each session, how it stood a day before its last change.

    What was changed and changed back within that day is no change, then or later. `steps` are oldest
    first and reach back two days, or to the first release.
    """
    changed: dict[str, datetime] = {}
    for (_then, old), (at, new) in itertools.pairwise(steps):
        changed.update({change.uuid: at for change in public_changes(old, new, at)})
    newest, programme = steps[-1]
    found: list[SessionChange] = []
    for at in sorted(set(changed.values())):
        if at + A_DAY > newest:
            stood = [old for then, old in steps if then <= at - A_DAY] or [steps[0][1]]
            found += [change for change in public_changes(stood[-1], programme, at) if changed.get(change.uuid) == at]
    return tuple(sorted(found, key=lambda change: change.node.sort_key))


def as_read(changes: Iterable[SessionChange]) -> list[SessionChange]:
    """What they are to readers of the active language, to whom a title that changed in another one is the same."""
    found = []
    for change in changes:
        before, after = change.before, change.after
        if before and after and said(before.title) == said(after.title):
            change = replace(change, verbs=tuple(verb for verb in change.verbs if verb is not Verb.REWORDED))
        if change.verbs:
            found.append(change)
    return found
