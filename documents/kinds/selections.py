"""What of the programme belongs together: side-events, a room, a theme."""

from abc import abstractmethod
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import structs

from programme.releases import Published
from programme.snapshot import Programme, SessionNode

from . import words
from .agenda import Agenda, AgendaExtract, DayExtract, items_of
from .base import About, Subject, series
from .extracts import Slot, forum_extract, wording


class Selection(Agenda):
    """What of the programme belongs together, day by day, wherever in the year it is."""

    @abstractmethod
    def chosen(self, programme: Programme, subject: str) -> list[SessionNode]: ...

    def extract(self, published: Published, subject: str, language: str) -> AgendaExtract | None:
        programme = published.programme
        sessions = self.chosen(programme, subject)
        if not sessions:
            return None
        return AgendaExtract(forum=forum_extract(programme, language), days=_days_of(programme, sessions, language))


class SideEvents(Selection):
    name = "side_events"
    label = gettext_lazy("Programme of side-events")

    def subjects(self, programme: Programme) -> list[Subject]:
        return [Subject("", _("All side-events"))]

    def chosen(self, programme: Programme, subject: str) -> list[SessionNode]:
        return [] if subject else [session for session in programme.listed if session.kind == "side_event"]

    def title(self, extract: AgendaExtract) -> str:
        return _("Programme of side-events")

    def house(self, place: Slot) -> str:
        """They are held in many cities."""
        return words.house(place)

    def kicker(self, extract: AgendaExtract) -> str:
        return _("Beside the official agenda")

    def heading(self, extract: AgendaExtract) -> str:
        return _("Programme of side-events")

    def remarks(self, extract: AgendaExtract) -> list[str]:
        return [words.hours_of(extract.forum), _("Those who hold a side-event are answerable for it.")]

    def symbol(self, extract: AgendaExtract) -> str:
        return series(extract.forum.acronym, extract.forum.starts_on, "SE/1")

    def filename(self, subject: str, extract: AgendaExtract) -> str:
        return "side-events"


class AgendaOfRoom(Selection):
    name = "agenda_of_room"
    label = gettext_lazy("Programme of a room")
    about = About.ROOM

    def subjects(self, programme: Programme) -> list[Subject]:
        language = words.language()
        return [
            Subject(f"{venue.slug}/{room.slug}", wording(room.name, language).text)
            for venue in programme.venues
            for room in venue.rooms
            if self.chosen(programme, f"{venue.slug}/{room.slug}")
        ]

    def chosen(self, programme: Programme, subject: str) -> list[SessionNode]:
        return [session for session in programme.listed if f"{session.venue}/{session.room}" == subject]

    def extract(self, published: Published, subject: str, language: str) -> AgendaExtract | None:
        programme = published.programme
        found = super().extract(published, subject, language)
        if found is None:
            return None
        _venue, room = programme.place(self.chosen(programme, subject)[0])
        return structs.replace(found, of=wording(room.name, language)) if room else None

    def title(self, extract: AgendaExtract) -> str:
        return _("Programme of the room %(room)s") % {"room": extract.of.text}

    def kicker(self, extract: AgendaExtract) -> str:
        return _("Programme of the room")

    def heading(self, extract: AgendaExtract) -> str:
        return extract.of.text

    def symbol(self, extract: AgendaExtract) -> str:
        return ""

    def filename(self, subject: str, extract: AgendaExtract) -> str:
        return f"room-{subject.rpartition('/')[2]}"


class AgendaOfTheme(Selection):
    name = "agenda_of_theme"
    label = gettext_lazy("Programme of a theme")

    def subjects(self, programme: Programme) -> list[Subject]:
        language = words.language()
        return [Subject(str(theme.number), wording(theme.title, language).text) for theme in programme.themes]

    def chosen(self, programme: Programme, subject: str) -> list[SessionNode]:
        return [session for session in programme.listed if str(session.theme) == subject]

    def extract(self, published: Published, subject: str, language: str) -> AgendaExtract | None:
        programme = published.programme
        found = super().extract(published, subject, language)
        theme = programme.theme(int(subject)) if found else None
        if found is None or theme is None:
            return None
        return structs.replace(found, of=wording(theme.title, language), of_number=theme.number)

    def title(self, extract: AgendaExtract) -> str:
        return _("Programme of theme %(number)s") % {"number": extract.of_number}

    def kicker(self, extract: AgendaExtract) -> str:
        return _("Theme %(number)s") % {"number": extract.of_number}

    def heading(self, extract: AgendaExtract) -> str:
        return extract.of.text

    def symbol(self, extract: AgendaExtract) -> str:
        return series(extract.forum.acronym, extract.forum.starts_on, f"TH.{extract.of_number}/1")

    def filename(self, subject: str, extract: AgendaExtract) -> str:
        return f"theme-{extract.of_number}"


def _days_of(programme: Programme, sessions: Iterable[SessionNode], language: str) -> tuple[DayExtract, ...]:
    """Each session once, on the day on which it begins, or under its month."""
    by_day: dict[tuple[date, bool], list[SessionNode]] = {}
    for session in sorted(sessions, key=lambda session: session.sort_key):
        day = session.first_day or session.month
        if day:
            by_day.setdefault((day, session.first_day is None), []).append(session)
    return tuple(
        DayExtract(day=day, month=is_month, items=items_of(programme, found, language))
        for (day, is_month), found in sorted(by_day.items())
    )
