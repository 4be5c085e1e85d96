"""What the public schema of schedule.xml asks (c3voc, validator/xsd), told by us."""

import re
from collections.abc import Iterator
from datetime import date, datetime
from xml.etree import ElementTree as ET

CONFERENCE = {"title", "acronym", "start", "end", "days", "timeslot_duration"}
REQUIRED = {"room", "title", "type", "date", "start", "duration", "abstract", "slug", "subtitle", "track"}
ALLOWED = REQUIRED | {"persons", "language", "description", "recording", "links"}
CLOCK = re.compile(r"[0-2]\d:[0-5]\d(:[0-5]\d)?")
DURATION = re.compile(r"\d{1,2}:\d{2}(:\d{1,2})?")


def faults(data: bytes) -> list[str]:
    """Empty for a document that the schema takes."""
    return list(_faults(ET.fromstring(data)))


def _faults(root: ET.Element) -> Iterator[str]:
    order = [child.tag for child in root]
    if root.tag != "schedule" or order[:2] != ["version", "conference"] or set(order[2:]) != {"day"}:
        yield f"root: {root.tag} {order[:3]}"
    conference = [child.tag for child in root.find("conference") or ()]
    if not {"title", "acronym"} <= set(conference) <= CONFERENCE or len(set(conference)) != len(conference):
        yield f"conference: {conference}"
    for day in root.iter("day"):
        date.fromisoformat(day.attrib["date"])
        if not all(datetime.fromisoformat(day.attrib[name]).tzinfo for name in ("start", "end")):
            yield f"day without zone: {day.attrib}"
        if int(day.attrib["index"]) < 1 or {child.tag for child in day} - {"room"}:
            yield f"day: {day.attrib}"
        for room in day:
            if set(room.attrib) != {"name"} or {child.tag for child in room} - {"event"}:
                yield f"room: {room.attrib}"
    for event in root.iter("event"):
        yield from _faults_of_event(event)
    for name in ("id", "guid"):
        values = [event.attrib[name] for event in root.iter("event")]
        if len(set(values)) != len(values):
            yield f"{name} twice"
    slugs = [slug.text for slug in root.iter("slug")]
    if len(set(slugs)) != len(slugs):
        yield "slug twice"


def _faults_of_event(event: ET.Element) -> Iterator[str]:
    fields = {child.tag: child.text or "" for child in event}
    if not set(fields) >= REQUIRED or set(fields) - ALLOWED or len(fields) != len(event):
        yield f"fields: {sorted(fields)}"
    if int(event.attrib["id"]) < 1 or set(event.attrib) - {"id", "guid"}:
        yield f"event: {event.attrib}"
    if not CLOCK.fullmatch(fields["start"]) or not DURATION.fullmatch(fields["duration"]):
        yield f"hours: {fields['start']} {fields['duration']}"
    if datetime.fromisoformat(fields["date"]).tzinfo is None:
        yield f"date: {fields['date']}"
