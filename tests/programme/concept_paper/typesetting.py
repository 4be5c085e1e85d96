"""Sets the tree of a paper as a PDF's text comes out: lines, pages and footnotes fall as the dice do."""

import re
import textwrap
from dataclasses import dataclass, field
from random import Random

from programme.concept_paper.tree import Footnote, Paper, Passage

WORDS = {
    "en": {
        "theme": "Theme {}: {}",
        "roundtable": "Roundtable {}: {}",
        "outcomes": "Expected outcomes",
        "questions": "Guiding questions",
        "overarching": "Overarching Theme: “{}”",
        "events": "Other planned workshops and side-events",
        "workshop": "Two thematic workshops are planned in {}:",
        "side_event": "In addition, side-events are planned with various partners under the following themes:",
    },
    "fr": {
        "theme": "Thème {} : {}",
        "roundtable": "Table ronde {} : {}",
        "outcomes": "Résultats attendus",
        "questions": "Questions directrices",
        "overarching": "Thème général : « {} »",
        "events": "Autres ateliers et manifestations parallèles prévus",
        "workshop": "Deux ateliers thématiques sont prévus en {} :",
        "side_event": "Il est prévu en outre une manifestation parallèle :",
    },
}


@dataclass(frozen=True)
class Row:
    """A paragraph, a member of a list, a heading or a label, with `[^3]` as in the tree."""

    kind: str
    text: str
    in_list: bool = False  # a question, or an event
    title: str = ""  # of a heading, without its number
    level: int = 0


def rows(paper: Paper) -> list[Row]:
    words, found = WORDS[paper.language], []

    def passage(node: Passage | None) -> None:
        for paragraph in node.text.split("\n\n") if node else []:
            items = paragraph.startswith("- ")
            found.extend(
                Row("item" if items else "paragraph", line.removeprefix("- ")) for line in paragraph.split("\n")
            )

    def heading(kind: str, number: object, title: str, level: int) -> None:
        found.append(Row("heading", words[kind].format(number, title), title=title, level=level))

    for section in paper.sections:
        mark = {"V": "V- ", "IV": "IV. "}.get(section.numeral, f"{section.numeral}. ")
        if section.numeral == "IV":
            _events(paper, words, found)
        found.append(Row("heading", f"{mark}{section.heading}", title=section.heading, level=1))
        if section.heading == paper.title:
            found.append(Row("heading", words["overarching"].format(paper.overarching_theme)))
        passage(section.body)
        if section.heading != paper.title:
            continue
        for theme in paper.themes:
            heading("theme", theme.number, theme.title, 0)
            for roundtable in theme.roundtables:
                heading("roundtable", roundtable.number, roundtable.title, 0)
        for theme in paper.themes:
            heading("theme", theme.number, theme.title, 2)
            passage(theme.rationale)
            for roundtable in theme.roundtables:
                heading("roundtable", roundtable.number, roundtable.title, 3)
                passage(roundtable.summary)
                found.append(Row("label", words["outcomes"]))
                for outcome in roundtable.outcomes:
                    passage(outcome)
                found.append(Row("label", words["questions"]))
                found.extend(Row("item", question.text, in_list=True) for question in roundtable.questions)
    return found


def _events(paper: Paper, words: dict[str, str], found: list[Row]) -> None:
    found.append(Row("heading", f"III. {words['events']}", title=words["events"], level=1))
    year = re.findall(r"\d{4}", paper.title)[0]
    for kind in ("workshop", "side_event"):
        found.append(Row("paragraph", words[kind].format(year)))
        events = [event for event in paper.events if event.kind == kind]
        found.extend(Row("item", f"{event.title} ({event.when.written})", in_list=True) for event in events)


@dataclass
class Line:
    text: str
    row: Row
    is_first: bool
    gap: int
    cites: list[int] = field(default_factory=list)
    is_full: bool = True  # the line before it; false where a paragraph ended there with room to spare


def as_text(paper: Paper, dice: Random, *, pages: int = 4) -> str:
    width = dice.randint(64, 100)
    lines = _lines(rows(paper), width, dice)
    places = [index for index in range(1, len(lines)) if _may_turn(lines, index)]
    turns = set(dice.sample(places, k=min(pages, len(places))))
    for index in turns:  # a blank line says nothing where a page broke the paragraph before it
        following = next((line for line in lines[index:] if line.is_first and line.row is not lines[index].row), None)
        if following:
            following.gap = 2
    setter = _Setter(paper, width, dice)
    for index, line in enumerate(lines):
        if index in turns:
            setter.turn(lines, index)
        setter.write(line)
    setter.end()
    return "\n".join(setter.out) + "\n"


def _lines(all_rows: list[Row], width: int, dice: Random) -> list[Line]:
    lines: list[Line] = []
    before: Row | None = None
    spaced_before = False
    for row in all_rows:
        spaced = dice.random() < 0.25
        measure = dice.randint(45, width) if row.kind == "heading" else width - dice.randint(0, 3)
        broken = textwrap.wrap(re.sub(r"\[\^(\d+)\]", "\ue000\\1", row.text), measure, break_long_words=False)
        for place, text in enumerate(broken):
            cites = [int(number) for number in re.findall("\ue000(\\d+)", text)]
            if place:
                gap = 1 if spaced else 0
            elif row.kind == "item" and before and before.kind == "item":
                gap = dice.randint(0, 1)
            else:
                gap = 2 if spaced_before else dice.randint(1, 2)
            words = text.replace("\ue000", "")
            full = bool(lines) and len(lines[-1].text) + 1 + len(words.split(" ")[0]) > width * 0.8
            lines.append(Line(words, row, place == 0, gap, cites, full))
        before, spaced_before = row, spaced or len(broken) == 1
    return lines


def _may_turn(lines: list[Line], index: int) -> bool:
    """Not inside a title, and not where nobody could tell whether a paragraph ends with the page."""
    line, before = lines[index], lines[index - 1]
    if line.row.kind == "heading" and not line.is_first:
        return False
    return not (line.is_first and line.row.kind == "paragraph" and before.row.kind != "heading" and line.is_full)


class _Setter:
    def __init__(self, paper: Paper, width: int, dice: Random) -> None:
        self.notes = {note.number: note for note in paper.footnotes}
        self.width, self.dice = width, dice
        self.out: list[str] = []
        self.due: list[int] = []  # footnotes cited, and not yet printed
        self.rest: list[str] = []  # of a footnote that goes on on the next page
        self.prefix, self.gapless = " ", True
        self.page = 1

    def write(self, line: Line) -> None:
        if not self.gapless:
            self.out += [self.dice.choice(["", " "]) for _each in range(line.gap)]
        space = "" if re.search(r"\w-$", line.text) else " "
        mark = " " if line.row.kind == "item" and line.is_first else ""
        self.out.append(f"{self.prefix}{mark}{line.text}{space}")
        self.prefix, self.gapless = "", False
        self.due += line.cites

    def turn(self, lines: list[Line], index: int) -> None:
        self.page += 1
        if (self.due and self.dice.random() < 0.8) or self.rest:
            self._print_notes(may_split=True)
            self.prefix, self.gapless = " ", True
            return
        line, before = lines[index], lines[index - 1]
        ways = ["number", "feed"]
        second_sentence = line.row.kind == "item" and not line.is_first and re.search(r"[.?!)]$", before.text)
        after_list = line.is_first and line.row.kind == "paragraph" and before.row.kind == "item"
        if not second_sentence and not after_list:
            ways.append("silently")
        way = self.dice.choice(ways)
        if way == "number":
            self.out += ["", f"{self.page} ", " ", ""]
            self.gapless = True
        elif way == "feed":
            self.prefix = "\f"
        else:
            self.prefix, self.gapless = " ", not line.is_first

    def end(self) -> None:
        if self.due or self.rest:
            self._print_notes(may_split=False)

    def _print_notes(self, *, may_split: bool) -> None:
        self.out += ["", " " * 59, *self.rest]
        self.rest = []
        urls: list[str] = []
        for number in self.due:
            note = self.notes[number]
            hidden = number == 4
            text = note.text if hidden else written(note)
            urls += note.urls
            broken = textwrap.wrap(f"{number} {text}", self.width)
            cut = len(broken) - 1
            if may_split and number == self.due[-1] and cut and not note.urls and self.dice.random() < 0.5:
                broken, self.rest = broken[:cut], broken[cut:]
            self.out += broken
        self.due = []
        if urls:  # a PDF repeats the addresses behind links at the page's end
            self.out += ["", *[url for url in urls for _again in range(self.dice.randint(1, 2))]]


def written(note: Footnote) -> str:
    """With its addresses where an author would put them."""
    if not note.urls:
        return note.text
    if ", consulted" in note.text:
        return note.text.replace(", consulted", f", {note.urls[0]}, consulted")
    if len(note.urls) == 2:
        first, _dot, second = note.text.rpartition(". ")
        return f"{first}. {note.urls[0]} {second} {note.urls[1]}"
    return f"{note.text} {note.urls[0]}".strip()
