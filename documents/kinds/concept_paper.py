"""The whole concept paper: sections, themes with their roundtables, and what else is planned."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.releases import Published
from programme.snapshot import Programme, SectionNode, SessionNode, Text

from . import prose, words
from .base import Bound, Kind, Marks, Subject, series
from .concept_note import of_kind, texts
from .extracts import NOT_IN_TIMETABLES, Extract, ForumExtract, Slot, Wording, forum_extract, slot, without, wording
from .footnotes import Footnote, footnotes, segments

# The paper speaks of the themes under its second section, and of workshops and side-events in one of its own.
BEFORE_THEMES = ("I", "II")
EVENTS = ("workshop", "side_event")


class SectionPart(Extract, frozen=True, kw_only=True):
    slug: str
    heading: Wording
    body: Wording


class RoundtablePart(Extract, frozen=True, kw_only=True):
    slug: str
    number: str
    title: Wording
    outcomes: tuple[Wording, ...] = ()
    questions: tuple[Wording, ...] = ()


class ThemePart(Extract, frozen=True, kw_only=True):
    number: int
    title: Wording
    rationale: Wording
    roundtables: tuple[RoundtablePart, ...] = ()


class PaperExtract(Extract, frozen=True, kw_only=True):
    forum: ForumExtract
    overarching_theme: Wording
    opening: tuple[SectionPart, ...] = ()
    themes: tuple[ThemePart, ...] = ()
    events: tuple[Slot, ...] = ()
    closing: tuple[SectionPart, ...] = ()
    footnotes: tuple[Footnote, ...] = ()


@dataclass(frozen=True)
class Heading:
    """A line of the contents; `level` 1 stands for sections, 2 for themes, 3 for roundtables."""

    anchor: str
    text: str
    level: int
    language: str = ""


@dataclass(frozen=True)
class Section:
    anchor: str
    heading: str
    language: str
    paragraphs: list[prose.Paragraph]


@dataclass(frozen=True)
class Roundtable:
    anchor: str
    heading: str
    language: str
    outcomes: list[prose.Paragraph]
    questions: list[prose.Paragraph]


@dataclass(frozen=True)
class Theme:
    anchor: str
    number: int
    heading: str
    language: str
    rationale: list[prose.Paragraph]
    roundtables: list[Roundtable]


@dataclass(frozen=True)
class Event:
    name: str
    title: str
    title_language: str
    when: str
    place: str
    to_confirm: str
    cancelled: str


class ConceptPaper(Kind[PaperExtract]):
    name = "concept_paper"
    label = gettext_lazy("Concept paper, whole")
    template = "documents/print/concept_paper.html"
    reads = PaperExtract

    def subjects(self, programme: Programme) -> list[Subject]:
        return [Subject("", _("The whole paper"))]

    def extract(self, published: Published, subject: str, language: str) -> PaperExtract | None:
        programme = published.programme
        sections = [section for section in programme.sections if section.kind == "paper"]
        if subject or not (sections or programme.themes):
            return None
        opening = [section for section in sections if section.numeral in BEFORE_THEMES]
        closing = [section for section in sections if section.numeral not in BEFORE_THEMES]
        return PaperExtract(
            forum=forum_extract(programme, language),
            overarching_theme=wording(programme.forum.overarching_theme, language),
            opening=tuple(section_part(section, language) for section in opening),
            themes=tuple(
                ThemePart(
                    number=theme.number,
                    title=wording(theme.title, language),
                    rationale=wording(theme.rationale, language),
                    roundtables=tuple(
                        _roundtable(session, language)
                        for session in programme.roundtables
                        if session.theme == theme.number
                    ),
                )
                for theme in programme.themes
            ),
            events=tuple(
                without(slot(programme, session, language), *NOT_IN_TIMETABLES, "media")
                for kind in EVENTS
                for session in of_kind(programme, kind)
            ),
            closing=tuple(section_part(section, language) for section in closing),
            footnotes=footnotes(programme, _texts(programme, opening, closing), language),
        )

    def title(self, extract: PaperExtract) -> str:
        return _("Concept paper, %(forum)s") % {"forum": extract.forum.title}

    def symbol(self, extract: PaperExtract) -> str:
        return series(extract.forum.acronym, extract.forum.starts_on, "CP/1")

    def filename(self, subject: str, extract: PaperExtract) -> str:
        return "concept-paper"

    def context(self, extract: PaperExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        notes = _Once(segments(extract.footnotes))
        opening = [printed_section(part, notes) for part in extract.opening]
        themes = [_printed_theme(part, notes) for part in extract.themes]
        closing = [printed_section(part, notes) for part in extract.closing]
        events = [_event(place, extract.forum) for place in extract.events]
        return {
            "print": marks,
            "paper": {
                "title": extract.forum.title,
                "theme": extract.overarching_theme,
                "contents": list(_contents(opening, themes, events, closing)),
                "opening": opening,
                "themes": themes,
                "events": events,
                "closing": closing,
            },
        }

    def changes(self, old: PaperExtract, new: PaperExtract) -> list[str]:
        found = []
        before = {part.slug: part for part in (*old.opening, *old.closing)}
        found += [part.heading.text for part in (*new.opening, *new.closing) if before.get(part.slug, part) != part]
        themes = {theme.number: theme for theme in old.themes}
        for theme in new.themes:
            was = themes.get(theme.number)
            if was and (was.title, was.rationale) != (theme.title, theme.rationale):
                found.append(_("Theme %(number)s") % {"number": theme.number})
        roundtables = {one.slug: one for theme in old.themes for one in theme.roundtables}
        found += [
            _("Roundtable %(number)s") % {"number": one.number}
            for theme in new.themes
            for one in theme.roundtables
            if roundtables.get(one.slug, one) != one
        ]
        if old.events != new.events:
            found.append(_("workshops and side-events"))
        if old.footnotes != new.footnotes:
            found.append(_("references"))
        return found


class _Once(dict[str, prose.Segment]):
    """Each reference is a footnote where it is cited first; after that its number stands."""

    def __init__(self, notes: dict[str, prose.Segment]):
        super().__init__(notes)
        self.numbers: dict[str, int] = {}

    def get(self, key, default=None):
        if key not in self:
            return default
        if key in self.numbers:
            return prose.Segment(text=f" [{self.numbers[key]}]")
        self.numbers[key] = len(self.numbers) + 1
        return self[key]


def _texts(programme: Programme, opening: list[SectionNode], closing: list[SectionNode]) -> list[Text]:
    found = [section.body for section in opening]
    for theme in programme.themes:
        found.append(theme.rationale)
        for session in programme.roundtables:
            if session.theme == theme.number:
                found += texts(session)
    return found + [section.body for section in closing]


def section_part(section: SectionNode, language: str) -> SectionPart:
    return SectionPart(
        slug=section.slug, heading=wording(section.heading, language), body=wording(section.body, language)
    )


def _roundtable(session: SessionNode, language: str) -> RoundtablePart:
    return RoundtablePart(
        slug=session.slug,
        number=session.number,
        title=wording(session.title, language),
        outcomes=tuple(wording(part.text, language) for part in session.outcomes),
        questions=tuple(wording(part.text, language) for part in session.questions),
    )


def printed_section(part: SectionPart, notes: dict[str, prose.Segment]) -> Section:
    return Section(f"section-{part.slug}", part.heading.text, part.heading.language, prose.paragraphs(part.body, notes))


def _printed_theme(part: ThemePart, notes: dict[str, prose.Segment]) -> Theme:
    heading = _("Theme %(number)s: %(title)s") % {"number": part.number, "title": part.title.text}
    rationale = prose.paragraphs(part.rationale, notes)
    return Theme(
        f"theme-{part.number}",
        part.number,
        heading,
        part.title.language,
        rationale,
        [_printed_roundtable(one, notes) for one in part.roundtables],
    )


def _printed_roundtable(part: RoundtablePart, notes: dict[str, prose.Segment]) -> Roundtable:
    name = _("Roundtable %(number)s") % {"number": part.number}
    return Roundtable(
        f"roundtable-{part.slug}",
        words.labelled(name, part.title.text),
        part.title.language,
        [found for text in part.outcomes for found in prose.paragraphs(text, notes)],
        [prose.paragraph(text, notes, number=number) for number, text in enumerate(part.questions, 1)],
    )


def _event(place: Slot, forum: ForumExtract) -> Event:
    name, title = words.heading(place)
    return Event(
        name=name,
        title=title.text,
        title_language=title.language,
        when=words.when(place, forum),
        place=words.place(place),
        to_confirm=words.to_confirm(place, "session", "day", "hours"),
        cancelled=words.cancelled(place, forum),
    )


def _contents(
    opening: list[Section], themes: list[Theme], events: list[Event], closing: list[Section]
) -> Iterator[Heading]:
    for section in opening:
        yield Heading(section.anchor, section.heading, 1, section.language)
    for theme in themes:
        yield Heading(theme.anchor, theme.heading, 2, theme.language)
        for roundtable in theme.roundtables:
            yield Heading(roundtable.anchor, roundtable.heading, 3, roundtable.language)
    if events:
        yield Heading("events", _("Thematic workshops and side-events"), 1)
    for section in closing:
        yield Heading(section.anchor, section.heading, 1, section.language)
