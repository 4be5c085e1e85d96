"""Workshops and side-events of a paper beside those of the tables: titles, times and places."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from programme.snapshot import Programme, SessionNode, VenueNode

from .aligning import align, squeezed
from .changes import Absent, Change, Verb
from .tree import Event, Paper, Unplaced, When

KINDS = ("workshop", "side_event")
SAME_TITLE = 0.5  # titles are short: one word in common is not enough
OPEN = ("session", "day")  # what a paper means by “to be confirmed”
TIME_FIELDS = ("timing", "starts_at", "ends_at", "starts_on", "ends_on", "day_part", "month")


@dataclass
class Found:
    changes: list[Change] = field(default_factory=list)
    absent: list[Absent] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)


def compare_events(paper: Paper, programme: Programme) -> Found:
    """By kind and title. Sessions with hours are those of the summit itself: no paper has them, none is missed."""
    found = Found()
    for kind in KINDS:
        events = [event for event in paper.events if event.kind == kind]
        nodes = [node for node in programme.sessions if node.kind == kind]
        titles = [node.title.get(paper.language, "") for node in nodes]
        pairs = align(titles, [event.title for event in events], least=SAME_TITLE, neighbours=False)
        for place, event in enumerate(events):
            if place in pairs:
                _compare(event, nodes[pairs[place]], paper.language, programme, found)
            else:
                _add(event, programme, found)
        for place, node in enumerate(nodes):
            if events and place not in pairs.values() and node.timing != "timed":
                found.absent.append(Absent(kind=kind, title=titles[place]))
    return found


def _compare(event: Event, node: SessionNode, language: str, programme: Programme, found: Found) -> None:
    title = node.title.get(language, "")
    more: dict[str, Any] = {
        "verb": Verb.CHANGED, "kind": event.kind, "object": node.uuid, "title": title, "line": event.line,
    }  # fmt: skip
    if squeezed(title) != squeezed(event.title):
        found.changes.append(Change(field="title", old=title, new=event.title, **more))
    if event.when and (new := _otherwise(event.when, node)):
        found.changes.append(Change(field="timing", old=_timing(node), new=new, **more))
    venue = programme.venue(node.venue)
    if event.city and not (venue and is_in(venue, event.city)):
        venues = _venues(event, programme, found)
        if len(venues) == 1:
            found.changes.append(Change(field="venue", old=node.venue, new=venues[0].slug, **more))


def _add(event: Event, programme: Programme, found: Found) -> None:
    if event.when is None:
        reason = _("No date could be read. Enter this event by hand.")
        found.unplaced.append(Unplaced(line=event.line, text=event.title, reason=reason))
        return
    venues = _venues(event, programme, found) if event.city else []
    new = {
        "title": event.title,
        "venue": venues[0].slug if len(venues) == 1 else "",
        **_written(event.when),
        "to_confirm": _open(event.when),
    }
    found.changes.append(Change(verb=Verb.ADDED, kind=event.kind, title=event.title, new=new, line=event.line))


def _venues(event: Event, programme: Programme, found: Found) -> list[VenueNode]:
    """Where in the city: the venue that stands for the city as a whole, or the only one. Otherwise it is said."""
    venues = [venue for venue in programme.venues if is_in(venue, event.city)]
    if len(venues) > 1:
        venues = [venue for venue in venues if not venue.rooms] or venues
    if len(venues) != 1:
        text = f"{event.title} ({event.city})"
        reason = (
            _("The portal has no venue in this city. Add one, then read the paper again.")
            if not venues
            else _("The portal has several venues in this city. Choose one on the page of the event.")
        )
        found.unplaced.append(Unplaced(line=event.line, text=text, reason=reason))
    return venues


def is_in(venue: VenueNode, city: str) -> bool:
    return city.casefold() in (name.casefold() for name in venue.city.values())


def _otherwise(when: When, node: SessionNode) -> dict[str, Any] | None:
    """The timing that the paper gives, where the tables say another one. To know it more closely is not otherwise."""
    wanted, known = _written(when), tuple(node.to_confirm)
    if when.timing == "month" and when.month:
        day = node.first_day or node.month or date.min
        agrees = (day.year, day.month) == (when.month.year, when.month.month)
        doubts = bool(known) or not when.to_confirm or node.timing != "month"
    else:
        agrees = node.timing != "month" and (node.first_day, node.last_day) == (when.starts_on, when.ends_on)
        doubts = bool(known) if when.to_confirm else not set(known) & set(OPEN)
    if agrees and doubts:
        return None
    rest = [one for one in known if one not in OPEN]
    if agrees:
        return {**_timing(node), "to_confirm": [*(_open(when)), *rest]}
    return {**wanted, "to_confirm": [*_open(when), *rest]}


def _open(when: When) -> list[str]:
    """What is to be confirmed. Of an event in a month the day is open, whether the paper says so or not."""
    if when.to_confirm:
        return ["session", "day"]
    return ["day"] if when.timing == "month" else []


def _written(when: When) -> dict[str, Any]:
    days = (when.starts_on, when.ends_on or when.starts_on) if when.timing == "dated" else (None, None)
    month = when.month if when.timing == "month" else None
    values = (when.timing, None, None, *days, "", month)
    return {name: _plain(value) for name, value in zip(TIME_FIELDS, values, strict=True)}


def _timing(node: SessionNode) -> dict[str, Any]:
    return {
        **{name: _plain(getattr(node, name)) for name in TIME_FIELDS},
        "to_confirm": list(node.to_confirm),
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
