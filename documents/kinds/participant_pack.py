"""Participant pack of one delegate: cover, itinerary, delegation and badge; behind them the practical information
and, of their own sessions, the notes and the background papers."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.core.files import File
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from programme.releases import Published
from programme.snapshot import Programme
from registrations.models import Place

from ..failures import Failure
from . import words
from .badge import face, hindrance
from .base import Attached, Audience, Bound, Kind, Listed, Marks, Paper, Subject
from .bearers import changes, pictures, refusal
from .concept_note import ConceptNote
from .extracts import ForumExtract, Slot
from .pack_extract import WAITING, Appointment, PackExtract, read
from .practical_information import PracticalInformation

FILES = "files"  # reads the background papers of a session: see documents.kinds
PRACTICAL = "PI"


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
        return read(published, subjects, language)

    def refusal(self, extract: PackExtract) -> str:
        return refusal(extract.on_badge)

    def printable(self, extract: PackExtract, unreadable: Collection[str]) -> PackExtract | Failure:
        return hindrance(extract.on_badge, unreadable) or extract

    def media(self, extract: PackExtract) -> Mapping[str, File]:
        return pictures([extract.on_badge])

    def readings(self, subject: str, extract: PackExtract) -> list[tuple[str, str]]:
        shown = [("forum", "")]
        for appointment in extract.appointments:
            shown += [("slot", appointment.slot.uuid), (FILES, appointment.slot.uuid)]
        shown += [(ConceptNote.name, note.slug) for note in extract.notes]
        return [*shown, (PracticalInformation.name, "")] if extract.practical else shown

    def title(self, extract: PackExtract) -> str:
        return _("Participant pack of %(name)s") % {"name": extract.bearer.name}

    def filename(self, extract: PackExtract) -> str:
        return f"participant-pack-{slugify(extract.bearer.family_name, allow_unicode=True)}"

    def listed(self, extract: PackExtract) -> Listed:
        bearer = extract.bearer
        return Listed(bearer.name, bearer.party, bearer.function)

    def papers(self, extract: PackExtract) -> list[Paper | Attached]:
        """The practical information, then session by session the note and what it is good to have read."""
        found: list[Paper | Attached] = []
        if extract.practical:
            found.append(Paper(PracticalInformation.name, "", PRACTICAL))
        for appointment in extract.appointments:
            slug = appointment.slot.slug
            found += [Paper(ConceptNote.name, slug, note.label) for note in extract.notes if note.slug == slug]
            found += [
                Attached(slug, f"BP{place}", file.digest, file.title, file.language, file.pages)
                for place, file in enumerate(extract.files, 1)
                if file.slug == slug
            ]
        return found

    def context(self, extract: PackExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        bearer = extract.bearer
        slots = {appointment.slot.slug: appointment.slot for appointment in extract.appointments}
        return {
            "print": marks,
            "delegate": Cover(bearer.name, bearer.arabic_name, bearer.party, bearer.function),
            "papers": [_paper(bound, slots.get(bound.paper.subject)) for bound in papers],
            "days": [
                Day(title, [_row(appointment, extract.forum) for appointment in appointments])
                for title, appointments in groupby(extract.appointments, key=lambda each: _day(each, extract.forum))
            ],
            "remarks": [words.hours_of(extract.forum), _("Times and rooms may change: the code on the cover tells.")],
            "members": extract.delegation,
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
        taken_out, concept_note, background_papers = _("taken out"), _("concept note"), _("background papers")
        found += [f"{words.called(was.slot)}: {taken_out}" for uuid, was in before.items() if uuid not in after]
        notes = {note.slug: note.digest for note in old.notes}
        slots = {appointment.slot.slug: appointment.slot for appointment in new.appointments}
        found += [
            f"{words.called(slots[note.slug])}: {concept_note}"
            for note in new.notes
            if notes.get(note.slug, note.digest) != note.digest and not _tells(found, words.called(slots[note.slug]))
        ]
        files = {slug: _digests(old, slug) for slug in slots}
        found += [
            f"{words.called(place)}: {background_papers}"
            for slug, place in slots.items()
            if slug in {one.slot.slug for one in old.appointments} and files[slug] != _digests(new, slug)
        ]
        if old.practical != new.practical:
            found.append(_("practical information"))
        if old.delegation != new.delegation:
            found.append(_("your delegation"))
        if told := changes(old.on_badge, new.on_badge):
            badge = _("badge")
            found.append(f"{badge}: {', '.join(told)}")
        return found or [_("names and headings")]


def _digests(extract: PackExtract, slug: str) -> list[str]:
    return [file.digest for file in extract.files if file.slug == slug]


def _tells(found: list[str], name: str) -> bool:
    return any(line.startswith(f"{name}:") for line in found)


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


def _paper(bound: Bound, place: Slot | None) -> PaperRow:
    label = bound.paper.label
    if place is None:
        return PaperRow(label, None, _("Practical information"), "", bound.symbol, bound.pages)
    if isinstance(bound.paper, Attached):
        return PaperRow(label, None, _("Background paper"), _file(bound.paper, place), "", bound.pages)
    title = words.marked(place.title.text, place.title.language)
    return PaperRow(label, place.theme, words.name(place), title, bound.symbol, bound.pages)


def _file(file: Attached, place: Slot) -> SafeString:
    """“Roundtable 2.2: Financing migration”, with the language where it is another one."""
    if file.language == words.language():
        return words.labelled(words.called(place), file.title)
    direction = "rtl" if get_language_info(file.language)["bidi"] else "ltr"
    title = format_html('<span lang="{}" dir="{}">{}</span>', file.language, direction, file.title)
    language = words.languages([file.language])
    return format_html(
        _("{paper} (in {language})"), paper=words.labelled(words.called(place), title), language=language
    )
