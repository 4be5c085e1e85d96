"""The schedule as frab and pretalx write it, in XML and JSON, for the programs that read those.

It knows sessions with hours only; those without stand in the calendar and in the API. Persons are not named.
"""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

from django.conf import settings

from ..reading import language
from ..releases import Published
from .event import Event, title

XML_TYPE = "application/xml; charset=utf-8"
JSON_TYPE = "application/json"
STEP = "00:05"


@dataclass(frozen=True)
class Day:
    index: int
    date: date
    starts: datetime
    ends: datetime
    rooms: dict[str, list[Event]]


def xml(release: Published, events: Iterable[Event]) -> bytes:
    days = _days(release, events)
    root = ET.Element("schedule")
    _add(root, "version", _version(release))
    conference = ET.SubElement(root, "conference")
    for name, text in (
        ("title", title(release)),
        ("acronym", _acronym(release)),
        ("start", release.programme.forum.starts_on.isoformat()),
        ("end", release.programme.forum.ends_on.isoformat()),
        ("days", str(len(days))),
        ("timeslot_duration", STEP),
    ):
        _add(conference, name, text)
    for day in days:
        of_day = ET.SubElement(root, "day", _attributes(day))
        for room, held in day.rooms.items():
            of_room = ET.SubElement(of_day, "room", name=room)
            for event in held:
                _add_event(of_room, room, event)
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def _attributes(day: Day) -> dict[str, str]:
    return {
        "index": str(day.index),
        "date": day.date.isoformat(),
        "start": day.starts.isoformat(),
        "end": day.ends.isoformat(),
    }


def _add_event(parent: ET.Element, room: str, event: Event) -> None:
    node = ET.SubElement(parent, "event", id=str(event.number), guid=event.session.uuid)
    starts = _local(event)
    for name, text in (
        ("date", starts.isoformat()),
        ("start", f"{starts:%H:%M}"),
        ("duration", _duration(event)),
        ("room", room),
        ("slug", event.session.slug),
        ("title", event.name),
        ("subtitle", _subtitle(event)),
        ("track", event.track),
        ("type", event.session.kind),
        ("language", language()),
        ("abstract", event.summary),
    ):
        _add(node, name, text)
    links = ET.SubElement(node, "links")
    ET.SubElement(links, "link", href=event.page).text = event.name


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = text


def as_json(release: Published, events: Iterable[Event]) -> bytes:
    """As the schema of c3voc has it."""
    forum, found = release.programme.forum, [event for event in events if _is_held(event)]
    days = _days(release, found)
    conference = {
        "acronym": _acronym(release),
        "title": title(release),
        "start": forum.starts_on.isoformat(),
        "end": forum.ends_on.isoformat(),
        "daysCount": len(days),
        "timeslot_duration": STEP,
        "time_zone_name": forum.zone,
        "url": settings.BASE_URL,
        "tracks": [{"name": track} for track in dict.fromkeys(event.track for event in found)],
        "rooms": [_room(release, event) for event in {event.place: event for event in found}.values()],
        "days": [
            {
                "index": day.index,
                "date": day.date.isoformat(),
                "day_start": day.starts.isoformat(),
                "day_end": day.ends.isoformat(),
                "rooms": {room: [_record(room, event) for event in held] for room, held in day.rooms.items()},
            }
            for day in days
        ],
    }
    return json.dumps(
        {"schedule": {"version": _version(release), "base_url": settings.BASE_URL, "conference": conference}},
        ensure_ascii=False,
        indent=1,
    ).encode()


def _record(room: str, event: Event) -> dict[str, Any]:
    starts = _local(event).isoformat()
    return {
        "id": event.number,
        "guid": event.session.uuid,
        "date": starts,
        "start": starts,
        "duration": _duration(event),
        "room": room,
        "slug": event.session.slug,
        "url": event.page,
        "title": event.name,
        "subtitle": _subtitle(event),
        "track": event.track,
        "type": event.session.kind,
        "language": language(),
        "abstract": event.summary,
        "description": "",
        "persons": [],
        "links": [],
    }


def _room(release: Published, event: Event) -> dict[str, Any]:
    _venue, room = release.programme.place(event.session)
    if room is None:
        return {"name": event.place, "guid": str(uuid.uuid5(uuid.NAMESPACE_URL, event.place)), "capacity": None}
    return {"name": event.place, "guid": room.uuid, "capacity": room.capacity if room.capacity_confirmed else None}


def _is_held(event: Event) -> bool:
    return event.is_timed and not event.session.is_cancelled


def _days(release: Published, events: Iterable[Event]) -> list[Day]:
    """Days on the clock of each session's city. A schedule has one at least, be it empty."""
    forum = release.programme.forum
    held = sorted(filter(_is_held, events), key=lambda event: (_local(event).date(), event.starts, event.place))
    found = {day: list(group) for day, group in groupby(held, key=lambda event: _local(event).date())}
    days = []
    for index, (day, group) in enumerate((found or {forum.starts_on: []}).items(), 1):
        rooms: dict[str, list[Event]] = {}
        for event in group:
            rooms.setdefault(event.place, []).append(event)
        starts = datetime.combine(day, time(), ZoneInfo(forum.zone))
        days.append(Day(index, day, starts, starts + timedelta(days=1), rooms))
    return days


def _local(event: Event) -> datetime:
    start = event.session.local_start
    assert start is not None
    return start


def _duration(event: Event) -> str:
    """“02:30”."""
    assert isinstance(event.starts, datetime)
    assert isinstance(event.ends, datetime)
    minutes = int((event.ends - event.starts).total_seconds()) // 60
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _subtitle(event: Event) -> str:
    return ", ".join(event.open_points)


def _acronym(release: Published) -> str:
    return release.programme.forum.slug.replace("-", "_")


def _version(release: Published) -> str:
    return f"{release.number} {release.published_at.isoformat(timespec='minutes')}"
