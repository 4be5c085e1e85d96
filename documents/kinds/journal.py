"""The daily journal: the meetings of a day, with what has changed late on top."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import structs

from programme.changes import SessionChange
from programme.releases import Published
from programme.snapshot import Programme

from . import words
from .agenda import AgendaExtract, AgendaOfDay, DayExtract, Item, in_order, items_of
from .base import Bound, Marks, series
from .extracts import forum_extract
from .late import Fact, Late, facts, late

# A journal lists meetings
LEFT_OUT = ("break", "side_event")


@dataclass(frozen=True)
class LateRow:
    name: str
    title: str
    title_language: str
    changed: str
    facts: list[Fact]


class Journal(AgendaOfDay):
    """Its late changes hold the sessions that were moved away from the day, too."""

    name = "journal"
    label = gettext_lazy("Journal of a day")
    template = "documents/print/journal.html"
    styles = ("journal",)

    def extract(self, published: Published, subject: str, language: str) -> AgendaExtract | None:
        programme = published.programme
        day = next((day for day in programme.days if day.isoformat() == subject), None)
        if day is None:
            return None
        forum = forum_extract(programme, language)
        found = [late(change, programme, language) for change in published.news if _concerns(change, day)]
        return AgendaExtract(
            forum=forum,
            days=tuple(_parts(programme, day, language)),
            number=str(programme.days.index(day) + 1),
            late=tuple(one for one in found if facts(one, forum, day)),
        )

    def title(self, extract: AgendaExtract) -> str:
        return words.listed([self.kicker(extract), self.heading(extract)])

    def kicker(self, extract: AgendaExtract) -> str:
        return _("Journal No. %(number)s") % {"number": extract.number}

    def heading(self, extract: AgendaExtract) -> str:
        return words.day(extract.days[0].day)

    def lines(self, item: Item) -> tuple[str, ...]:
        told = (
            (_("Who enters"), words.entry(item.slot)),
            (_("Record"), words.recorded(item.slot)),
            (_("Interpretation"), words.languages(item.slot.interpretation)),
        )
        return (*super().lines(item), *(words.labelled(label, text) for label, text in told if text))

    def remarks(self, extract: AgendaExtract) -> list[str]:
        all_days = series(extract.forum.acronym, extract.forum.starts_on, "AG/1")
        return [
            *super().remarks(extract),
            _("All days stand in the organization of work, %(symbol)s.") % {"symbol": f"\u2066{all_days}\u2069"},
        ]

    def symbol(self, extract: AgendaExtract) -> str:
        return series(extract.forum.acronym, extract.forum.starts_on, f"J/{extract.number}")

    def filename(self, subject: str, extract: AgendaExtract) -> str:
        return f"journal-{extract.days[0].day.isoformat()}"

    def context(self, extract: AgendaExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        return {
            **super().context(extract, marks, papers),
            "late": [_late_row(found, extract) for found in extract.late],
        }

    def changes(self, old: AgendaExtract, new: AgendaExtract) -> list[str]:
        if structs.replace(old, late=new.late) == new:
            return [_("late changes")]
        return super().changes(old, new)


def _concerns(change: SessionChange, day: date) -> bool:
    return any(node.is_on(day) for node in (change.before, change.after) if node)


def _parts(programme: Programme, day: date, language: str) -> list[DayExtract]:
    """Its meetings, though there may be none, and its side-events."""
    sessions = in_order(programme.on(day))
    meetings = [session for session in sessions if session.kind not in LEFT_OUT]
    side_events = [session for session in sessions if session.kind == "side_event"]
    found = [DayExtract(day=day, items=items_of(programme, meetings, language, hidden=()))]
    if side_events:
        found.append(DayExtract(day=day, items=items_of(programme, side_events, language, hidden=()), side_events=True))
    return found


def _late_row(found: Late, extract: AgendaExtract) -> LateRow:
    place = found.after or found.before
    assert place is not None
    name, title = words.heading(place)
    when = {"when": words.moment(found.at, extract.forum.zone, extract.forum.starts_on.year)}
    changed = _("Changed on %(when)s") if found.before else _("Added on %(when)s")
    return LateRow(name, title.text, title.language, changed % when, facts(found, extract.forum, extract.days[0].day))
