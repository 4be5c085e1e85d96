"""For staff: the run of show, by room and minute, and the sheet of interpreters and technicians, by hour and room.

Both show internal sessions, too. A code on a print is read by anybody, so what changed names none of those.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from msgspec import structs

from programme import dates
from programme.releases import Published
from programme.snapshot import Programme, SessionNode

from . import words
from .agenda import in_order
from .base import Bound, Kind, Marks, Subject
from .extracts import Extract, ForumExtract, Holder, Slot, Wording, forum_extract, holder, slot, wording


class Duty(Extract, frozen=True, kw_only=True):
    """A session as those see it who make it run."""

    slot: Slot
    roles: tuple[Holder, ...] = ()
    floor: tuple[str, ...] = ()
    internal: bool = False


class RoomExtract(Extract, frozen=True, kw_only=True):
    """A room of a house with what is in it; without a name, what has no room yet."""

    name: Wording = Wording()
    house: Wording = Wording()
    capacity: int | None = None
    capacity_confirmed: bool = False
    duties: tuple[Duty, ...]


class RunExtract(Extract, frozen=True, kw_only=True):
    forum: ForumExtract
    day: date
    rooms: tuple[RoomExtract, ...]


@dataclass(frozen=True)
class Row:
    """`free` is what is between it and the session before it in the room, `then` what follows it there."""

    start: str
    end: str
    zone: str
    room: str
    name: str
    theme: int | None
    title: str
    title_language: str
    lines: list[str]
    to_confirm: str
    cancelled: str
    internal: bool
    free: str
    then: str
    floor: str
    interpretation: str
    languages: list[str]
    record: str
    media: str


@dataclass(frozen=True)
class Room:
    name: str
    about: list[str]
    rows: list[Row]


class RunOfShow(Kind[RunExtract]):
    name = "run_of_show"
    label = gettext_lazy("Run of show")
    template = "documents/print/run_of_show.html"
    reads = RunExtract
    daily = True
    styles = ("staff",)

    def subjects(self, programme: Programme) -> list[Subject]:
        return [Subject(day.isoformat(), dates.capital(words.day(day))) for day in _days(programme)]

    def extract(self, published: Published, subject: str, language: str) -> RunExtract | None:
        programme = published.programme
        day = next((day for day in _days(programme) if day.isoformat() == subject), None)
        if day is None:
            return None
        return RunExtract(
            forum=forum_extract(programme, language), day=day, rooms=tuple(_rooms(programme, day, language))
        )

    def title(self, extract: RunExtract) -> str:
        return words.listed([str(self.label), words.day(extract.day)])

    def filename(self, subject: str, extract: RunExtract) -> str:
        return f"run-of-show-{extract.day.isoformat()}"

    def context(self, extract: RunExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        return {
            "print": marks,
            "kicker": self.label,
            "day": words.day(extract.day),
            "rooms": [_room(room, extract) for room in extract.rooms],
            "remarks": [words.hours_of(extract.forum), _("Internal sessions stand in no public programme.")],
        }

    def changes(self, old: RunExtract, new: RunExtract) -> list[str]:
        before, after = _duties(old), _duties(new)
        # Not inside the f-strings: makemessages does not look there
        added, taken_out, others = _("added"), _("taken out"), _("roles, languages and capacity")
        found = [words.told(_called(after[key][0]), added) for key in after if key not in before]
        found += [words.told(_called(before[key][0]), taken_out) for key in before if key not in after]
        for key in after:
            if key in before and before[key] != after[key]:
                duty = after[key][0]
                details = words.changes(before[key][0].slot, duty.slot, new.forum) or [others]
                found.append(words.told(_called(duty), words.listed(details)))
        return list(dict.fromkeys(found))


class TechnicalSheet(RunOfShow):
    name = "technical_sheet"
    label = gettext_lazy("Sheet of interpreters and technicians")
    template = "documents/print/technical_sheet.html"

    def extract(self, published: Published, subject: str, language: str) -> RunExtract | None:
        found = super().extract(published, subject, language)
        if found is None:
            return None
        rooms = (structs.replace(room, capacity=None, capacity_confirmed=False) for room in found.rooms)
        return structs.replace(found, rooms=tuple(rooms))

    def filename(self, subject: str, extract: RunExtract) -> str:
        return f"technical-sheet-{extract.day.isoformat()}"

    def context(self, extract: RunExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        duties = [
            (duty.slot, row)
            for room in extract.rooms
            for duty, row in zip(room.duties, _rows(room, extract), strict=True)
        ]
        duties.sort(key=lambda pair: _minute(pair[0]))
        return {**super().context(extract, marks, papers), "rows": [row for _place, row in duties]}


def _days(programme: Programme) -> list[date]:
    """Those of the programme, and those near them that have internal sessions only."""
    start = programme.forum.starts_on
    first = {session.first_day for session in programme.sessions if session.first_day}
    return sorted(day for day in first if abs((day - start).days) <= 7)


def _rooms(programme: Programme, day: date, language: str) -> Iterable[RoomExtract]:
    held = in_order(session for session in programme.sessions if session.is_on(day))
    places = {(session.venue, session.room): programme.place(session) for session in held}
    order = [venue.slug for venue in programme.venues]
    for key in sorted(places, key=lambda key: (not key[0], order.index(key[0]) if key[0] else 0, not key[1], key[1])):
        venue, room = places[key]
        yield RoomExtract(
            name=wording(room.name, language) if room else Wording(),
            house=wording(venue.name, language) if venue else Wording(),
            capacity=room.capacity if room else None,
            capacity_confirmed=bool(room and room.capacity_confirmed),
            duties=tuple(
                _duty(programme, session, language) for session in held if (session.venue, session.room) == key
            ),
        )


def _duty(programme: Programme, session: SessionNode, language: str) -> Duty:
    return Duty(
        slot=slot(programme, session, language),
        roles=tuple(holder(role, language) for role in session.roles),
        floor=session.floor_languages,
        internal=not session.listed,
    )


def _room(room: RoomExtract, extract: RunExtract) -> Room:
    name = words.marked(room.name.text, room.name.language)
    house = words.marked(room.house.text, room.house.language)
    about: list[str] = [house] if name and house else []
    if room.capacity:
        capacity = words.labelled(_("Capacity"), str(room.capacity))
        about.append(capacity if room.capacity_confirmed else f"{capacity} ({_('to be confirmed')})")
    return Room(name or house or _("To be announced"), about, _rows(room, extract))


def _rows(room: RoomExtract, extract: RunExtract) -> list[Row]:
    free, then = _turnovers(room.duties)
    where = [words.marked(text.text, text.language) for text in (room.name, room.house) if text.text]
    return [
        _row(
            duty,
            extract,
            where[0] if where else _("To be announced"),
            free.get(duty.slot.uuid, ""),
            then.get(duty.slot.uuid, ""),
        )
        for duty in room.duties
    ]


def _turnovers(duties: Iterable[Duty]) -> tuple[dict[str, str], dict[str, str]]:
    """What is before and after each session in its room. Not known where another one there has no hours."""
    held = [duty for duty in duties if not duty.slot.cancelled_at]
    if not all(duty.slot.starts_at for duty in held):
        return {}, {}
    free = {held[0].slot.uuid: _("First in the room")} if held else {}
    then = {held[-1].slot.uuid: _("Last in the room")} if held else {}
    for one, other in pairwise(held):
        end, start = one.slot.local_end, other.slot.local_start
        assert end
        assert start
        minutes = int((start - end).total_seconds() // 60)
        free[other.slot.uuid] = ngettext(
            "%(minutes)s minute from %(hour)s", "%(minutes)s minutes from %(hour)s", minutes
        ) % {"minutes": minutes, "hour": words.clock(end)}
        then[one.slot.uuid] = ngettext(
            "%(minutes)s minute, next at %(hour)s", "%(minutes)s minutes, next at %(hour)s", minutes
        ) % {"minutes": minutes, "hour": words.clock(start)}
    return free, then


def _row(duty: Duty, extract: RunExtract, room: str, free: str, then: str) -> Row:
    place = duty.slot
    name, title = words.heading(place)
    entry = words.entry(place)
    floor, interpretation = words.languages(duty.floor), words.languages(place.interpretation)
    tongues = ((_("Floor"), floor), (_("Interpretation"), interpretation))
    roles = [words.labelled(label, names) for label, names in words.holders(duty.roles).items()]
    return Row(
        start=_clock(place.local_start, extract) or words.hours(place),
        end=_clock(place.local_end, extract),
        zone=words.zone(place, extract.forum),
        room=room,
        name=name,
        theme=place.theme,
        title=title.text,
        title_language=title.language,
        lines=[*roles, *([words.labelled(_("Who enters"), entry)] if entry else [])],
        to_confirm=words.to_confirm(place, "session", "day", "hours"),
        cancelled=words.cancelled(place, extract.forum),
        internal=duty.internal,
        free=free,
        then=then,
        floor=floor,
        interpretation=interpretation,
        languages=[words.labelled(label, text) for label, text in tongues if text],
        record=words.recorded(place),
        media=words.media(place),
    )


def _clock(moment: datetime | None, extract: RunExtract) -> str:
    """With its day where that is another one."""
    if moment is None:
        return ""
    if moment.date() == extract.day:
        return words.clock(moment)
    return dates.moment(moment, words.language())


def _minute(place: Slot) -> datetime:
    """What has no hours stands first."""
    return place.starts_at or datetime.min.replace(tzinfo=UTC)


def _duties(extract: RunExtract) -> dict[str, tuple[Duty, int | None, bool]]:
    return {
        duty.slot.uuid: (duty, room.capacity, room.capacity_confirmed) for room in extract.rooms for duty in room.duties
    }


def _called(duty: Duty) -> str:
    return _("An internal session") if duty.internal else words.called(duty.slot)
