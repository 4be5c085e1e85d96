"""Participant pack of one delegate: a cover; behind it the personal programme with the badge, the delegation, the
practical information and, of their own sessions, the notes and the background papers.

Only the cover tells the edition of the whole, so that a change of one paper leaves the others as they are.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from programme.releases import Published
from programme.snapshot import Programme

from ..failures import Failure
from . import words
from .badge import hindrance
from .base import Attached, Audience, Bound, Kind, Listed, Marks, Paper, Subject
from .bearers import of_person, refusal
from .concept_note import ConceptNote
from .delegation_members import DelegationMembers
from .extracts import Slot
from .itinerary import Itinerary, changes_of_badge, changes_of_programme
from .pack_extract import PackExtract, read
from .practical_information import PracticalInformation

FILES = "files"  # reads the background papers of a session: see documents.kinds
PRACTICAL, PERSONAL, DELEGATION = "PI", "PP", "DM"


@dataclass(frozen=True)
class Cover:
    name: str
    arabic_name: str
    party: str
    function: str


@dataclass(frozen=True)
class PaperRow:
    """On the cover. What a paper tells of itself, such as its symbol, is left to it: then the cover is made sooner."""

    label: str
    name: str
    title: str


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
        return read(published, subjects, language)

    def refusal(self, extract: PackExtract) -> str:
        return refusal(extract.on_badge)

    def printable(self, extract: PackExtract, unreadable: Collection[str]) -> PackExtract | Failure:
        return hindrance(extract.on_badge, unreadable) or extract

    def readings(self, subject: str, extract: PackExtract) -> list[tuple[str, str]]:
        shown = [("forum", "")]
        for appointment in extract.appointments:
            shown += [("slot", appointment.slot.uuid), (FILES, appointment.slot.uuid)]
        shown += [(ConceptNote.name, note.slug) for note in extract.notes]
        return [*shown, (PracticalInformation.name, "")] if extract.practical else shown

    def title(self, extract: PackExtract) -> str:
        return _("Participant pack of %(name)s") % {"name": extract.bearer.name}

    def filename(self, subject: str, extract: PackExtract) -> str:
        return f"participant-pack-{of_person(subject, extract.bearer)}"

    def listed(self, extract: PackExtract) -> Listed:
        bearer = extract.bearer
        return Listed(bearer.name, bearer.party, bearer.function)

    def papers(self, extract: PackExtract) -> list[Paper | Attached]:
        """What is of this person and of the delegation, the practical information, then session by session the note and
        what it is good to have read."""
        bearer = extract.bearer
        found: list[Paper | Attached] = [Paper(Itinerary.name, bearer.uuid, PERSONAL, extract=extract.itinerary)]
        if extract.represents and len(extract.delegation) > 1:
            found.append(Paper(DelegationMembers.name, extract.represents, DELEGATION, extract=extract.members))
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
            "papers": [_paper(bound, slots.get(bound.paper.subject)) for bound in papers if not _is_own(bound)],
        }

    def changes_of_register(self, old: PackExtract, new: PackExtract) -> list[str]:
        return [*changes_of_programme(old, new), *_changes_of_person(old, new)]

    def changes(self, old: PackExtract, new: PackExtract) -> list[str]:
        found = changes_of_programme(old, new)
        # Not inside the f-strings: makemessages does not look there
        concept_note, background_papers = _("concept note"), _("background papers")
        notes = {note.slug: note.digest for note in old.notes}
        slots = {appointment.slot.slug: appointment.slot for appointment in new.appointments}
        found += [
            words.told(words.called(slots[note.slug]), concept_note)
            for note in new.notes
            if notes.get(note.slug, note.digest) != note.digest and not _tells(found, words.called(slots[note.slug]))
        ]
        files = {slug: _digests(old, slug) for slug in slots}
        found += [
            words.told(words.called(place), background_papers)
            for slug, place in slots.items()
            if slug in {one.slot.slug for one in old.appointments} and files[slug] != _digests(new, slug)
        ]
        if old.practical != new.practical:
            found.append(_("practical information"))
        return [*found, *_changes_of_person(old, new)]


def _changes_of_person(old: PackExtract, new: PackExtract) -> list[str]:
    delegation = [_("members of the delegation")] if old.delegation != new.delegation else []
    return [*delegation, *changes_of_badge(old, new)]


def _is_own(bound: Bound) -> bool:
    """Not a paper that has a name beside the person’s: it comes first, and needs no entry."""
    return bound.paper.label in (PERSONAL, DELEGATION)


def _digests(extract: PackExtract, slug: str) -> list[str]:
    return [file.digest for file in extract.files if file.slug == slug]


def _tells(found: list[str], name: str) -> bool:
    return any(line.startswith(words.told(name, "")) for line in found)


def _paper(bound: Bound, place: Slot | None) -> PaperRow:
    label = bound.paper.label
    if place is None:
        return PaperRow(label, _("Practical information"), "")
    if isinstance(bound.paper, Attached):
        return PaperRow(label, _("Background paper"), _file(bound.paper, place))
    return PaperRow(label, words.name(place), "")


def _file(file: Attached, place: Slot) -> SafeString:
    """“Roundtable 2.2: Financing migration”, with the language where it is another one."""
    if file.language == words.language():
        return words.labelled(words.called(place), file.title)
    direction = "rtl" if get_language_info(file.language)["bidi"] else "ltr"
    title = format_html('<span lang="{}" dir="{}">{}</span>', file.language, direction, file.title)
    language = words.language_within(file.language)
    return format_html(
        _("{paper} (in {language})"), paper=words.labelled(words.called(place), title), language=language
    )
