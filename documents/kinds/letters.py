"""Letters of a delegate with a reference number: invitation, and support of the application for a visa.

No number of a passport and no date of birth: the portal does not ask for them.
"""

from abc import abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.releases import Published
from programme.snapshot import Programme
from registrations.models import Delegate

from ..models import LetterReference
from . import words
from .base import Audience, Bound, Kind, Marks, Subject
from .bearers import uuids
from .extracts import Extract, ForumExtract, forum_extract, wording
from .naming import plainly, short
from .places import in_language


class LetterExtract(Extract, frozen=True, kw_only=True):
    forum: ForumExtract
    reference: str
    party: str
    name: str
    family_name: str
    arabic_name: str = ""
    function: str = ""
    signatory_name: str = ""
    signatory_function: str = ""


@dataclass(frozen=True)
class Fact:
    label: str
    text: str


@dataclass(frozen=True)
class Letter:
    kicker: str
    addressee: str
    title: str
    opening: list[str]
    facts: list[Fact]
    arabic_name: str
    closing: list[str]
    signatory_name: str
    signatory_function: str


class DelegateLetter(Kind[LetterExtract]):
    """What all letters of a delegate have in common; `series` is the kind of reference number."""

    template = "documents/print/letter.html"
    reads = LetterExtract
    audience = Audience.DELEGATE
    styles = ("letter",)
    of_register = True
    of_programme = False
    series: ClassVar[LetterReference.Kind]

    @property
    def missing(self) -> str:
        return _("Letters are made for delegates who are accredited.")

    def subjects(self, programme: Programme) -> list[Subject]:
        return []

    def enter(self, published: Published, subject: str, now: datetime) -> None:
        for delegate in _accredited(published, [subject]):
            LetterReference.objects.give(delegate=delegate, kind=self.series, now=now)

    def extract(self, published: Published, subject: str, language: str) -> LetterExtract | None:
        return self.extracts(published, [subject], language).get(subject)

    def extracts(self, published: Published, subjects: Collection[str], language: str) -> dict[str, LetterExtract]:
        delegates = _accredited(published, subjects)
        references = LetterReference.objects.filter(kind=self.series, delegate__in=delegates)
        given = {reference.delegate_id: reference for reference in references}
        forum = forum_extract(published.programme, language)
        return {
            str(delegate.uuid): _extract(forum, delegate, given[delegate.pk], language)
            for delegate in delegates
            if delegate.pk in given
        }

    def symbol(self, extract: LetterExtract) -> str:
        return extract.reference

    def filename(self, subject: str, extract: LetterExtract) -> str:
        return f"{self.name.replace('_', '-')}-{plainly(extract.family_name, short(subject))}"

    def context(self, extract: LetterExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        return {
            "print": marks,
            "letter": Letter(
                kicker=str(self.label),
                addressee=self.addressee(extract),
                title=extract.forum.title,
                opening=self.opening(),
                facts=_facts(extract),
                arabic_name=extract.arabic_name,
                closing=self.closing(),
                signatory_name=extract.signatory_name,
                signatory_function=extract.signatory_function,
            ),
        }

    def changes(self, old: LetterExtract, new: LetterExtract) -> list[str]:
        said = ("party", "name", "arabic_name", "function", "signatory_name", "signatory_function")
        return [_("names and headings")] if any(getattr(old, one) != getattr(new, one) for one in said) else []

    @abstractmethod
    def addressee(self, extract: LetterExtract) -> str: ...

    @abstractmethod
    def opening(self) -> list[str]:
        """Paragraphs before the facts."""

    @abstractmethod
    def closing(self) -> list[str]:
        """Paragraphs after the facts."""


class InvitationLetter(DelegateLetter):
    name = "invitation_letter"
    label = gettext_lazy("Invitation letter")
    series = LetterReference.Kind.INVITATION

    def title(self, extract: LetterExtract) -> str:
        return _("Invitation letter of %(name)s") % {"name": extract.name}

    def addressee(self, extract: LetterExtract) -> str:
        return extract.party

    def opening(self) -> list[str]:
        return [
            _("We have the honour to invite the member of your delegation named below to take part in the forum."),
        ]

    def closing(self) -> list[str]:
        return [
            _("The accreditation is granted; the badge is handed over at the venue, to its bearer in person."),
            _(
                "This letter is no document of travel. Where entry into the host country needs a visa, a letter in "
                "support of the application is to be had on the portal of the forum."
            ),
            _("Please accept the assurances of our highest consideration."),
        ]


class VisaLetter(DelegateLetter):
    name = "visa_letter"
    label = gettext_lazy("Visa support letter")
    series = LetterReference.Kind.VISA

    def title(self, extract: LetterExtract) -> str:
        return _("Visa support letter of %(name)s") % {"name": extract.name}

    def addressee(self, extract: LetterExtract) -> str:
        return _("To the consular authorities of the host country")

    def opening(self) -> list[str]:
        return [_("We confirm that the person named below is accredited to the forum and is expected to attend it.")]

    def closing(self) -> list[str]:
        return [
            _(
                "We would be grateful if you would facilitate the issue of the visa that is needed to attend, and "
                "entry for these dates and the days of travel."
            ),
            _(
                "This letter does not replace the conditions of entry. Whether it is still valid can be asked at the "
                "address below, by its code."
            ),
            _("Please accept the assurances of our highest consideration."),
        ]


def _accredited(published: Published, subjects: Collection[str]) -> list[Delegate]:
    return list(
        Delegate.objects.accredited()
        .filter(uuid__in=uuids(subjects), delegation__forum__slug=published.programme.forum.slug)
        .select_related("person", "delegation__party", "delegation__forum")
    )


def _extract(forum: ForumExtract, delegate: Delegate, reference: LetterReference, language: str) -> LetterExtract:
    person, party, row = delegate.person, delegate.delegation.party, delegate.delegation.forum
    function = {code: getattr(row, f"signatory_function_{code}") or "" for code in ("en", language)}
    return LetterExtract(
        forum=forum,
        reference=f"{forum.acronym}/{reference.year}/LET/{reference.number}",
        party=in_language(party, "formal_name", language) or in_language(party, "short_name", language),
        name=str(person),
        family_name=person.family_name,
        arabic_name=person.arabic_name,
        function=delegate.function,
        signatory_name=row.signatory_name,
        signatory_function=wording(function, language).text,
    )


def _facts(extract: LetterExtract) -> list[Fact]:
    forum = extract.forum
    found = [
        (_("Name"), extract.name),
        (_("Function"), extract.function),
        (_("Delegation"), extract.party),
        (_("Forum"), forum.name),
        (_("Place"), forum.city),
        (_("Dates"), words.days(forum.starts_on, forum.ends_on)),
    ]
    return [Fact(label, text) for label, text in found if text]
