"""Sign-in sheet of a session: who holds a place, with room to sign. Says who may sit there, never who spoke."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programme.releases import Published
from programme.snapshot import Programme
from registrations.models import Place

from . import places, words
from .base import About, Bound, Kind, Marks, Subject
from .concept_note import named
from .extracts import Extract, ForumExtract, Slot, forum_extract

WALK_INS = 6  # lines for those who come without a place


class Line(Extract, frozen=True, kw_only=True):
    """One place; without a name it is to be named."""

    party: str
    name: str = ""
    arabic_name: str = ""
    place: str


class Group(Extract, frozen=True, kw_only=True):
    category: str
    lines: tuple[Line, ...]


class SignInExtract(Extract, frozen=True, kw_only=True):
    forum: ForumExtract
    slot: Slot
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True)
class Row:
    party: str
    name: str
    arabic_name: str
    place: str


@dataclass(frozen=True)
class Rows:
    category: str
    items: list[Row]


@dataclass(frozen=True)
class Sheet:
    name: SafeString
    title: str
    title_language: str
    when: str
    room: str
    groups: list[Rows]
    walk_ins: range


class SignInSheet(Kind[SignInExtract]):
    name = "sign_in_sheet"
    label = gettext_lazy("Sign-in sheet")
    template = "documents/print/sign_in_sheet.html"
    reads = SignInExtract
    about = About.SESSION
    daily = True
    styles = ("places",)
    of_register = True

    @property
    def missing(self) -> str:
        return _("There is no such session with seats, or it is cancelled.")

    def subjects(self, programme: Programme) -> list[Subject]:
        return places.subjects(programme)

    def extract(self, published: Published, subject: str, language: str) -> SignInExtract | None:
        return self.extracts(published, [subject], language).get(subject)

    def extracts(self, published: Published, subjects: Collection[str], language: str) -> dict[str, SignInExtract]:
        programme = published.programme
        return {
            slug: SignInExtract(
                forum=forum_extract(programme, language), slot=seated.slot, groups=_groups(seated, language)
            )
            for slug, seated in places.seated(programme, subjects, language).items()
        }

    def readings(self, subject: str, extract: SignInExtract) -> list[tuple[str, str]]:
        return [("slot", extract.slot.uuid)]

    def title(self, extract: SignInExtract) -> str:
        return _("Sign-in sheet, %(session)s") % {"session": named(extract.slot)}

    def filename(self, subject: str, extract: SignInExtract) -> str:
        return f"sign-in-sheet-{extract.slot.number or extract.slot.slug}"

    def context(self, extract: SignInExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        name, title = words.heading(extract.slot)
        return {
            "print": marks,
            "sheet": Sheet(
                name=name,
                title=title.text,
                title_language=title.language,
                when=words.when(extract.slot, extract.forum),
                room=words.room(extract.slot),
                groups=[Rows(group.category, [_row(line) for line in group.lines]) for group in extract.groups],
                walk_ins=range(WALK_INS),
            ),
        }

    def changes(self, old: SignInExtract, new: SignInExtract) -> list[str]:
        """By number: the names are on paper only."""
        found = words.changes(old.slot, new.slot, new.forum)
        before, after = _lines(old), _lines(new)
        if added := (after - before).total():
            found.append(ngettext("%(n)s line added", "%(n)s lines added", added) % {"n": added})
        if gone := (before - after).total():
            found.append(ngettext("%(n)s line taken out", "%(n)s lines taken out", gone) % {"n": gone})
        return found


def _groups(seated: places.Seated, language: str) -> tuple[Group, ...]:
    by_category = groupby(seated.places, key=lambda place: place.delegation.category)
    return tuple(
        Group(
            category=places.plural_in(category, language).text,
            lines=tuple(
                Line(
                    party=places.in_language(place.delegation.party, "short_name", language),
                    name=str(place.person) if place.person else "",
                    arabic_name=place.person.arabic_name if place.person else "",
                    place=place.place,
                )
                for place in held
            ),
        )
        for category, held in by_category
    )


def _lines(extract: SignInExtract) -> Counter[Line]:
    return Counter(line for group in extract.groups for line in group.lines)


def _row(line: Line) -> Row:
    return Row(line.party, line.name, line.arabic_name, str(Place(line.place).label))
