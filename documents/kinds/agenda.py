"""The agenda, whole, and of one day."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme import dates, reading
from programme.releases import Published
from programme.snapshot import Programme, SessionNode

from . import words
from .base import Bound, Kind, Marks, Subject, series
from .extracts import (
    NOT_IN_TIMETABLES,
    Extract,
    ForumExtract,
    Holder,
    Slot,
    Wording,
    forum_extract,
    holder,
    slot,
    without,
)
from .late import Late


class Item(Extract, frozen=True, kw_only=True):
    slot: Slot
    co_chairs: tuple[Holder, ...] = ()


class DayExtract(Extract, frozen=True, kw_only=True):
    """A day; with `month`, what is known by its month only, whose first day `day` is.

    With `side_events`, those of the day, where they stand apart from its meetings.
    """

    day: date
    items: tuple[Item, ...]
    month: bool = False
    side_events: bool = False


class AgendaExtract(Extract, frozen=True, kw_only=True):
    forum: ForumExtract
    days: tuple[DayExtract, ...]
    number: str = ""  # of the day among the days of the programme; empty for the whole
    of: Wording = Wording()  # the room or the theme that alone is shown
    of_number: int | None = None  # of the theme
    late: tuple[Late, ...] = ()  # of the journal


@dataclass(frozen=True)
class Row:
    name: str
    theme: int | None
    title: str
    title_language: str
    lines: tuple[str, ...]
    room: str
    house: str
    room_to_confirm: str
    to_confirm: str
    media: str
    cancelled: str


@dataclass(frozen=True)
class Hour:
    hour: str
    zone: str
    to_confirm: str
    items: list[Row]


@dataclass(frozen=True)
class Day:
    title: str
    caption: str
    slots: list[Hour]


@dataclass(frozen=True)
class AgendaPage:
    kicker: str
    title: str
    days: list[Day]
    remarks: list[str]
    without_media: bool


class Agenda(Kind[AgendaExtract]):
    name = "agenda"
    label = gettext_lazy("Organization of work, all days")
    template = "documents/print/agenda.html"
    reads = AgendaExtract

    def subjects(self, programme: Programme) -> list[Subject]:
        return [Subject("", _("All days"))]

    def extract(self, published: Published, subject: str, language: str) -> AgendaExtract | None:
        programme = published.programme
        if subject or not programme.days:
            return None
        return AgendaExtract(
            forum=forum_extract(programme, language),
            days=tuple(_day(programme, day, language) for day in programme.days),
        )

    def title(self, extract: AgendaExtract) -> str:
        return _("Organization of work, %(days)s") % {"days": _days(extract)}

    def house(self, place: Slot) -> str:
        """Where its room is; empty where that goes without saying."""
        return ""

    def lines(self, item: Item) -> tuple[str, ...]:
        """What stands below a title."""
        return tuple(words.labelled(label, names) for label, names in words.holders(item.co_chairs).items())

    def kicker(self, extract: AgendaExtract) -> str:
        return _("Organization of work")

    def heading(self, extract: AgendaExtract) -> str:
        return _days(extract)

    def remarks(self, extract: AgendaExtract) -> list[str]:
        return [words.hours_of(extract.forum), _("Side-events are not part of the official agenda.")]

    def symbol(self, extract: AgendaExtract) -> str:
        return series(extract.forum.acronym, extract.forum.starts_on, "AG/1")

    def filename(self, subject: str, extract: AgendaExtract) -> str:
        return "agenda"

    def context(self, extract: AgendaExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        return {
            "print": marks,
            "agenda": AgendaPage(
                kicker=self.kicker(extract),
                title=self.heading(extract),
                days=[self._day(day, extract.forum) for day in extract.days],
                remarks=self.remarks(extract),
                without_media=not any(item.slot.media for day in extract.days for item in day.items),
            ),
        }

    def _day(self, day: DayExtract, forum: ForumExtract) -> Day:
        title = _day_title(day)
        caption = _("Timetable of side-events") if day.side_events else _("Timetable of %(day)s") % {"day": title}
        return Day(title, caption, self._hours(day, forum))

    def _hours(self, day: DayExtract, forum: ForumExtract) -> list[Hour]:
        """Sessions that begin and end together stand under one hour, and so does a doubt they share."""
        found = []
        for (text, zone), group in groupby(
            day.items, key=lambda item: (words.hours(item.slot), words.zone(item.slot, forum))
        ):
            items = list(group)
            doubts = [words.to_confirm(item.slot, "session", "day", "hours") for item in items]
            shared = doubts[0] if len(set(doubts)) == 1 else ""
            rows = [self._row(item, forum, "" if shared else doubt) for item, doubt in zip(items, doubts, strict=True)]
            found.append(Hour(text, zone, shared, _joined(rows)))
        return found

    def _row(self, item: Item, forum: ForumExtract, to_confirm: str) -> Row:
        place = item.slot
        name, title = words.heading(place)
        return Row(
            name=name,
            theme=place.theme,
            title=title.text,
            title_language=title.language,
            lines=self.lines(item),
            room=words.room(place),
            house=self.house(place),
            room_to_confirm=words.to_confirm(place, "room") if place.room else "",
            to_confirm=to_confirm,
            media=words.media(place),
            cancelled=words.cancelled(place, forum),
        )

    def changes(self, old: AgendaExtract, new: AgendaExtract) -> list[str]:
        before, after = _by_uuid(old), _by_uuid(new)
        # Not inside the f-strings: makemessages does not look there
        added, taken_out = _("added"), _("taken out")
        found = [words.told(words.called(item.slot), added) for key, item in after.items() if key not in before]
        found += [words.told(words.called(item.slot), taken_out) for key, item in before.items() if key not in after]
        for key, item in after.items():
            if key in before and before[key] != item:
                details = words.changes(before[key].slot, item.slot, new.forum) or [_("co-chairs")]
                found.append(words.told(words.called(item.slot), words.listed(details)))
        return found


class AgendaOfDay(Agenda):
    name = "agenda_of_day"
    label = gettext_lazy("Organization of work, one day")
    daily = True

    def subjects(self, programme: Programme) -> list[Subject]:
        return [Subject(day.isoformat(), dates.capital(words.day(day))) for day in programme.days]

    def extract(self, published: Published, subject: str, language: str) -> AgendaExtract | None:
        programme = published.programme
        day = next((day for day in programme.days if day.isoformat() == subject), None)
        if day is None:
            return None
        return AgendaExtract(
            forum=forum_extract(programme, language),
            days=(_day(programme, day, language),),
            number=str(programme.days.index(day) + 1),
        )

    def symbol(self, extract: AgendaExtract) -> str:
        return series(extract.forum.acronym, extract.forum.starts_on, f"AG.{extract.number}/1")

    def filename(self, subject: str, extract: AgendaExtract) -> str:
        return f"agenda-{extract.days[0].day.isoformat()}"


def _day(programme: Programme, day: date, language: str) -> DayExtract:
    return DayExtract(day=day, items=items_of(programme, in_order(programme.on(day)), language))


def in_order(sessions: Iterable[SessionNode]) -> list[SessionNode]:
    """A session stands before the parts that begin with it."""
    return sorted(sessions, key=lambda session: (session.sort_key[:2], bool(session.parent)))


def items_of(
    programme: Programme, sessions: Iterable[SessionNode], language: str, hidden: tuple[str, ...] = NOT_IN_TIMETABLES
) -> tuple[Item, ...]:
    return tuple(
        Item(
            slot=without(slot(programme, session, language), *hidden),
            co_chairs=tuple(holder(role, language) for role in session.roles_of("co_chair")),
        )
        for session in sessions
    )


def _day_title(day: DayExtract) -> str:
    if day.side_events:
        return _("Side-events")
    return dates.month(day.day, words.language()) if day.month else words.day(day.day)


def _days(extract: AgendaExtract) -> str:
    days = [day.day for day in extract.days]
    return words.day(days[0]) if len(days) == 1 else words.days(days[0], days[-1])


def _joined(rows: list[Row]) -> list[Row]:
    """Sessions that differ in nothing but their rooms, such as side-events without a title, share a row."""
    found: dict[Row, list[str]] = {}
    for row in rows:
        found.setdefault(replace(row, room=""), []).append(row.room)
    return [
        replace(row, room=reading.listed(filter(None, [*dict.fromkeys(rooms), row.house])))
        for row, rooms in found.items()
    ]


def _by_uuid(extract: AgendaExtract) -> dict[tuple[str, str], Item]:
    return {(day.day.isoformat(), item.slot.uuid): item for day in extract.days for item in day.items}
