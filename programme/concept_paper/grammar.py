"""From paragraphs and headings to the tree of a paper. What has no place in it is listed, with the reason."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from .blocks import Block
from .events import event
from .headings import ROMAN, Heading, event_kinds
from .refusal import NotAPaper
from .tree import Event, Footnote, Paper, Passage, Roundtable, Section, Theme, Unplaced

QUOTES = '“”"«»„ \u00a0\u202f'


@dataclass
class Part:
    """A heading and what stands under it, up to the next."""

    heading: Heading
    line: int
    blocks: list[Block] = field(default_factory=list)

    @property
    def labels(self) -> set[str]:
        return {block.heading.kind for block in self.blocks if block.heading}


def compose(blocks: Sequence[Block], footnotes: Sequence[Footnote], unplaced: Sequence[Unplaced]) -> Paper:
    return _Composer(footnotes, unplaced).compose(blocks)


class _Composer:
    def __init__(self, footnotes: Sequence[Footnote], unplaced: Sequence[Unplaced]) -> None:
        self.footnotes, self.unplaced = footnotes, list(unplaced)
        self.parts: list[Part] = []
        self.title, self.overarching_theme = "", ""

    def compose(self, blocks: Sequence[Block]) -> Paper:
        self._divide(blocks)
        if not any(part.heading.kind in {"theme", "roundtable"} for part in self.parts):
            raise NotAPaper(
                _("This is no concept paper: it has no heading such as “Theme 1: …” or “Roundtable 1.1: …”.")
            )
        if not self.overarching_theme:
            self._leave(1, "", _("The paper names no overarching theme."))
        themes = self._themes()
        sections, events = self._sections()
        return Paper(
            title=self.title,
            language=self._language(),
            overarching_theme=self.overarching_theme,
            sections=tuple(sections),
            themes=tuple(themes),
            events=tuple(events),
            footnotes=tuple(self.footnotes),
            unplaced=tuple(sorted(self.unplaced, key=lambda node: node.line)),
        )

    def _leave(self, line: int, text: str, reason: str) -> None:
        self.unplaced.append(Unplaced(line=line, text=text, reason=reason))

    def _leave_all(self, blocks: Sequence[Block], reason: str) -> None:
        for block in blocks:
            if block.text:
                self._leave(block.line, block.text, reason)

    # Parts

    def _divide(self, blocks: Sequence[Block]) -> None:
        nowhere = False  # under a heading of which the place cannot be told
        for block in blocks:
            found = block.heading
            nowhere = (nowhere and not found) or block.level == 1
            for line, text in block.doubts:
                paragraph = _("It cannot be seen whether a new paragraph begins here.")
                title = _("It cannot be seen whether this belongs to the title above it.")
                self._leave(line, text, title if found else paragraph)
            if found and found.kind == "overarching":
                self._take_overarching(found)
            elif found and not found.is_label and self._opens(found):
                self.parts.append(Part(found, block.line))
            elif nowhere and self.parts:
                self._leave(block.line, block.text, _("This stands under a heading without numeral or number."))
            elif self.parts:
                self.parts[-1].blocks.append(block)
            else:
                self._leave(block.line, block.text, _("This stands before the first heading."))

    def _opens(self, found: Heading) -> bool:
        """A section’s numeral is higher than those before it; else it is the initial of a name, say."""
        if found.kind != "section":
            return True
        before = [part for part in self.parts if part.heading.kind == "section"]
        return not before or ROMAN.index(found.number) > ROMAN.index(before[-1].heading.number)

    def _take_overarching(self, found: Heading) -> None:
        if not self.overarching_theme:
            self.overarching_theme = found.title.strip(QUOTES)
            sections = [part.heading.title for part in self.parts if part.heading.kind == "section"]
            self.title = sections[-1] if sections else ""

    def _language(self) -> str:
        spoken = Counter(
            heading.language
            for part in self.parts
            for heading in [part.heading, *(block.heading for block in part.blocks if block.heading)]
            if heading.language
        )
        return spoken.most_common(1)[0][0]

    def _chosen(self, kind: str) -> list[Part]:
        """One part for each number: a heading without text is that of the list in front."""
        numbers = dict.fromkeys(part.heading.number for part in self.parts if part.heading.kind == kind)
        chosen = []
        for number in numbers:
            parts = [part for part in self.parts if part.heading.kind == kind and part.heading.number == number]
            full = [part for part in parts if part.labels] or [part for part in parts if part.blocks] or parts
            best = full[-1]
            chosen.append(best)
            for other in parts:
                if other is best:
                    continue
                self._leave_all(other.blocks, _("This stands under a heading that comes a second time with its text."))
                if _same(other.heading.title) != _same(best.heading.title):
                    title = other.heading.title
                    self._leave(other.line, title, _("The same number has another title elsewhere in the paper."))
        return chosen

    # Themes and roundtables

    def _themes(self) -> list[Theme]:
        chosen = self._chosen("roundtable")
        roundtables = [self._roundtable(part) for part in chosen]
        themes = []
        for part in self._chosen("theme"):
            number = int(part.heading.number)
            own = sorted((each for each in roundtables if each.theme == number), key=lambda each: each.place)
            rationale = self._prose(part)
            if not rationale:
                self._leave(part.line, part.heading.title, _("This theme has no text."))
            themes.append(
                Theme(
                    line=part.line,
                    number=number,
                    title=part.heading.title,
                    rationale=rationale,
                    roundtables=tuple(own),
                )
            )
        numbers = {str(theme.number) for theme in themes}
        for part in chosen:
            if part.heading.number.split(".")[0] not in numbers:
                reason = _("The theme of this roundtable is not in the paper.")
                self._leave(part.line, f"{part.heading.number} {part.heading.title}", reason)
                self._leave_all(part.blocks, reason)
        return sorted(themes, key=lambda theme: theme.number)

    def _roundtable(self, part: Part) -> Roundtable:
        theme, place = part.heading.number.split(".")
        under: dict[str, list[Block]] = {"summary": [], "outcomes": [], "questions": []}
        current = "summary"
        for block in part.blocks:
            if block.heading and block.heading.is_label:
                current = block.heading.kind
            else:
                under[current].append(block)
        if not under["questions"]:
            self._leave(part.line, part.heading.title, _("This roundtable has no guiding questions."))
        if not under["outcomes"]:
            self._leave(part.line, part.heading.title, _("This roundtable has no expected outcomes."))
        return Roundtable(
            line=part.line,
            theme=int(theme),
            place=int(place),
            title=part.heading.title,
            summary=self._passage(under["summary"]),
            outcomes=self._outcomes(under["outcomes"]),
            questions=self._questions(under["questions"]),
        )

    def _outcomes(self, blocks: Sequence[Block]) -> tuple[Passage, ...]:
        """A paragraph each; members of a list are outcomes of their own, unless a paragraph announces them."""
        groups: list[list[Block]] = []
        for block in blocks:
            if block.is_item and groups and (groups[-1][-1].is_item or groups[-1][-1].text.endswith(":")):
                if groups[-1][0].is_item:
                    groups.append([block])
                else:
                    groups[-1].append(block)
            else:
                groups.append([block])
        return tuple(Passage(line=group[0].line, text=_written(group)) for group in groups)

    def _questions(self, blocks: Sequence[Block]) -> tuple[Passage, ...]:
        """Members of the list; where nothing is marked as one, paragraphs that ask."""
        marked = [block for block in blocks if block.is_item]
        if not marked and all("?" in block.text for block in blocks):
            marked = list(blocks)
        others = [block for block in blocks if block not in marked]
        self._leave_all(others, _("This stands among the guiding questions, but is not marked as one."))
        return tuple(Passage(line=block.line, text=block.text) for block in marked)

    def _prose(self, part: Part) -> Passage | None:
        labels = (place for place, block in enumerate(part.blocks) if block.heading and block.heading.is_label)
        end = next(labels, len(part.blocks))
        reason = _("This stands under a heading that only roundtables have, outside of any roundtable.")
        self._leave_all(part.blocks[end:], reason)
        return self._passage(part.blocks[:end])

    def _passage(self, blocks: Sequence[Block]) -> Passage | None:
        text = _written(blocks)
        return Passage(line=blocks[0].line, text=text) if text else None

    # Sections and events

    def _sections(self) -> tuple[list[Section], list[Event]]:
        sections: list[Section] = []
        events: list[Event] = []
        for part in self._chosen("section"):
            if event_kinds(part.heading.title) and any(block.is_item for block in part.blocks):
                events += self._events(part)
            else:
                number, title = part.heading.number, part.heading.title
                body = self._prose(part)
                sections.append(Section(line=part.line, numeral=number, heading=title, body=body))
        return sections, events

    def _events(self, part: Part) -> list[Event]:
        """Each list belongs to what the sentence in front of it speaks of, and to that sentence’s year."""
        events: list[Event] = []
        kinds = event_kinds(part.heading.title)
        year = _year(part.heading.title) or _year(self.title)
        for block in part.blocks:
            if not block.is_item or block.text.endswith(":"):
                kinds, year = event_kinds(block.text), _year(block.text) or year
                if not kinds:
                    self._leave(
                        block.line, block.text, _("This stands among the workshops and side-events, but is none.")
                    )
            elif len(kinds) != 1:
                reason = _("It cannot be seen whether this is a workshop or a side-event.")
                self._leave(block.line, block.text, reason)
            else:
                found = event(kinds[0], block.line, block.text, year)
                events.append(found)
                if not found.when:
                    self._leave(block.line, block.text, _("No date could be read here."))
        return events


def _year(text: str) -> int | None:
    found = re.findall(r"\b20\d\d\b", text)
    return int(found[-1]) if found else None


def _same(title: str) -> str:
    return re.sub(r"\W", "", title).lower()


def _written(blocks: Sequence[Block]) -> str:
    """As content fields are written; they know no numbered lists, so the number is part of the text."""
    text = ""
    for before, block in zip([None, *blocks], blocks, strict=False):
        inside = before and before.is_item and block.is_item
        number = f"{block.mark.strip()} " if re.search(r"\w", block.mark) else ""
        text += ("\n" if inside else "\n\n") + (f"- {number}{block.text}" if block.is_item else block.text)
    return text.strip()
