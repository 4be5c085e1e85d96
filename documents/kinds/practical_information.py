"""Practical information: where, when, how to come in. In packs, too."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.releases import Published
from programme.snapshot import Programme

from .base import Bound, Kind, Marks, Subject, series
from .concept_paper import SectionPart, printed_section, section_part
from .extracts import Extract, ForumExtract, forum_extract
from .footnotes import Footnote, footnotes, segments


class PracticalExtract(Extract, frozen=True, kw_only=True):
    forum: ForumExtract
    sections: tuple[SectionPart, ...]
    footnotes: tuple[Footnote, ...] = ()


class PracticalInformation(Kind[PracticalExtract]):
    name = "practical_information"
    label = gettext_lazy("Practical information")
    template = "documents/print/practical_information.html"
    reads = PracticalExtract

    def subjects(self, programme: Programme) -> list[Subject]:
        return [Subject("", _("All of it"))]

    def extract(self, published: Published, subject: str, language: str) -> PracticalExtract | None:
        programme = published.programme
        sections = [section for section in programme.sections if section.kind == "practical"]
        if subject or not sections:
            return None
        return PracticalExtract(
            forum=forum_extract(programme, language),
            sections=tuple(section_part(section, language) for section in sections),
            footnotes=footnotes(programme, [section.body for section in sections], language),
        )

    def title(self, extract: PracticalExtract) -> str:
        return _("Practical information")

    def symbol(self, extract: PracticalExtract) -> str:
        return series(extract.forum.acronym, extract.forum.starts_on, "PI/1")

    def filename(self, subject: str, extract: PracticalExtract) -> str:
        return "practical-information"

    def context(self, extract: PracticalExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        notes = segments(extract.footnotes)
        return {"print": marks, "sections": [printed_section(part, notes) for part in extract.sections]}

    def changes(self, old: PracticalExtract, new: PracticalExtract) -> list[str]:
        before = {part.slug: part for part in old.sections}
        return [part.heading.text for part in new.sections if before.get(part.slug) != part]
