"""Sessions that are held side by side: as a list, and as a grid of rooms and hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme import dates, reading
from programme.snapshot import Programme, SessionNode

from ..sheets import Sheet
from . import words
from .agenda import AgendaExtract, DayExtract, Item, Row
from .base import Bound, Marks, Subject
from .extracts import ForumExtract, Slot
from .selections import Selection

Start = tuple[str, str]
# When a session begins of which only the part of the day is known, for the order of rows
PARTS = {"morning": "09:00", "midday": "12:00", "afternoon": "14:00", "evening": "18:00"}


class ParallelList(Selection):
    name = "parallel_list"
    label = gettext_lazy("Parallel sessions, list")

    def subjects(self, programme: Programme) -> list[Subject]:
        days = [day for day in programme.days if self.chosen(programme, day.isoformat())]
        if not days:
            return []
        each = [Subject(day.isoformat(), dates.capital(words.day(day))) for day in days]
        return [Subject("", _("All days with parallel sessions")), *each]

    def chosen(self, programme: Programme, subject: str) -> list[SessionNode]:
        days = [day for day in programme.days if subject in ("", day.isoformat())]
        return [session for day in days for session in _side_by_side(programme, day)]

    def title(self, extract: AgendaExtract) -> str:
        return words.listed([self.kicker(extract), self.heading(extract)])

    def kicker(self, extract: AgendaExtract) -> str:
        return _("Parallel sessions")

    def symbol(self, extract: AgendaExtract) -> str:
        return ""

    def filename(self, subject: str, extract: AgendaExtract) -> str:
        return _filename("parallel-sessions", extract)


def _side_by_side(programme: Programme, day: date) -> list[SessionNode]:
    """The sessions that begin on `day` and share time with another one which is no part of theirs."""
    held = [session for session in programme.on(day) if session.kind != "break" and session.first_day == day]
    return [session for session in held if any(_meet(session, other) for other in held)]


def _meet(one: SessionNode, other: SessionNode) -> bool:
    if one.uuid == other.uuid or one.uuid == other.parent or one.parent == other.uuid:
        return False
    if one.starts_at and one.ends_at and other.starts_at and other.ends_at:
        return one.starts_at < other.ends_at and other.starts_at < one.ends_at
    return bool(one.day_part) and one.day_part == other.day_part


def _filename(stem: str, extract: AgendaExtract) -> str:
    return f"{stem}-{extract.days[0].day.isoformat()}" if len(extract.days) == 1 else stem


@dataclass(frozen=True)
class Cell:
    """What is in a room from a row on, for `rows` of them. The hours of an item are empty where its row says them."""

    rows: int
    items: list[tuple[str, Row]]


@dataclass(frozen=True)
class GridRow:
    hour: str
    cells: list[Cell]


@dataclass(frozen=True)
class Table:
    """One sheet: a day, or a half of it, with the hours at its outer ends.

    Its rows are of equal height, in mm, so that those of two sheets meet.
    """

    day: str
    caption: str
    rooms: list[str]
    rows: list[GridRow]
    hours_first: bool
    hours_last: bool
    joins: str
    height: int


ROOM_FOR_ROWS = 144  # mm of a sheet below the names of the rooms, which may take three lines, and above the remarks


class ParallelGrid(ParallelList):
    name = "parallel_grid"
    label = gettext_lazy("Parallel sessions, grid")
    template = "documents/print/parallel_grid.html"
    styles = ("parallel_grid",)
    sheets = (Sheet.A3, Sheet.A4_JOINED)

    def filename(self, subject: str, extract: AgendaExtract) -> str:
        return _filename("parallel-grid", extract)

    def lines(self, item: Item) -> tuple[str, ...]:
        media = words.media(item.slot)
        return (*super().lines(item), *([words.labelled(_("Media"), media)] if media else []))

    def context(self, extract: AgendaExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        joined = marks.sheet == Sheet.A4_JOINED
        return {
            "print": marks,
            "kicker": self.kicker(extract),
            "tables": [table for day in extract.days for table in self._tables(day, extract.forum, joined)],
            "remarks": self.remarks(extract),
        }

    def _tables(self, day: DayExtract, forum: ForumExtract, joined: bool) -> list[Table]:
        rooms = _by_room(day.items)
        starts = sorted({_start(item.slot) for item in day.items})
        hours = [_hours([item.slot for item in day.items if _start(item.slot) == start]) for start in starts]
        half = -(-len(rooms) // 2) if joined else len(rooms)
        parts = [part for part in (list(rooms)[:half], list(rooms)[half:]) if part]
        joins = [_("Joins sheet 2 here"), _("Joins sheet 1 here")] if len(parts) == 2 else [""]
        return [
            Table(
                day=words.day(day.day),
                caption=_("Parallel sessions of %(day)s, rooms and hours") % {"day": words.day(day.day)},
                rooms=part,
                rows=_rows(hours, [self._column(starts, hours, rooms[room], forum) for room in part]),
                hours_first=place == 0,
                hours_last=place == len(parts) - 1,
                joins=joins[place],
                height=ROOM_FOR_ROWS // len(starts),
            )
            for place, part in enumerate(parts)
        ]

    def _column(
        self, starts: list[Start], hours: list[str], items: list[Item], forum: ForumExtract
    ) -> list[Cell | None]:
        """What a room has in each row; None where what is above goes on. What overlaps shares a cell."""
        column: list[Cell | None] = [Cell(1, []) for _start in starts]
        first, end = 0, 0
        shared: list[tuple[str, Row]] = []
        for item in items:
            row = starts.index(_start(item.slot))
            if row >= end:
                first, shared = row, []
            end = max(end, row + _rows_of(item.slot, starts[row:]))
            shared.append((_own_hours(item.slot, hours[first], forum), self._row(item, forum, _doubt(item.slot))))
            column[first:end] = [Cell(end - first, shared), *[None] * (end - first - 1)]
        return column


def _by_room(items: Iterable[Item]) -> dict[str, list[Item]]:
    """Items by the name of their room, in its order; with that of the house where there are several."""
    houses = {item.slot.venue for item in items}
    found: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda item: (not item.slot.room, item.slot.venue, item.slot.room)):
        place = item.slot
        room = words.room(place)
        if len(houses) > 1 and place.room:
            room = reading.listed([room, words.named(place, "venue")])
        found.setdefault(room, []).append(item)
    return {room: sorted(held, key=lambda item: _start(item.slot)) for room, held in found.items()}


def _start(place: Slot) -> Start:
    """By what rows are ordered: the hour, and the part of the day of what has no hours."""
    start = place.local_start
    return (dates.clock(start), "") if start else (PARTS.get(place.day_part, ""), place.day_part)


def _rows_of(place: Slot, starts: list[Start]) -> int:
    """How many of the rows from its own on have begun before it ends."""
    end = place.local_end
    if end is None:
        return 1
    clock = dates.clock(end) if end.date() == place.first_day else "24:00"
    return sum(start < (clock, "") for start in starts)


def _hours(places: list[Slot]) -> str:
    """Those that all share, else when they begin."""
    shared = {words.hours(place) for place in places}
    start = places[0].local_start
    return shared.pop() if len(shared) == 1 or start is None else words.clock(start)


def _own_hours(place: Slot, above: str, forum: ForumExtract) -> str:
    own, zone = words.hours(place), words.zone(place, forum)
    if zone:
        return f"{own} ({zone})"
    return own if own != above else ""


def _doubt(place: Slot) -> str:
    return words.to_confirm(place, "session", "day", "hours")


def _rows(hours: list[str], columns: list[list[Cell | None]]) -> list[GridRow]:
    return [GridRow(hour, [cell for cell in row if cell]) for hour, *row in zip(hours, *columns, strict=True)]
