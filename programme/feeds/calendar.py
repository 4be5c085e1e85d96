"""iCalendar (RFC 5545) of sessions. Hours are written in UTC: every calendar shows them on its reader's clock,
whatever its own table of time zones says of Morocco."""

from collections.abc import Iterable
from datetime import timedelta

import icalendar
from django.utils.translation import gettext as _

from .. import times
from ..releases import Published
from ..slots import Slot
from .event import Event, Timing
from .plain import plain

PRODUCT = "-//GFMD//Forum Portal//EN"
TYPE = "text/calendar; charset=utf-8"
ASK_AGAIN = timedelta(minutes=30)


def write(release: Published, events: Iterable[Event], *, name: str, edition: str) -> bytes:
    """`name` is what a calendar calls it, `edition` the line that says which programme it shows."""
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
        calendar.add_component(_entry(release, event, edition))
    return calendar.to_ical()


def _entry(release: Published, event: Event, edition: str) -> icalendar.Event:
    session = event.session
    entry = icalendar.Event()
    entry.add("uid", session.uuid)
    entry.add("dtstamp", release.published_at)
    entry.add("sequence", event.sequence)
    entry.add("dtstart", event.starts)
    entry.add("dtend", event.ends)
    entry.add("summary", _("Cancelled: {name}").format(name=event.name) if session.is_cancelled else event.name)
    entry.add("location", event.place)
    entry.add("description", "\n".join(_description(event, edition)))
    entry.add("categories", [event.kind])
    entry.add("url", event.page)
    entry.add("status", status(event))
    entry.add("transp", "OPAQUE" if event.is_timed else "TRANSPARENT")
    return entry


def status(event: Event) -> str:
    if event.session.is_cancelled:
        return "CANCELLED"
    return "TENTATIVE" if event.open_points or event.session.timing != Timing.TIMED else "CONFIRMED"


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
