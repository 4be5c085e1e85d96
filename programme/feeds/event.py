"""What every feed says of a session, in the language that is active."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from schedule.models import Session

from .. import reading, times
from ..models import PublishedSession
from ..releases import Published
from ..slots import Slot, slots
from ..snapshot import SessionNode
from .plain import plain, prose

Timing = Session.Timing


@dataclass(frozen=True)
class Event:
    """`number` is the session's number in the tables, which stays; `sequence` rises with each change of
    what a calendar shows. `starts` and `ends` are aware instants, or days where no hours are known:
    then `ends` is the day after the last."""

    slot: Slot
    number: int
    sequence: int
    name: str
    kind: str
    starts: datetime | date
    ends: datetime | date
    place: str
    summary: str
    track: str
    page: str
    open_points: tuple[str, ...]

    @property
    def session(self) -> SessionNode:
        return self.slot.session

    @property
    def is_timed(self) -> bool:
        return self.session.timing == Timing.TIMED


def events(release: Published, sessions: Iterable[SessionNode]) -> list[Event]:
    """One query, however many they are. Sessions that the tables do not know any more are left out."""
    rows = PublishedSession.objects.filter(forum=release.forum_id).values_list("session__uuid", "session", "sequence")
    known = {str(uuid): (number, sequence) for uuid, number, sequence in rows}
    return [
        _event(release, slot, *known[slot.session.uuid])
        for slot in slots(release, sessions)
        if slot.session.uuid in known
    ]


def _event(release: Published, slot: Slot, number: int, sequence: int) -> Event:
    session, programme = slot.session, release.programme
    starts, ends = span(session)
    theme = programme.theme(session.theme) if session.theme else None
    return Event(
        slot=slot,
        number=number,
        sequence=sequence,
        name=plain(reading.full_name(session)),
        kind=slot.kind,
        starts=starts,
        ends=ends,
        place=plain(times.where(session, programme, long=True)),
        summary=prose(reading.said(session.summary)),
        track=plain(reading.said(theme.title)) if theme else slot.kind,
        page=address(release, session),
        open_points=tuple(str(Session.Unconfirmed(value).label) for value in slot.unconfirmed),
    )


def span(session: SessionNode) -> tuple[datetime | date, datetime | date]:
    """From when until before when: instants, days, or a whole month."""
    if session.starts_at and session.ends_at:
        return session.starts_at, session.ends_at
    if session.month:
        return session.month, (session.month + timedelta(days=32)).replace(day=1)
    first, last = session.starts_on, session.ends_on
    assert first is not None
    return first, (last or first) + timedelta(days=1)


def address(release: Published, session: SessionNode) -> str:
    """Its canonical page, in the language that is active."""
    forum = release.programme.forum.slug
    if session.number:
        return settings.BASE_URL + reverse("programme:roundtable", kwargs={"forum": forum, "number": session.number})
    return settings.BASE_URL + reverse("programme:session", kwargs={"forum": forum, "slug": session.slug})


def title(release: Published, *parts: str) -> str:
    """“GFMD Marrakesh 2018”, and what of it is shown."""
    forum = release.programme.forum
    whole = f"{reading.said(forum.acronym)} {reading.said(forum.city)} {forum.starts_on.year}"
    return _("{forum}: {part}").format(forum=whole, part=", ".join(parts)) if parts else whole
