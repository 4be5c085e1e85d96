"""What a page shows of a release, as frozen values. Templates only lay them out."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

import msgspec
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import ngettext

from schedule.models import LANGUAGE_CHOICES, Role, Session

from . import texts, times
from .changes import SessionChange
from .compare import Verb
from .reading import choose, listed, role, said, say
from .releases import Published
from .snapshot import CommitmentNode, Programme, ReferenceNode, SessionNode, Text

Kind = Session.Kind
Unconfirmed = Session.Unconfirmed
LANGUAGE_NAMES = dict(LANGUAGE_CHOICES)

KINDS = {  # the plural of each kind, in the order in which a filter offers them
    Kind.PLENARY: gettext_lazy("Plenary sessions"),
    Kind.ROUNDTABLE: gettext_lazy("Roundtables"),
    Kind.WORKSHOP: gettext_lazy("Thematic workshops"),
    Kind.SIDE_EVENT: gettext_lazy("Side-events"),
    Kind.COMMON_SPACE: gettext_lazy("Common Space"),
    Kind.SPECIAL_SESSION: gettext_lazy("Special sessions"),
    Kind.BUSINESS_MECHANISM: gettext_lazy("Business Mechanism"),
    Kind.CIVIL_SOCIETY_DAYS: gettext_lazy("Civil Society Days"),
    Kind.BREAK: gettext_lazy("Breaks"),
    Kind.OTHER: gettext_lazy("Other events"),
}
MINOR = {Kind.BREAK, Kind.CIVIL_SOCIETY_DAYS, Kind.OTHER}
AWAITED = (Role.Kind.CO_CHAIR, Role.Kind.MODERATOR, Role.Kind.RAPPORTEUR)  # named even while open


def tile(theme: int) -> str:
    """The icon of a theme: shield, octagon or diamond."""
    return f"t{(theme - 1) % 3 + 1}"


@dataclass(frozen=True)
class Mark:
    """A tag on a session: `kind` is the tag’s class, `words` what it says."""

    kind: str
    words: str


@dataclass(frozen=True)
class Slot:
    """One session on the agenda. `said` is what the heading above it says already."""

    session: SessionNode
    programme: Programme
    change: SessionChange | None = None
    parts: tuple["Slot", ...] = ()
    said: frozenset[str] = frozenset()

    @property
    def kind(self) -> str:
        return str(Kind(self.session.kind).label)

    @property
    def tile(self) -> str:
        """The piece of the panel that stands for its theme."""
        return tile(self.session.theme) if self.session.theme else ""

    @property
    def is_linked(self) -> bool:
        """Breaks have a page, but nothing on it that the agenda does not say."""
        return self.session.kind != Kind.BREAK

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """What is still to be confirmed and not said otherwise."""
        session = self.session
        if session.is_cancelled:
            return ()
        if Unconfirmed.SESSION in session.to_confirm:
            return (Unconfirmed.SESSION,)
        open_ = set(session.to_confirm) - self.said
        if not self.programme.place(session)[1]:
            open_.discard(Unconfirmed.ROOM)  # the place says "to be announced"
        if self.hours_unknown:
            open_.discard(Unconfirmed.HOURS)
        return tuple(value for value in Unconfirmed.values if value in open_)

    @property
    def hours_unknown(self) -> bool:
        session = self.session
        return session.timing == Session.Timing.DATED and not session.day_part and "hours" in session.to_confirm

    @property
    def state(self) -> str:
        """The class that draws the rule above the session."""
        if self.session.is_cancelled:
            return "cancelled"
        if self.change:
            return "changed"
        if self.session.kind in MINOR:
            return "minor"
        return "tbc" if self.unconfirmed else ""

    @property
    def marks(self) -> tuple[Mark, ...]:
        session, change = self.session, self.change
        if session.cancelled_at:
            at = times.moment(session.cancelled_at, self.programme)
            return (Mark("cancelled", _("Cancelled %(when)s") % {"when": at}),)
        found = [Mark("tbc", str(Unconfirmed(value).label)) for value in self.unconfirmed]
        if change:
            words = _("Added %(when)s") if change.has(Verb.ADDED) else _("Changed %(when)s")
            found.append(Mark("changed", words % {"when": times.moment(change.at, self.programme)}))
        return tuple(found)

    @property
    def place(self) -> SafeString:
        return times.where(self.session, self.programme)

    @property
    def place_before(self) -> SafeString:
        """Where it was before the change of the day."""
        if self.change and self.change.before and self.change.has(Verb.MOVED):
            return where_before(self.change, self.programme)
        return SafeString()

    @property
    def when_before(self) -> SafeString:
        if self.change and self.change.before and self.change.has(Verb.RETIMED):
            return times.when(self.change.before, self.programme)
        return SafeString()

    @property
    def when(self) -> SafeString:
        return times.when(self.session, self.programme)

    @property
    def hours(self) -> SafeString:
        return times.hours(self.session)

    @property
    def zone(self) -> SafeString:
        return times.zone(self.session, self.programme)

    @property
    def entry(self) -> str:
        return str(Session.Entry(self.session.entry).label) if self.session.entry else ""

    @property
    def media(self) -> str:
        return str(Session.Media(self.session.media).label) if self.session.media else ""

    @property
    def record(self) -> str:
        return str(Session.Record(self.session.record).label) if self.session.record else ""

    @property
    def interpretation(self) -> SafeString:
        return listed(str(LANGUAGE_NAMES.get(code, code)) for code in self.session.interpretation)

    @property
    def floor(self) -> SafeString:
        return listed(str(LANGUAGE_NAMES.get(code, code)) for code in self.session.floor_languages)

    @property
    def co_chairs(self) -> SafeString:
        return listed(role(node) for node in self.session.roles_of(Role.Kind.CO_CHAIR))


def where_before(change: SessionChange, programme: Programme) -> SafeString:
    """The place a session left; its room may stand in the older release only."""
    assert change.before is not None
    return times.where(change.before, msgspec.structs.replace(programme, venues=change.venues_before))


def slots(release: Published, sessions: Iterable[SessionNode], said: frozenset[str] = frozenset()) -> list[Slot]:
    """Slots of the sessions, each with its listed parts inside."""
    programme = release.programme
    changed = {change.uuid: change for change in release.changes}
    return [
        Slot(
            session=session,
            programme=programme,
            change=changed.get(session.uuid),
            parts=tuple(slots(release, programme.parts(session))),
            said=said,
        )
        for session in sessions
    ]


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
    def highlights(self) -> list[Slot]:
        """The sessions that say what the day is about."""
        every = [slot for band in self.bands for slot in band.slots]
        return [slot for slot in every if slot.session.kind not in MINOR and not slot.session.is_cancelled]


def day_of(release: Published, day: date, sessions: Iterable[SessionNode]) -> Day:
    """`sessions` of the day in bands; a part stands inside the session it belongs to."""
    shown = {session.uuid for session in sessions}
    top = [session for session in sessions if session.parent not in shown]
    bands = [_band(release, list(group)) for _key, group in groupby(top, key=_band_key)]
    return Day(day, tuple(bands))


def _band_key(session: SessionNode) -> tuple[object, ...]:
    return (session.starts_at, session.ends_at, session.day_part)


def _band(release: Published, sessions: list[SessionNode]) -> Band:
    first = sessions[0]
    open_hours = all("hours" in session.to_confirm or session.is_cancelled for session in sessions)
    all_open = open_hours and any(not session.is_cancelled for session in sessions)
    timed_or_part = bool(first.starts_at or first.day_part)
    say_hours = all_open and timed_or_part and not all("session" in session.to_confirm for session in sessions)
    kinds = {session.kind for session in sessions}
    return Band(
        slots=tuple(slots(release, sessions, frozenset({Unconfirmed.HOURS}) if say_hours else frozenset())),
        hours=times.hours(first),
        words=times.day_part(first) or _("All day"),
        small=str(KINDS[Kind(kinds.pop())]) if len(kinds) == 1 and len(sessions) > 1 else "",
        marks=(Mark("tbc", str(Unconfirmed.HOURS.label)),) if say_hours else (),
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
    def is_set(self) -> bool:
        return bool(self.day or self.kind or self.theme or self.room)

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


@dataclass(frozen=True)
class Entry:
    """A line of the ledger: who chairs, who speaks. Without `words`: to be announced."""

    label: str
    words: SafeString


def roles(session: SessionNode) -> list[Entry]:
    found = []
    for kind in Role.Kind:
        holders = session.roles_of(kind)
        if holders or (session.kind == Kind.ROUNDTABLE and kind in AWAITED):
            found.append(Entry(_role_label(kind, len(holders)), listed(role(node) for node in holders)))
    return found


def _role_label(kind: Role.Kind, count: int) -> str:
    labels = {
        Role.Kind.CO_CHAIR: ngettext("Co-chair", "Co-chairs", count or 2),
        Role.Kind.KEYNOTE: ngettext("Keynote", "Keynotes", count),
        Role.Kind.MODERATOR: ngettext("Moderator", "Moderators", count or 1),
        Role.Kind.RAPPORTEUR: ngettext("Rapporteur", "Rapporteurs", count or 1),
        Role.Kind.SPEAKER: ngettext("Speaker", "Speakers", count),
        Role.Kind.THEMATIC_EXPERT: ngettext("Thematic expert", "Thematic experts", count),
        Role.Kind.COORDINATOR: ngettext("Coordinator", "Coordinators", count),
        Role.Kind.TEAM_MEMBER: ngettext("Team member", "Team members", count),
    }
    return labels[kind]


@dataclass(frozen=True)
class Cited:
    """A reference with the numbers of the questions that cite it."""

    reference: ReferenceNode
    questions: tuple[int, ...] = ()


def cited(programme: Programme, *prose: Text, session: SessionNode | None = None) -> list[Cited]:
    """The references that these texts cite as the reader sees them, in order of number."""
    keys: set[str] = set()
    for text in prose:
        keys.update(texts.cited(choose(text)[0]))
    asking: dict[str, list[int]] = {}
    for number, question in enumerate(session.questions if session else (), 1):
        for key in dict.fromkeys(texts.cited(choose(question.text)[0])):
            asking.setdefault(key, []).append(number)
    return [
        Cited(reference, tuple(asking.get(reference.key, ())))
        for reference in programme.references
        if reference.key in keys or reference.key in asking
    ]


@dataclass(frozen=True)
class Now:
    """What goes on at a moment of the summit. Sessions without hours are never "on now"."""

    at: datetime
    today: date
    on: tuple[Slot, ...]
    next: tuple[Slot, ...]
    changes: tuple[SessionChange, ...]


def now_and_next(release: Published, now: datetime) -> Now | None:
    """None outside the days of the programme, where there is nothing true to say."""
    programme = release.programme
    local = now.astimezone(ZoneInfo(programme.forum.zone))
    today = local.date()
    if today not in programme.days:
        return None
    timed = [
        session
        for session in programme.on(today)
        if session.starts_at and session.ends_at and not session.is_cancelled and session.kind != Kind.BREAK
    ]
    on = [session for session in timed if session.starts_at <= now < session.ends_at and not session.parent]  # type: ignore[operator]
    later = sorted({session.starts_at for session in timed if session.starts_at > now})  # type: ignore[operator,type-var]
    following = [session for session in timed if later and session.starts_at == later[0]]
    published = release.published_at.astimezone(ZoneInfo(programme.forum.zone)).date()
    return Now(
        at=local,
        today=today,
        on=tuple(slots(release, on)),
        next=tuple(slots(release, following)),
        changes=release.changes if published == today else (),
    )


@dataclass(frozen=True)
class ChangeLine:
    """One session on a page of changes, with what was and what is."""

    change: SessionChange
    programme: Programme

    @property
    def session(self) -> SessionNode:
        return self.change.node

    @property
    def is_there(self) -> bool:
        return self.change.after is not None

    @property
    def verbs(self) -> tuple[Mark, ...]:
        return tuple(
            Mark("cancelled" if verb in (Verb.CANCELLED, Verb.REMOVED) else "changed", self._words(verb))
            for verb in self.change.verbs
        )

    def _words(self, verb: Verb) -> str:
        return _("New title") if verb is Verb.REWORDED else str(verb.label)

    @property
    def rows(self) -> list[tuple[str, SafeString, SafeString]]:
        """(what, before, now) for title, time and place that changed."""
        before, after = self.change.before, self.change.after
        if before is None or after is None:
            return []
        found: list[tuple[str, SafeString, SafeString]] = []
        if self.change.has(Verb.REWORDED):
            found.append((_("Title"), say(before.title), say(after.title)))
        if self.change.has(Verb.RETIMED):
            found.append((_("Time"), times.when(before, self.programme), times.when(after, self.programme)))
        if self.change.has(Verb.MOVED):
            found.append((_("Room"), where_before(self.change, self.programme), times.where(after, self.programme)))
        return found

    @property
    def when(self) -> SafeString:
        return times.when(self.session, self.programme)

    @property
    def place(self) -> SafeString:
        return times.where(self.session, self.programme)


def change_lines(release: Published) -> list[ChangeLine]:
    return [ChangeLine(change, release.programme) for change in release.changes]


def commitments(programme: Programme, session: SessionNode) -> tuple[CommitmentNode, ...]:
    """What the session serves, itself or by one of its questions."""
    keys = {*session.commitments, *(key for question in session.questions for key in question.commitments)}
    return programme.committed(tuple(keys))
