"""Door signs: the day of a room, to be read while walking up to its door."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.direction import plain
from programme import reading
from programme.changes import SessionChange
from programme.compare import TIME_FIELDS
from programme.releases import Published
from programme.snapshot import Programme, RoomNode, SessionNode
from schedule.models import Session

from . import words
from .agenda import in_order
from .base import About, Bound, Kind, Marks, Subject
from .extracts import Extract, ForumExtract, Slot, Wording, forum_extract, slot, without, wording
from .late import late, when

LONG = 24  # letters of the name of a session that fill two lines at full size


class Entry(Extract, frozen=True, kw_only=True):
    """`news` is "arrived" for a session that is new in the room on that day, "retimed" for one at new hours."""

    slot: Slot
    news: str = ""


class Gone(Extract, frozen=True, kw_only=True):
    """A session that was here on the day; `after` is None when it is no longer in the programme."""

    before: Slot
    after: Slot | None = None
    stays: bool = False  # in the room, at other hours


class SignExtract(Extract, frozen=True, kw_only=True):
    forum: ForumExtract
    day: date
    room: Wording
    entries: tuple[Entry, ...] = ()
    gone: tuple[Gone, ...] = ()


@dataclass(frozen=True)
class Row:
    hour: str
    zone: str
    name: str
    is_long: bool
    theme: int | None
    title: str
    title_language: str
    lines: list[str]
    tags: list[str]
    news: str
    cancelled: str


@dataclass(frozen=True)
class Leaver:
    name: str
    is_long: bool
    title: str
    title_language: str
    whither: str


@dataclass(frozen=True)
class Door:
    """A room, by its venue and itself (“palmeraie/oliveraie”), on a day."""

    place: str
    day: date

    def has(self, session: SessionNode | None) -> bool:
        return bool(session and session.is_on(self.day) and f"{session.venue}/{session.room}" == self.place)

    def news(self, change: SessionChange | None) -> str:
        """What is new about a session that is here."""
        if change is None or change.after is None:
            return ""
        if not _was_held(change) or not self.has(change.before):
            return "arrived"
        return "retimed" if _is_retimed(change) else ""

    def is_left_by(self, change: SessionChange) -> bool:
        """Whether somebody would still look for it here, or here at the old hours."""
        if not _was_held(change) or not self.has(change.before):
            return False
        if not self.has(change.after):
            return True
        return _is_retimed(change) and not (change.after and change.after.is_cancelled)


def _was_held(change: SessionChange) -> bool:
    return bool(change.before and not change.before.is_cancelled)


def _is_retimed(change: SessionChange) -> bool:
    return any(getattr(change.before, field) != getattr(change.after, field) for field in TIME_FIELDS)


class DoorSign(Kind[SignExtract]):
    """The subject is the room and the day: “palmeraie/oliveraie/2018-12-06”."""

    name = "door_sign"
    label = gettext_lazy("Door sign")
    template = "documents/print/door_sign.html"
    reads = SignExtract
    about = About.ROOM
    daily = True
    styles = ("door_sign",)

    def subjects(self, programme: Programme) -> list[Subject]:
        rooms = {
            f"{venue.slug}/{room.slug}": wording(room.name, words.language()).text
            for venue in programme.venues
            for room in venue.rooms
        }
        return [
            Subject(f"{place}/{day.isoformat()}", words.listed([rooms[place], words.day(day)]))
            for day in programme.days
            for place in rooms
            if any(Door(place, day).has(session) for session in programme.on(day))
        ]

    def extract(self, published: Published, subject: str, language: str) -> SignExtract | None:
        programme = published.programme
        door, room = _door(subject), _room(programme, subject)
        if door is None or room is None:
            return None
        news = {change.uuid: change for change in published.news}
        here = in_order(session for session in programme.listed if door.has(session))
        entries = tuple(
            Entry(slot=_shown(programme, session, language), news=door.news(news.get(session.uuid))) for session in here
        )
        gone = tuple(_gone(change, programme, language) for change in published.news if door.is_left_by(change))
        if not entries and not gone:
            return None
        return SignExtract(
            forum=forum_extract(programme, language),
            day=door.day,
            room=wording(room.name, language),
            entries=entries,
            gone=gone,
        )

    def title(self, extract: SignExtract) -> str:
        return _("Door sign of the room %(room)s, %(day)s") % {
            "room": extract.room.text,
            "day": words.day(extract.day),
        }

    def filename(self, subject: str, extract: SignExtract) -> str:
        _venue, room, day = subject.split("/")
        return f"door-sign-{room}-{day}"

    def context(self, extract: SignExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        return {
            "print": marks,
            "room": words.marked(extract.room.text, extract.room.language),
            "size": _size(extract.room.text),
            "day": words.day(extract.day),
            "rows": [_row(entry, extract.forum) for entry in extract.entries],
            "gone": [_leaver(gone, extract) for gone in extract.gone],
        }

    def changes(self, old: SignExtract, new: SignExtract) -> list[str]:
        before, after = ({entry.slot.uuid: entry.slot for entry in sign.entries} for sign in (old, new))
        whither = {gone.before.uuid: _whither(gone, new) for gone in new.gone}
        # Not inside the f-strings: makemessages does not look there
        added, no_longer_here = _("new here"), _("no longer here")
        found = [words.told(words.called(place), added) for uuid, place in after.items() if uuid not in before]
        found += [
            words.told(words.called(place), plain(whither.get(uuid, no_longer_here)))
            for uuid, place in before.items()
            if uuid not in after
        ]
        for uuid, place in after.items():
            if uuid in before and (details := words.changes(before[uuid], place, new.forum)):
                found.append(words.told(words.called(place), words.listed(details)))
        return found or [_("late changes")]


def _door(subject: str) -> Door | None:
    place, _slash, day = subject.rpartition("/")
    with suppress(ValueError):
        return Door(place, date.fromisoformat(day)) if len(day) == len("2018-12-06") else None
    return None


def _room(programme: Programme, subject: str) -> RoomNode | None:
    venue_slug, *rest = subject.split("/")
    venue = programme.venue(venue_slug)
    return next((room for room in venue.rooms if room.slug == rest[0]), None) if venue else None


def _shown(programme: Programme, session: SessionNode, language: str) -> Slot:
    """Without what is of no concern to who stands at the door."""
    return without(slot(programme, session, language), "record", "interpretation", "parent")


def _gone(change: SessionChange, programme: Programme, language: str) -> Gone:
    found = late(change, programme, language)
    assert change.before
    assert found.before
    stays = change.after and (change.before.venue, change.before.room) == (change.after.venue, change.after.room)
    return Gone(before=found.before, after=found.after, stays=bool(stays))


def _size(room: str) -> str:
    """The class that gives its name as much of the sheet as it can take."""
    if len(room) <= 11:
        return "short"
    return "middle" if len(room) <= 36 and max(map(len, room.split())) <= 16 else "long"


def _row(entry: Entry, forum: ForumExtract) -> Row:
    place = entry.slot
    name, title = words.heading(place)
    doubts = [words.to_confirm(place, "session", "day", "hours")]
    if Session.Unconfirmed.ROOM in place.to_confirm:
        doubts.append(str(Session.Unconfirmed.ROOM.label))
    said = {"arrived": _("New here"), "retimed": _("New time")}
    return Row(
        hour=words.hours(place),
        zone=words.zone(place, forum),
        name=name,
        is_long=len(plain(name)) > LONG,
        theme=place.theme,
        title=title.text,
        title_language=title.language,
        lines=[line for line in (words.entry(place), words.open_to_media(place)) if line],
        tags=[doubt for doubt in doubts if doubt],
        news=said.get(entry.news, ""),
        cancelled=words.cancelled(place, forum),
    )


def _leaver(gone: Gone, extract: SignExtract) -> Leaver:
    place = gone.after or gone.before
    name, title = words.heading(place)
    return Leaver(name, len(plain(name)) > LONG, title.text, title.language, _whither(gone, extract))


def _whither(gone: Gone, extract: SignExtract) -> str:
    """“Oliveraie, 10:00–12:30”."""
    after = gone.after
    if after is None:
        return _("no longer in the programme")
    if after.cancelled_at:
        return words.cancelled(after, extract.forum)
    where = words.room if after.venue == gone.before.venue else words.place
    return reading.listed([_("here") if gone.stays else where(after), when(after, extract.forum, extract.day)])
