"""A session on the agenda: its state, its tags and the facts that stand under its title."""

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from schedule.models import LANGUAGE_CHOICES, Role, Session

from . import times
from .changes import SessionChange, as_read
from .compare import Verb
from .reading import listed, role, said, say
from .releases import Published
from .snapshot import Programme, SessionNode

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
    """One session on the agenda. `above` is what the heading above it says already."""

    session: SessionNode
    programme: Programme
    change: SessionChange | None = None
    parts: tuple["Slot", ...] = ()
    above: frozenset[str] = frozenset()

    @property
    def kind(self) -> str:
        return str(Kind(self.session.kind).label)

    @property
    def tile(self) -> str:
        """The piece of the panel that stands for its theme."""
        return tile(self.session.theme) if self.session.theme else ""

    @property
    def kind_words(self) -> str:
        """The kind, where the title does not say it already."""
        if self.session.kind in (Kind.BREAK, Kind.OTHER) or said(self.session.title).startswith(self.kind):
            return ""
        return self.kind

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
        open_ = set(session.to_confirm) - self.above
        if not self.programme.place(session)[1]:
            open_.discard(Unconfirmed.ROOM)  # the place says "to be announced"
        if hours_unknown(session):
            open_.discard(Unconfirmed.HOURS)  # so do the hours
        return tuple(value for value in Unconfirmed.values if value in open_)

    @property
    def hours_awaited(self) -> bool:
        """To be announced, and no heading says so."""
        return hours_unknown(self.session) and Unconfirmed.HOURS not in self.above

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
    def title_before(self) -> SafeString:
        """What it was called before the change of the day."""
        if self.change and self.change.before and self.change.has(Verb.REWORDED):
            return say(self.change.before.title)
        return SafeString()

    @property
    def place_before(self) -> SafeString:
        """Where it was before the change of the day."""
        if self.change and self.change.before and self.change.has(Verb.MOVED):
            return where_before(self.change, self.programme)
        return SafeString()

    @property
    def retimed(self) -> tuple[SafeString, SafeString] | None:
        """When it was before the change of the day, and when it is now."""
        if self.change and self.change.before and self.change.has(Verb.RETIMED):
            return times.retimed(self.change.before, self.session, self.programme)
        return None

    @property
    def when(self) -> SafeString:
        return times.when(self.session, self.programme)

    @property
    def days(self) -> SafeString:
        return times.days(self.session, self.programme)

    @property
    def hours(self) -> SafeString:
        return times.hours(self.session)

    @property
    def part_of_day(self) -> str:
        return times.day_part(self.session)

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


def hours_unknown(session: SessionNode) -> bool:
    """On a known day, at hours to be announced. Without that, a session with a day fills it."""
    return session.timing == Session.Timing.DATED and not session.day_part and Unconfirmed.HOURS in session.to_confirm


def where_before(change: SessionChange, programme: Programme) -> SafeString:
    """The place a session left; its room may stand in the older release only."""
    assert change.before is not None
    return times.where(change.before, msgspec.structs.replace(programme, venues=change.venues_before))


def slots(release: Published, sessions: Iterable[SessionNode], above: frozenset[str] = frozenset()) -> list[Slot]:
    """Slots of the sessions, each with its listed parts inside."""
    programme = release.programme
    changed = {change.uuid: change for change in as_read(release.changes)}
    return [
        Slot(
            session=session,
            programme=programme,
            change=changed.get(session.uuid),
            parts=tuple(slots(release, programme.parts(session))),
            above=above,
        )
        for session in sessions
    ]
