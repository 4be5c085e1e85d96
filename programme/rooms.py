"""The screen at the door of a room: what is on in it, what comes next, and what came, went or moved."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse

from .addresses import Shown
from .happening import ends, starts
from .pages import release_page
from .present import ChangeLine, change_lines
from .releases import Published
from .slots import Slot, slots
from .snapshot import Programme, RoomNode, SessionNode, VenueNode
from .views import page

LONG = 40  # letters of a title that do not fit the screen at full size
CHANGES = 3  # that a screen has room for

Place = tuple[VenueNode, RoomNode]


@dataclass(frozen=True)
class Door:
    """A room as of the last turn of the clock. `days` are today and those to come, with all that is planned in it."""

    place: Place
    today: date | None
    on: list[Slot]
    next: list[Slot]
    changes: list[ChangeLine]
    days: list[tuple[date, list[Slot]]]

    @property
    def next_day(self) -> date | None:
        return self.next[0].session.first_day if self.next else None


def door(release: Published, place: Place) -> Door:
    programme, at = release.programme, release.turn
    here = [session for session in programme.listed if _is_in(session, place)]
    held = [session for session in here if session.starts_at and session.ends_at and not session.is_cancelled]
    on = [session for session in held if at and starts(session) <= at < ends(session)]
    later = [session for session in held if not at or starts(session) > at]
    first = min(map(starts, later), default=None)
    today = at.astimezone(ZoneInfo(programme.forum.zone)).date() if at else None
    days = [day for day in programme.days if not today or day >= today]
    planned = [(day, [session for session in here if session.is_on(day)]) for day in days]
    return Door(
        place=place,
        today=today if today in programme.days else None,
        on=slots(release, _innermost(on)),
        next=slots(release, _innermost([session for session in later if session.starts_at == first])),
        changes=[
            line
            for line in change_lines(release.changes, release.programme)
            if _concerns(line, place) and not _is_over(line, at)
        ][:CHANGES],
        days=[(day, slots(release, sessions)) for day, sessions in planned if sessions],
    )


def _is_in(session: SessionNode | None, place: Place) -> bool:
    venue, room = place
    return session is not None and (session.venue, session.room) == (venue.slug, room.slug)


def _concerns(line: ChangeLine, place: Place) -> bool:
    """Also what has left: those who come for it read here where it is."""
    return bool(line.rows or line.session.is_cancelled or not line.change.before) and (
        _is_in(line.change.before, place) or _is_in(line.change.after, place)
    )


def _is_over(line: ChangeLine, at: datetime | None) -> bool:
    ends_at = line.session.ends_at
    return bool(at and ends_at and ends_at <= at)


def _innermost(sessions: Iterable[SessionNode]) -> list[SessionNode]:
    """Of a session and its part in the same room the part: it is what one hears inside."""
    found = list(sessions)
    whole = {session.parent for session in found}
    return [session for session in found if session.uuid not in whole]


def places(programme: Programme) -> list[Place]:
    """The rooms in which something is planned, in the order of their houses."""
    used = {(session.venue, session.room) for session in programme.listed if session.room}
    return [(venue, room) for venue in programme.venues for room in venue.rooms if (venue.slug, room.slug) in used]


def screen_url(shown: Shown, place: Place) -> str:
    """By the room alone, where no other house has one of its name."""
    venue, room = place
    alone = sum(room.slug == other.slug for house in shown.release.programme.venues for other in house.rooms) == 1
    if alone:
        return shown.url("room-now", room=room.slug)
    return shown.url("room-now-at", venue=venue.slug, room=room.slug)


@release_page(turns=True)
def screen(request: HttpRequest, release: Published, room: str, venue: str = "") -> HttpResponse:
    every = [(house, one) for house in release.programme.venues for one in house.rooms]
    found = [(house, one) for house, one in every if one.slug == room and venue in ("", house.slug)]
    if len(found) != 1:
        raise Http404
    return page(request, release, "room_now.html", door=door(release, found[0]), long=LONG)


@release_page()
def index(request: HttpRequest, release: Published) -> HttpResponse:
    """Rooms with their screens and calendars."""
    shown = Shown(request, release)
    rooms = [(*place, screen_url(shown, place)) for place in places(release.programme)]
    return page(request, release, "rooms.html", rooms=rooms)
