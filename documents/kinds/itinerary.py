"""Personal programme of one delegate: where to be when, and the badge. By itself, and in the pack."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.files import File
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.releases import Published
from programme.snapshot import Programme
from registrations.models import Place

from ..failures import Failure
from . import words
from .badge import face, hindrance
from .base import Audience, Bound, Kind, Listed, Marks, Subject
from .bearers import changes, of_person, pictures, refusal
from .extracts import NOT_IN_ITINERARIES, ForumExtract, without
from .pack_extract import WAITING, Appointment, ItineraryExtract, read


@dataclass(frozen=True)
class Row:
    name: str
    theme: int | None
    title: str
    title_language: str
    cancelled: str
    lines: list[str]
    to_confirm: str
    hour: str
    zone: str
    hour_to_confirm: str
    room: str
    room_to_confirm: str
    place: str


@dataclass(frozen=True)
class Day:
    title: str
    items: list[Row]


class Itinerary(Kind[ItineraryExtract]):
    name = "itinerary"
    label = gettext_lazy("Personal programme")
    template = "documents/print/itinerary.html"
    styles = ("badge",)
    reads = ItineraryExtract
    audience = Audience.DELEGATE
    of_register = True
    ends_in_cuttings = True

    @property
    def missing(self) -> str:
        return _("A personal programme is made for delegates who are accredited.")

    def subjects(self, programme: Programme) -> list[Subject]:
        return []

    def extract(self, published: Published, subject: str, language: str) -> ItineraryExtract | None:
        return self.extracts(published, [subject], language).get(subject)

    def extracts(self, published: Published, subjects: Collection[str], language: str) -> dict[str, ItineraryExtract]:
        return {subject: pack.itinerary for subject, pack in read(published, subjects, language).items()}

    def refusal(self, extract: ItineraryExtract) -> str:
        return refusal(extract.on_badge)

    def printable(self, extract: ItineraryExtract, unreadable: Collection[str]) -> ItineraryExtract | Failure:
        return hindrance(extract.on_badge, unreadable) or extract

    def media(self, extract: ItineraryExtract) -> Mapping[str, File]:
        return pictures([extract.on_badge])

    def readings(self, subject: str, extract: ItineraryExtract) -> list[tuple[str, str]]:
        return [("forum", ""), *(("slot", appointment.slot.uuid) for appointment in extract.appointments)]

    def title(self, extract: ItineraryExtract) -> str:
        return _("Personal programme of %(name)s") % {"name": extract.bearer.name}

    def filename(self, subject: str, extract: ItineraryExtract) -> str:
        return f"programme-{of_person(subject, extract.bearer)}"

    def listed(self, extract: ItineraryExtract) -> Listed:
        bearer = extract.bearer
        return Listed(bearer.name, bearer.party, bearer.function)

    def context(self, extract: ItineraryExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        return {
            "print": marks,
            "name": extract.bearer.name,
            "party": extract.bearer.party,
            "days": [
                Day(title, [_row(appointment, extract.forum) for appointment in appointments])
                for title, appointments in groupby(extract.appointments, key=lambda each: _day(each, extract.forum))
            ],
            "remarks": [words.hours_of(extract.forum), _("Times and rooms may change: the code on this sheet tells.")],
            "badge": face(extract.on_badge, marks.ink),
        }

    def changes(self, old: ItineraryExtract, new: ItineraryExtract) -> list[str]:
        return [*changes_of_programme(old, new), *changes_of_badge(old, new)]


def changes_of_programme(old: ItineraryExtract, new: ItineraryExtract) -> list[str]:
    before = {appointment.slot.uuid: appointment for appointment in old.appointments}
    after = {appointment.slot.uuid: appointment for appointment in new.appointments}
    found = []
    for uuid, appointment in after.items():
        was, name = before.get(uuid), words.called(appointment.slot)
        # The extract of an earlier version of this code tells more
        then = without(was.slot, *NOT_IN_ITINERARIES) if was else None
        details = words.changes(then, appointment.slot, new.forum) if then else [_("added")]
        if was and was.place != appointment.place:
            details.append(_place(appointment.place) or _("place given up"))
        if details:
            found.append(words.told(name, words.listed(details)))
    taken_out = _("taken out")  # not inside the f-string: makemessages does not look there
    return found + [words.told(words.called(was.slot), taken_out) for uuid, was in before.items() if uuid not in after]


def changes_of_badge(old: ItineraryExtract, new: ItineraryExtract) -> list[str]:
    badge, told = _("badge"), changes(old.on_badge, new.on_badge)
    return [words.told(badge, words.listed(told))] if told else []


def _day(appointment: Appointment, forum: ForumExtract) -> str:
    place = appointment.slot
    return words.day(place.first_day) if place.first_day else words.when(place, forum)


def _place(place: str) -> str:
    if place == WAITING:
        return _("Waiting list")
    return str(Place(place).label) if place else ""


def _row(appointment: Appointment, forum: ForumExtract) -> Row:
    place = appointment.slot
    name, title = words.heading(place)
    return Row(
        name=name,
        theme=place.theme,
        title=title.text,
        title_language=title.language,
        cancelled=words.cancelled(place, forum),
        lines=[],
        to_confirm="",
        hour=words.hours(place),
        zone=words.zone(place, forum),
        hour_to_confirm=words.to_confirm(place, "session", "day", "hours"),
        room=words.labelled(_("Room"), words.room(place)),
        room_to_confirm=words.to_confirm(place, "room") if place.room else "",
        place=_place(appointment.place),
    )
