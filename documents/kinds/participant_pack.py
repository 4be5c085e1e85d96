"""Participant pack of one delegate: cover, itinerary, badge, and the notes of their own sessions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.files import File
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.releases import Published
from programme.snapshot import Programme, SessionNode, digest
from registrations.models import Delegate, Place, Registration
from registrations.rules import OPEN_ENTRIES, OPEN_KINDS

from ..failures import Failure
from . import words
from .badge import face, hindrance
from .base import Audience, Bound, Kind, Marks, Paper, Subject
from .bearers import Bearer, bearer, changes, memberships, pictures, refusal, uuids
from .concept_note import SERIES, ConceptNote
from .extracts import Extract, ForumExtract, Slot, forum_extract, slot

WAITING = "waiting"


class Appointment(Extract, frozen=True, kw_only=True):
    """`place` is "table", "behind", "observer", "waiting", or empty where none is needed."""

    slot: Slot
    place: str = ""


class NoteInPack(Extract, frozen=True, kw_only=True):
    """A note by the digest of what it shows: when that changes, so does the pack."""

    slug: str
    label: str
    digest: str


class PackExtract(Extract, frozen=True, kw_only=True):
    """`badge` is set where it names another delegation of the same person."""

    forum: ForumExtract
    bearer: Bearer
    badge: Bearer | None = None
    appointments: tuple[Appointment, ...] = ()
    notes: tuple[NoteInPack, ...] = ()

    @property
    def on_badge(self) -> Bearer:
        return self.badge or self.bearer


@dataclass(frozen=True)
class Cover:
    name: str
    arabic_name: str
    party: str
    function: str


@dataclass(frozen=True)
class PaperRow:
    label: str
    theme: int | None
    name: str
    title: str
    symbol: str
    pages: int


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


class ParticipantPack(Kind[PackExtract]):
    name = "participant_pack"
    label = gettext_lazy("Participant pack")
    template = "documents/print/pack_front.html"
    styles = ("badge",)
    reads = PackExtract
    audience = Audience.DELEGATE
    of_register = True

    @property
    def missing(self) -> str:
        return _("A pack is made for delegates who are accredited.")

    def subjects(self, programme: Programme) -> list[Subject]:
        return []

    def extract(self, published: Published, subject: str, language: str) -> PackExtract | None:
        return self.extracts(published, [subject], language).get(subject)

    def extracts(self, published: Published, subjects: Collection[str], language: str) -> dict[str, PackExtract]:
        groups = memberships(published.programme.forum.slug, uuid__in=uuids(subjects))
        chosen = [(delegate, group) for group in groups for delegate in group if str(delegate.uuid) in subjects]
        places: dict[int, dict[str, str]] = {}
        for delegate, session, place in (
            Registration.objects.active()
            .filter(delegate__in=[delegate.pk for delegate, _group in chosen])
            .values_list("delegate", "seating__session__uuid", "place")
        ):
            places.setdefault(delegate, {})[str(session)] = place or WAITING
        return {
            str(delegate.uuid): _extract(published, delegate, group, places.get(delegate.pk, {}), language)
            for delegate, group in chosen
        }

    def refusal(self, extract: PackExtract) -> str:
        return refusal(extract.on_badge)

    def printable(self, extract: PackExtract, unreadable: Collection[str]) -> PackExtract | Failure:
        return hindrance(extract.on_badge, unreadable) or extract

    def media(self, extract: PackExtract) -> Mapping[str, File]:
        return pictures([extract.on_badge])

    def readings(self, subject: str, extract: PackExtract) -> list[tuple[str, str]]:
        slots = [("slot", appointment.slot.uuid) for appointment in extract.appointments]
        return slots + [(ConceptNote.name, note.slug) for note in extract.notes]

    def title(self, extract: PackExtract) -> str:
        return _("Participant pack of %(name)s") % {"name": extract.bearer.name}

    def filename(self, extract: PackExtract) -> str:
        return f"participant-pack-{slugify(extract.bearer.family_name, allow_unicode=True)}"

    def papers(self, extract: PackExtract) -> list[Paper]:
        return [Paper(ConceptNote.name, note.slug, note.label) for note in extract.notes]

    def context(self, extract: PackExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        bearer = extract.bearer
        slots = {appointment.slot.slug: appointment.slot for appointment in extract.appointments}
        return {
            "print": marks,
            "delegate": Cover(bearer.name, bearer.arabic_name, bearer.party, bearer.function),
            "papers": [_paper(bound, slots[bound.paper.subject]) for bound in papers],
            "days": [
                Day(title, [_row(appointment, extract.forum) for appointment in appointments])
                for title, appointments in groupby(extract.appointments, key=lambda each: _day(each, extract.forum))
            ],
            "remarks": [words.hours_of(extract.forum), _("Times and rooms may change: the code on the cover tells.")],
            "badge": face(extract.on_badge, marks.ink),
        }

    def changes(self, old: PackExtract, new: PackExtract) -> list[str]:
        before = {appointment.slot.uuid: appointment for appointment in old.appointments}
        after = {appointment.slot.uuid: appointment for appointment in new.appointments}
        found = []
        for uuid, appointment in after.items():
            was, name = before.get(uuid), words.called(appointment.slot)
            details = words.changes(was.slot, appointment.slot, new.forum) if was else [_("added")]
            if was and was.place != appointment.place:
                details.append(_place(appointment.place) or _("place given up"))
            if details:
                found.append(f"{name}: {', '.join(details)}")
        # Not inside the f-strings: makemessages does not look there
        taken_out, concept_note = _("taken out"), _("concept note")
        found += [f"{words.called(was.slot)}: {taken_out}" for uuid, was in before.items() if uuid not in after]
        notes = {note.slug: note.digest for note in old.notes}
        slots = {appointment.slot.slug: appointment.slot for appointment in new.appointments}
        found += [
            f"{words.called(slots[note.slug])}: {concept_note}"
            for note in new.notes
            if notes.get(note.slug, note.digest) != note.digest and not _tells(found, words.called(slots[note.slug]))
        ]
        if told := changes(old.on_badge, new.on_badge):
            badge = _("badge")
            found.append(f"{badge}: {', '.join(told)}")
        return found or [_("names and headings")]


def _tells(found: list[str], name: str) -> bool:
    return any(line.startswith(f"{name}:") for line in found)


def _extract(
    published: Published, delegate: Delegate, group: list[Delegate], places: dict[str, str], language: str
) -> PackExtract:
    programme = published.programme
    sessions = [session for session in programme.listed if session.uuid in places or _is_open(programme, session)]
    noted = [session for session in sessions if session.kind in SERIES and places.get(session.uuid) in Place.values]
    note = ConceptNote()
    return PackExtract(
        forum=forum_extract(programme, language),
        bearer=bearer([delegate, *(other for other in group if other is not delegate)], language),
        badge=bearer(group, language) if delegate is not group[0] else None,
        appointments=tuple(
            Appointment(slot=slot(programme, session, language), place=places.get(session.uuid, ""))
            for session in sessions
        ),
        notes=tuple(
            NoteInPack(
                slug=session.slug,
                label=f"{SERIES[session.kind]}{found.serial}",
                digest=digest(found.encode()),
            )
            for session in noted
            if (found := note.extract(published, session.slug, language))
        ),
    )


def _is_open(programme: Programme, session: SessionNode) -> bool:
    forum = programme.forum
    return (
        session.kind in OPEN_KINDS
        and session.entry in OPEN_ENTRIES
        and not session.parent
        and bool(session.first_day and forum.starts_on <= session.first_day <= forum.ends_on)
    )


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
        room=words.room(place),
        room_to_confirm=words.to_confirm(place, "room") if place.room else "",
        place=_place(appointment.place),
    )


def _paper(bound: Bound, place: Slot) -> PaperRow:
    title = words.marked(place.title.text, place.title.language)
    return PaperRow(bound.paper.label, place.theme, words.name(place), title, bound.symbol, bound.pages)
