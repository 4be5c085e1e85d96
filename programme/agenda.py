"""The programme by days and hours, whole or filtered."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from . import times
from .reading import said, say
from .releases import Published
from .slots import KINDS, MINOR, Kind, Mark, Slot, Unconfirmed, hours_unknown, slots
from .snapshot import Programme, SessionNode


@dataclass(frozen=True)
class Band:
    """Sessions that begin and end together, or share a part of a day."""

    slots: tuple[Slot, ...]
    hours: SafeString
    words: str
    small: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Day:
    day: date
    bands: tuple[Band, ...]

    @property
    def highlights(self) -> list[SafeString]:
        """What the day is about, in a few words: several of a kind by the name of their kind."""
        held = [slot.session for band in self.bands for slot in band.slots if not slot.session.is_cancelled]
        held = [session for session in held if session.kind not in MINOR] or held
        kinds = Counter(session.kind for session in held)
        words = {
            session.kind if kinds[session.kind] > 1 else session.uuid: say(session.title)
            if kinds[session.kind] == 1
            else format_html("{}", KINDS[Kind(session.kind)])
            for session in held
        }
        return list(words.values())


def day_of(release: Published, day: date, sessions: Iterable[SessionNode]) -> Day:
    """`sessions` of the day in bands; a part stands inside the session it belongs to."""
    shown = {session.uuid for session in sessions}
    top = [session for session in sessions if session.parent not in shown]
    top.sort(key=hours_unknown)
    bands = [_band(release, list(group)) for _key, group in groupby(top, key=_band_key)]
    return Day(day, tuple(bands))


def _band_key(session: SessionNode) -> tuple[object, ...]:
    return (session.starts_at, session.ends_at, session.day_part, hours_unknown(session))


def _band(release: Published, sessions: list[SessionNode]) -> Band:
    first = sessions[0]
    kinds = {session.kind for session in sessions}
    open_hours = _hours_open(sessions)
    above = frozenset({Unconfirmed.HOURS}) if open_hours or hours_unknown(first) else frozenset[str]()
    return Band(
        slots=tuple(slots(release, sessions, above)),
        hours=times.hours(first),
        words=_("Hours to be announced") if hours_unknown(first) else times.day_part(first) or _("All day"),
        small=str(KINDS[Kind(kinds.pop())]) if len(kinds) == 1 and len(sessions) > 1 else "",
        marks=(Mark("tbc", str(Unconfirmed.HOURS.label)),) if open_hours else (),
    )


def _hours_open(sessions: list[SessionNode]) -> bool:
    """Whether the heading may say "hours to be confirmed" for all that are held."""
    held = [session for session in sessions if not session.is_cancelled]
    return (
        any(Unconfirmed.SESSION not in session.to_confirm for session in held)
        and all(Unconfirmed.HOURS in session.to_confirm for session in held)
        and not hours_unknown(sessions[0])
    )


@dataclass(frozen=True)
class Filters:
    """What a reader wants to see of the programme. `is_known` is false when a value names nothing."""

    day: str = ""
    kind: str = ""
    theme: str = ""
    room: str = ""
    options: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    @property
    def is_known(self) -> bool:
        return all(
            not value or value in dict(self.options[name])
            for name, value in (("day", self.day), ("kind", self.kind), ("theme", self.theme), ("room", self.room))
        )

    def admit(self, session: SessionNode) -> bool:
        return (
            (not self.kind or session.kind == self.kind)
            and (not self.theme or str(session.theme) == self.theme)
            and (not self.room or session.room == self.room)
        )


def filters(programme: Programme, chosen: Mapping[str, str]) -> Filters:
    near = [session for day in programme.days for session in programme.on(day)]
    kinds = {session.kind for session in near}
    rooms = {room.slug: room for room in (programme.place(session)[1] for session in near) if room}
    return Filters(
        day=chosen.get("day", ""),
        kind=chosen.get("kind", ""),
        theme=chosen.get("theme", ""),
        room=chosen.get("room", ""),
        options={
            "day": tuple((day.isoformat(), times.plain_day(day)) for day in programme.days),
            "kind": tuple((str(kind), str(words)) for kind, words in KINDS.items() if kind in kinds),
            "theme": tuple((str(theme.number), said(theme.title)) for theme in programme.themes),
            "room": tuple(sorted(((slug, said(room.name)) for slug, room in rooms.items()), key=lambda pair: pair[1])),
        },
    )


def agenda(release: Published, wanted: Filters) -> list[Day]:
    """The days near the summit that have something to show."""
    programme = release.programme
    found = []
    for day in programme.days:
        if wanted.day in ("", day.isoformat()):
            sessions = [session for session in programme.on(day) if wanted.admit(session)]
            found.append(day_of(release, day, sessions))
    return [day for day in found if day.bands]


def event_groups(release: Published) -> list[tuple[str, list[Slot]]]:
    """Workshops and side-events in order, those of the year apart from those of the Summit."""
    programme = release.programme
    groups = [
        (Kind.WORKSHOP, None, _("Thematic workshops")),
        (Kind.SIDE_EVENT, False, _("Side-events of the year")),
        (Kind.SIDE_EVENT, True, _("Side-events at the Summit")),
    ]
    found = []
    for kind, at_summit, words in groups:
        sessions = [
            session
            for session in programme.listed
            if session.kind == kind and at_summit in (None, session.first_day in programme.days)
        ]
        if sessions:
            found.append((words, slots(release, sessions)))
    return found
