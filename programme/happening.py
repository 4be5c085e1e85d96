"""What is on at a moment of the summit, what comes next, and what changed. Sessions without hours are never "on"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.safestring import SafeString

from .present import ChangeLine, change_lines
from .releases import Published
from .slots import KINDS, Kind, Slot, Unconfirmed, slots
from .snapshot import SessionNode

NAMED = 3  # parallel roundtables, or changes, that are named; more are said together
NAMED_BY_TITLE = 2  # titles are longer than numbers


@dataclass(frozen=True)
class Together:
    """Sessions of one kind at one time, said in one line."""

    slots: tuple[Slot, ...]

    @property
    def first(self) -> Slot:
        return self.slots[0]

    @property
    def are_named(self) -> bool:
        return len(self.slots) <= (NAMED if self.first.session.kind == Kind.ROUNDTABLE else NAMED_BY_TITLE)

    @property
    def words(self) -> str:
        return str(KINDS[Kind(self.first.session.kind)])

    @property
    def place(self) -> SafeString:
        """The place of all of them, where they share it."""
        places = {slot.place for slot in self.slots}
        return places.pop() if len(places) == 1 else SafeString()

    @property
    def hours_open(self) -> bool:
        return any(Unconfirmed.HOURS in slot.session.to_confirm for slot in self.slots)


@dataclass(frozen=True)
class Now:
    """`next_day` is the day of what is next; `changes` are those of sessions that are not over."""

    today: date
    on: list[Together]
    next: list[Together]
    next_day: date | None
    changes: list[ChangeLine]
    all_changed_today: bool

    @property
    def first_changes(self) -> list[ChangeLine]:
        return self.changes[:NAMED]

    @property
    def more_changes(self) -> int:
        return len(self.changes[NAMED:])


def now(release: Published) -> Now | None:
    """As of the last turn of the clock. None outside the days of the programme, where nothing true can be said."""
    programme, at = release.programme, release.turn
    zone = ZoneInfo(programme.forum.zone)
    if at is None or (today := at.astimezone(zone).date()) not in programme.days:
        return None
    held = {
        session.uuid: session
        for day in programme.days
        for session in programme.on(day)
        if session.starts_at and session.ends_at and not session.is_cancelled
    }
    on = [session for session in held.values() if starts(session) <= at < ends(session) and not session.parent]
    later = [session for session in held.values() if starts(session) > at and session.kind != Kind.BREAK]
    first = min(map(starts, later), default=None)
    following = [session for session in later if session.starts_at == first]
    together = {session.uuid for session in following}
    changes = [
        line for line in change_lines(release.changes, release.programme) if not _is_over(line.session, at, today)
    ]
    return Now(
        today=today,
        on=_together(release, [session for session in on if session.kind != Kind.BREAK] or on),
        next=_together(release, [session for session in following if session.parent not in together]),
        next_day=first.astimezone(zone).date() if first else None,
        changes=changes,
        all_changed_today=all(line.change.at.astimezone(zone).date() == today for line in changes),
    )


def starts(session: SessionNode) -> datetime:
    assert session.starts_at is not None
    return session.starts_at


def ends(session: SessionNode) -> datetime:
    assert session.ends_at is not None
    return session.ends_at


def _is_over(session: SessionNode, at: datetime, today: date) -> bool:
    if session.ends_at:
        return session.ends_at <= at
    return bool(session.last_day and session.last_day < today)


def _together(release: Published, sessions: Iterable[SessionNode]) -> list[Together]:
    groups: dict[tuple[object, ...], list[Slot]] = {}
    for slot in slots(release, sessions):
        groups.setdefault((slot.session.starts_at, slot.session.ends_at, slot.session.kind), []).append(slot)
    return [Together(tuple(group)) for group in groups.values()]
