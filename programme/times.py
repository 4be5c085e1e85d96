"""When and where a session is, as HTML in the reader’s language and the session’s own zone.

Hours are isolated left to right; an hour of another city names the city and its distance from UTC.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from schedule.models import Session

from . import dates
from .reading import language, listed, said, say
from .snapshot import Programme, SessionNode


def day(value: date, *, weekday: bool = True, year: bool = False) -> SafeString:
    words = dates.day(value, language(), weekday=weekday, year=year)
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), words)


def plain_day(value: date) -> str:
    return dates.day(value, language())


def clock(value: datetime) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', value.isoformat(timespec="minutes"), dates.clock(value))


def hours(session: SessionNode) -> SafeString:
    """“10:00–12:30”; nothing for a session without hours."""
    start, end = session.local_start, session.local_end
    if start is None or end is None:
        return SafeString()
    if start.date() == end.date():
        return format_html('<bdi dir="ltr">{}–{}</bdi>', clock(start), clock(end))
    return format_html(
        pgettext("hours that end on another day", "{start} to {day}, {end}"),
        start=format_html('<bdi dir="ltr">{}</bdi>', clock(start)),
        day=day(end.date()),
        end=format_html('<bdi dir="ltr">{}</bdi>', clock(end)),
    )


def zone(session: SessionNode, programme: Programme) -> SafeString:
    """“New York time, UTC−5” for hours in another zone than the forum’s, else nothing."""
    start = session.local_start
    if start is None or session.zone == programme.forum.zone:
        return SafeString()
    venue = programme.venue(session.venue)
    shift = format_html('<bdi dir="ltr">{}</bdi>', dates.offset(start))
    if venue is None:
        return shift
    return format_html(pgettext("hours of another city", "{city} time, {offset}"), city=say(venue.city), offset=shift)


def days(session: SessionNode, programme: Programme) -> SafeString:
    """The day, days or month; a weekday near the summit, a year away from it."""
    first, last = session.first_day, session.last_day
    if session.month:
        machine, words = f"{session.month:%Y-%m}", dates.month(session.month, language())
        return format_html('<time datetime="{}">{}</time>', machine, words)
    if first is None or last is None:
        return SafeString()
    if session.timing == Session.Timing.TIMED or first == last:
        near = first in programme.days
        return day(first, weekday=near, year=not near)
    return format_html("{}", dates.days(first, last, language()))


def day_part(session: SessionNode) -> str:
    """“Afternoon”, where a session has that and no hours."""
    return str(Session.DayPart(session.day_part).label) if session.day_part else ""


def when(session: SessionNode, programme: Programme) -> SafeString:
    """All of it: “Thursday 6 December, 15:00–17:30”, “Thursday 6 December, afternoon”, “July 2018”."""
    whole = days(session, programme)
    if session.starts_at:
        whole = format_html(pgettext("day and hours", "{day}, {hours}"), day=whole, hours=hours(session))
    elif session.day_part:
        whole = format_html(pgettext("day and hours", "{day}, {hours}"), day=whole, hours=day_part(session).lower())
    if elsewhere := zone(session, programme):
        whole = format_html("{} ({})", whole, elsewhere)
    return whole


def retimed(before: SessionNode, after: SessionNode, programme: Programme) -> tuple[SafeString, SafeString]:
    """When it was and when it is; the day is left out where it stays."""
    same_day = before.first_day and (before.first_day, before.last_day) == (after.first_day, after.last_day)
    if same_day and before.starts_at and after.starts_at and before.zone == after.zone:
        return hours(before), hours(after)
    return when(before, programme), when(after, programme)


def where(session: SessionNode, programme: Programme, *, long: bool = False) -> SafeString:
    """“Oliveraie”; away from the forum’s city with the city; `long` adds the house.

    “Room to be announced” where only the house is known and the room is still open.
    """
    venue, room = programme.place(session)
    if venue is None:
        return format_html("{}", _("Place to be announced"))
    parts = []
    if room:
        parts.append(say(room.name))
    elif Session.Unconfirmed.ROOM in session.to_confirm:
        parts.append(format_html("{}", _("Room to be announced")))
    away = said(venue.city) != said(programme.forum.city)
    if not parts or long or away:
        parts.append(say(venue.name))
    if away:
        parts.append(say(venue.city))
    return listed(parts)


def moment(value: datetime, programme: Programme) -> str:
    """“6 December, 08:41” on the forum’s clock, with the year when it is another."""
    local = value.astimezone(ZoneInfo(programme.forum.zone))
    return dates.moment(local, language(), year=local.year != programme.forum.starts_on.year)
