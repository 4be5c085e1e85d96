"""iCalendar (RFC 5545) of sessions. Hours are written in UTC: every calendar shows them on its reader's clock,
whatever its own table of time zones says of Morocco."""

from collections.abc import Collection, Iterable
from datetime import timedelta

import icalendar
from django.utils.translation import gettext as _

from .. import times
from ..releases import Published
from ..slots import Slot
from .event import Event
from .plain import plain

PRODUCT = "-//GFMD//Forum Portal//EN"
TYPE = "text/calendar; charset=utf-8"
ASK_AGAIN = timedelta(minutes=30)


def write(
    release: Published, events: Iterable[Event], *, name: str, edition: str, waiting: Collection[str] = ()
) -> bytes:
    """`name` is what a calendar calls it, `edition` the line that says which programme it shows.

    `waiting` are the sessions, by UUID, for which its reader is on the waiting list.
    """
    calendar = icalendar.Calendar()
    for field, value in (
        ("prodid", PRODUCT),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("name", name),
        ("x-wr-calname", name),
        ("refresh-interval", ASK_AGAIN),
        ("x-published-ttl", icalendar.vDuration(ASK_AGAIN)),
    ):
        calendar.add(field, value)
    for event in events:
        calendar.add_component(_entry(release, event, edition, is_waiting=event.session.uuid in waiting))
    return calendar.to_ical()


def _entry(release: Published, event: Event, edition: str, *, is_waiting: bool) -> icalendar.Event:
    session = event.session
    entry = icalendar.Event()
    entry.add("uid", session.uuid)
    entry.add("dtstamp", release.published_at)
    entry.add("sequence", event.sequence)
    entry.add("dtstart", event.starts)
    entry.add("dtend", event.ends)
    entry.add("summary", _summary(event, is_waiting))
    entry.add("location", event.place)
    entry.add("description", "\n".join(_description(event, edition)))
    entry.add("categories", [event.kind])
    entry.add("url", event.page)
    entry.add("status", _status(event, is_waiting))
    entry.add("transp", "OPAQUE" if event.is_timed else "TRANSPARENT")
    return entry


def _summary(event: Event, is_waiting: bool) -> str:
    if event.session.is_cancelled:
        return _("Cancelled: {name}").format(name=event.name)
    return _("Waiting list: {name}").format(name=event.name) if is_waiting else event.name


def _status(event: Event, is_waiting: bool) -> str:
    if event.session.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if is_waiting or event.open_points or not event.is_timed else "CONFIRMED"


def _description(event: Event, edition: str) -> Iterable[str]:
    slot: Slot = event.slot
    yield plain(times.when(slot.session, slot.programme))
    yield from event.open_points
    if slot.entry:
        yield slot.entry
    if event.summary:
        yield ""
        yield event.summary
    yield ""
    yield edition
