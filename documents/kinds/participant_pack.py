"""Participant pack of one delegate: cover, itinerary, badge, and the notes of their own sessions."""

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from uuid import UUID

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from people.models import Party
from programme.releases import Published
from programme.snapshot import Programme, SessionNode, digest
from registrations.badges import address_of, code_of
from registrations.models import Delegate, DelegationCategory, Place, Registration
from registrations.rules import OPEN_ENTRIES, OPEN_KINDS

from . import words
from .base import Audience, Bound, Kind, Marks, Paper, Subject
from .concept_note import SERIES, ConceptNote
from .extracts import Extract, ForumExtract, Slot, forum_extract, slot, wording

WAITING = "waiting"


class Bearer(Extract, frozen=True, kw_only=True):
    uuid: str
    honorific: str = ""
    given_name: str = ""
    family_name: str
    arabic_name: str = ""
    function: str = ""
    party: str
    category: str
    colour: str = ""
    badge: str = ""  # missing in extracts of before badges had a code


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
    forum: ForumExtract
    bearer: Bearer
    appointments: tuple[Appointment, ...] = ()
    notes: tuple[NoteInPack, ...] = ()


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


@dataclass(frozen=True)
class Badge:
    category: str
    colour: str
    country: str
    country_size: str
    given_name: str
    family_name: str
    name_size: str
    arabic_name: str
    function: str
    code: str
    qr: str


class ParticipantPack(Kind[PackExtract]):
    name = "participant_pack"
    label = gettext_lazy("Participant pack")
    template = "documents/print/pack_front.html"
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
        programme = published.programme
        delegates = (
            Delegate.objects.accredited()
            .filter(uuid__in=uuids(subjects), delegation__forum__slug=programme.forum.slug)
            .select_related("person", "delegation__party", "delegation__category")
        )
        places: dict[int, dict[str, str]] = {}
        for delegate, session, place in (
            Registration.objects.active()
            .filter(delegate__in=delegates.values("pk"))
            .values_list("delegate", "seating__session__uuid", "place")
        ):
            places.setdefault(delegate, {})[str(session)] = place or WAITING
        return {
            str(delegate.uuid): _extract(published, delegate, places.get(delegate.pk, {}), language)
            for delegate in delegates
        }

    def readings(self, subject: str, extract: PackExtract) -> list[tuple[str, str]]:
        slots = [("slot", appointment.slot.uuid) for appointment in extract.appointments]
        return slots + [(ConceptNote.name, note.slug) for note in extract.notes]

    def title(self, extract: PackExtract) -> str:
        return _("Participant pack of %(name)s") % {"name": _name(extract.bearer)}

    def filename(self, extract: PackExtract) -> str:
        return f"participant-pack-{slugify(extract.bearer.family_name, allow_unicode=True)}"

    def papers(self, extract: PackExtract) -> list[Paper]:
        return [Paper(ConceptNote.name, note.slug, note.label) for note in extract.notes]

    def context(self, extract: PackExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        bearer = extract.bearer
        slots = {appointment.slot.slug: appointment.slot for appointment in extract.appointments}
        return {
            "print": marks,
            "delegate": Cover(_name(bearer), bearer.arabic_name, bearer.party, bearer.function),
            "papers": [_paper(bound, slots[bound.paper.subject]) for bound in papers],
            "days": [
                Day(title, [_row(appointment, extract.forum) for appointment in appointments])
                for title, appointments in groupby(extract.appointments, key=lambda each: _day(each, extract.forum))
            ],
            "remarks": [words.hours_of(extract.forum), _("Times and rooms may change: the code on the cover tells.")],
            "badge": _badge(bearer),
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
        return found or [_("names and headings")]


def uuids(subjects: Collection[str]) -> list[UUID]:
    """Those that are written as one."""
    found = []
    for subject in subjects:
        with suppress(ValueError):
            found.append(UUID(subject))
    return found


def _tells(found: list[str], name: str) -> bool:
    return any(line.startswith(f"{name}:") for line in found)


def _extract(published: Published, delegate: Delegate, places: dict[str, str], language: str) -> PackExtract:
    programme = published.programme
    sessions = [session for session in programme.listed if session.uuid in places or _is_open(programme, session)]
    noted = [session for session in sessions if session.kind in SERIES and places.get(session.uuid) in Place.values]
    note = ConceptNote()
    person, delegation = delegate.person, delegate.delegation
    return PackExtract(
        forum=forum_extract(programme, language),
        bearer=Bearer(
            uuid=str(delegate.uuid),
            honorific=person.honorific,
            given_name=person.given_name,
            family_name=person.family_name,
            arabic_name=person.arabic_name,
            function=delegate.function,
            party=_in_language(delegation.party, "short_name", language),
            category=_in_language(delegation.category, "name", language),
            colour=delegation.category.colour,
            badge=code_of(person),
        ),
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


def _in_language(row: Party | DelegationCategory, field: str, language: str) -> str:
    texts = {code: getattr(row, f"{field}_{code}") or "" for code in ("en", language)}
    return wording(texts, language).text


def _name(bearer: Bearer) -> str:
    return " ".join(filter(None, [bearer.honorific, bearer.given_name, bearer.family_name]))


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


def _badge(bearer: Bearer) -> Badge:
    from ..pdf import qr  # loads WeasyPrint: in the worker only

    longest = max(len(word) for word in bearer.party.split())
    fits = "" if len(bearer.party) <= 9 else "two" if longest <= 13 and len(bearer.party) <= 26 else "long"
    name = f"{bearer.honorific} {bearer.given_name} {bearer.family_name}"
    return Badge(
        category=bearer.category,
        colour=bearer.colour,
        country=bearer.party,
        country_size=fits,
        given_name=" ".join(filter(None, [bearer.honorific, bearer.given_name])),
        family_name=bearer.family_name,
        name_size="long" if len(name) > 40 or len(bearer.family_name) > 18 else "",
        arabic_name=bearer.arabic_name,
        function=bearer.function,
        code=bearer.badge,
        qr=qr(address_of(bearer.badge)),
    )
