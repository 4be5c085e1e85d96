"""Seating plan of a session: parties at the table and behind it, in the order that the lot has opened.

It shows parties, not persons, and accessible seats whoever takes them: nothing tells who needs one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.sorting import from_letter
from programme import dates
from programme.releases import Published
from programme.snapshot import Programme
from registrations.models import Delegation, LetterDraw, Place, Registration

from . import places, table, words
from .base import About, Bound, Kind, Marks, Subject
from .concept_note import named
from .extracts import Extract, ForumExtract, Holder, Slot, forum_extract, holder

FREE = -1
HEAD = ("co_chair", "moderator")  # who sits at the head of the table


class PartyPlaces(Extract, frozen=True, kw_only=True):
    """How many places of one kind a party has; `exceptions` and `overlaps` are how many of them are marked."""

    party: str
    places: int
    exceptions: int = 0
    overlaps: int = 0


class PlanExtract(Extract, frozen=True, kw_only=True):
    """`at_table` has for each seat the index of its party in `parties`, or `FREE`."""

    forum: ForumExtract
    slot: Slot
    language: str
    letter: str
    drawn_on: date
    head: tuple[Holder, ...] = ()
    held_back: int = 0
    accessible: tuple[int, ...] = ()
    unmet: int = 0
    parties: tuple[PartyPlaces, ...] = ()
    at_table: tuple[int, ...] = ()
    behind: tuple[PartyPlaces, ...] = ()
    observers: tuple[PartyPlaces, ...] = ()


@dataclass(frozen=True)
class Fact:
    label: str
    text: str


@dataclass(frozen=True)
class Seat:
    number: int
    party: str
    remarks: str


@dataclass(frozen=True)
class DrawnSeat:
    number: int
    side: str
    top: float
    party: str
    behind: int
    accessible: bool
    exception: bool


@dataclass(frozen=True)
class Others:
    """Who has places without a number."""

    title: str
    items: list[tuple[str, int, str]]


class SeatingPlan(Kind[PlanExtract]):
    name = "seating_plan"
    label = gettext_lazy("Seating plan")
    template = "documents/print/seating_plan.html"
    reads = PlanExtract
    about = About.SESSION
    daily = True
    styles = ("places",)
    of_register = True

    @property
    def missing(self) -> str:
        return _(
            "There is no such session with seats, or it is cancelled, or no letter is drawn yet for the order of the "
            "parties: organisers draw it in the administration."
        )

    def subjects(self, programme: Programme) -> list[Subject]:
        return places.subjects(programme)

    def extract(self, published: Published, subject: str, language: str) -> PlanExtract | None:
        return self.extracts(published, [subject], language).get(subject)

    def extracts(self, published: Published, subjects: Collection[str], language: str) -> dict[str, PlanExtract]:
        programme = published.programme
        draws = LetterDraw.objects.in_force(programme.forum.slug)
        return {
            slug: _extract(programme, seated, draw, language)
            for slug, seated in places.seated(programme, subjects, language).items()
            if (draw := draws.get(seated.seating.session_id) or draws.get(None))
        }

    def readings(self, subject: str, extract: PlanExtract) -> list[tuple[str, str]]:
        return [("slot", extract.slot.uuid)]

    def title(self, extract: PlanExtract) -> str:
        return _("Seating plan, %(session)s") % {"session": named(extract.slot)}

    def filename(self, subject: str, extract: PlanExtract) -> str:
        return f"seating-plan-{extract.slot.number or extract.slot.slug}"

    def context(self, extract: PlanExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        name, title = words.heading(extract.slot)
        seats = len(extract.at_table)
        free = [number for number, party in enumerate(extract.at_table, 1) if party == FREE]
        return {
            "print": marks,
            "name": name,
            "title": title,
            "when": words.when(extract.slot, extract.forum),
            "room": words.room(extract.slot),
            "facts": _facts(extract),
            "head": [words.labelled(role, names) for role, names in words.holders(extract.head).items()],
            "drawing": _drawing(extract) if seats <= table.DRAWN else [],
            "height": table.height(seats),
            "seats": [_seat(extract, number) for number in range(1, seats + 1) if number not in free],
            "free": table.ranges(free),
            "accessible": table.ranges(extract.accessible),
            "held_back": extract.held_back,
            "unmet": extract.unmet,
            "others": [
                Others(str(place.label), [(one.party, one.places, _remarks(one, one.places)) for one in found])
                for place, found in ((Place.BEHIND, extract.behind), (Place.OBSERVER, extract.observers))
                if found
            ],
        }

    def changes(self, old: PlanExtract, new: PlanExtract) -> list[str]:
        found = words.changes(old.slot, new.slot, new.forum)
        for fields, phrase in (
            (("language", "letter", "drawn_on"), _("order of the parties")),
            (("head",), _("head of the table")),
            (("held_back", "accessible", "parties", "at_table", "unmet"), _("seats at the table")),
            (("behind", "observers"), _("places behind the table or of observers")),
        ):
            if any(getattr(old, field) != getattr(new, field) for field in fields):
                found.append(phrase)
        return found


def _extract(programme: Programme, seated: places.Seated, draw: LetterDraw, language: str) -> PlanExtract:
    order = from_letter(draw.letter, draw.language)

    def key(place: Registration):
        delegation = place.delegation
        return delegation.category.position, delegation.category.code, order(delegation.party), delegation.pk

    ordered = sorted(seated.places, key=key)
    of_kind = {
        kind: [
            (delegation, list(held))
            for delegation, held in groupby(
                (place for place in ordered if place.place == kind), key=lambda place: place.delegation
            )
        ]
        for kind in Place
    }
    groups = [table.Group(len(held), delegation.accessible_seat) for delegation, held in of_kind[Place.TABLE]]
    seats = max(seated.seating.table_seats, sum(group.places for group in groups))
    accessible = tuple(sorted(seat for seat in set(seated.seating.accessible_seats) if 0 < seat <= seats))
    at_table = table.seats_of(groups, seats=seats, accessible=accessible)
    met = {at_table.get(seat) for seat in accessible}
    return PlanExtract(
        forum=forum_extract(programme, language),
        slot=seated.slot,
        language=draw.language,
        letter=draw.letter,
        drawn_on=draw.drawn_at.astimezone(ZoneInfo(programme.forum.zone)).date(),
        head=tuple(holder(role, language) for kind in HEAD for role in seated.node.roles_of(kind)),
        held_back=seated.seating.held_back,
        accessible=accessible,
        unmet=len([1 for index, group in enumerate(groups) if group.accessible and index not in met]),
        parties=_parties(of_kind[Place.TABLE], language),
        at_table=tuple(at_table.get(number, FREE) for number in range(1, seats + 1)),
        behind=_parties(of_kind[Place.BEHIND], language),
        observers=_parties(of_kind[Place.OBSERVER], language),
    )


def _parties(groups: list[tuple[Delegation, list[Registration]]], language: str) -> tuple[PartyPlaces, ...]:
    return tuple(
        PartyPlaces(
            party=places.in_language(delegation.party, "short_name", language),
            places=len(held),
            exceptions=len([place for place in held if place.has_exception]),
            overlaps=len([place for place in held if place.overlap]),
        )
        for delegation, held in groups
    )


def _facts(extract: PlanExtract) -> list[Fact]:
    day = dates.day(extract.drawn_on, words.language(), weekday=False, year=True)
    return [
        Fact(_("Alphabetical order"), words.languages([extract.language])),
        Fact(_("First letter, drawn by lot"), f"{extract.letter} ({day})"),
        Fact(_("Seats at the table"), str(len(extract.at_table))),
    ]


def _drawing(extract: PlanExtract) -> list[DrawnSeat]:
    behind = {one.party: one.places for one in extract.behind}
    found, before = [], FREE
    for number, side, top in table.drawn(len(extract.at_table)):
        index = extract.at_table[number - 1]
        party = None if index == FREE else extract.parties[index]
        found.append(
            DrawnSeat(
                number=number,
                side=side,
                top=top,
                party=party.party if party else "",
                behind=behind.get(party.party, 0) if party and index != before else 0,
                accessible=number in extract.accessible,
                exception=bool(party and party.exceptions),
            )
        )
        before = index
    return found


def _seat(extract: PlanExtract, number: int) -> Seat:
    party = extract.parties[extract.at_table[number - 1]]
    remarks = [_("accessible seat")] if number in extract.accessible else []
    return Seat(number, party.party, words.listed(filter(None, [*remarks, _remarks(party, party.places)])))


def _remarks(party: PartyPlaces, of: int) -> str:
    """What is marked, and how many where it is not all of them."""
    marks = ((party.exceptions, _("by exception")), (party.overlaps, _("holds another place at this hour")))
    return words.listed(text if count == of else f"{text} ({count}/{of})" for count, text in marks if count)
