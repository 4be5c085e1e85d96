"""A text file, page by page: lines of the body apart from footnotes, addresses and page numbers.

A paper that comes out of a PDF has lost its pages. What is left of them: a form feed, a page
number alone on its line, the long line of spaces above footnotes, the addresses behind links at a
page's end, and one space before the first line of the next page.
"""

import re
from dataclasses import dataclass, field

from .headings import heading
from .joining import URL, ended, tidy

RULE = re.compile(r"[ \u00a0]{20,}|\s*[_‗─—-]{10,}\s*")
PAGE_NUMBER = re.compile(r"(?:page\s*)?[-–]?\s*\d{1,3}(?:\s*(?:/|of|sur)\s*\d{1,3})?\s*[-–]?", re.IGNORECASE)
CONTENTS = re.compile(r".*\.{4,}\s*\d{1,3}")
GLYPH = re.compile(r"(?:[•◦▪▫●○■□‣⁃➢➤✓·\uf000-\uf0ff*]|[-–—](?=\s)|\(?(?:\d{1,2}|[a-z])[.)](?=\s))\s*")
NOTE = re.compile(r"(?P<number>\d{1,3})(?:\s+(?=\S)|(?=[^\W\d_]|[“\"«]))")
MOST_LINES = 200  # of a footnote


@dataclass(frozen=True)
class Line:
    number: int
    text: str
    gap: int = 0  # blank lines before it
    indent: int = 0  # one or two spaces, without the one that begins a page
    page: bool = False  # first of a page
    glyph: str = ""  # the mark of a list that stood before the text

    @property
    def marked(self) -> bool:
        return self.indent > 0 or bool(self.glyph)


@dataclass
class Note:
    """A footnote as it is printed."""

    number: int
    line: int
    page: int
    lines: list[str] = field(default_factory=list)

    @property
    def is_finished(self) -> bool:
        return ended(self.lines[-1]) or bool(URL.search(self.lines[-1]))


@dataclass
class Pages:
    body: list[Line] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    links: list[tuple[int, str]] = field(default_factory=list)  # the line, and the address behind some link


def read_pages(text: str) -> Pages:
    reader = _Reader()
    for number, raw in enumerate(text.split("\n"), 1):
        reader.read(number, raw)
    return reader.pages


class _Reader:
    def __init__(self) -> None:
        self.pages = Pages()
        self.gap = 0  # blank lines since the last line of the body
        self.at_page = True  # nothing of this page's body was read yet
        self.page_space = True  # the space that begins a page is still to come
        self.notes_from = 0  # the line of the rule above this page's footnotes
        self.fresh = False  # right after that rule
        self.links = False  # among the addresses at a page's end

    def read(self, number: int, raw: str) -> None:
        if "\f" in raw:
            self._turn(page_space=False)
            raw = raw.replace("\f", "")
        text = tidy(raw)
        if RULE.fullmatch(raw):
            self.notes_from, self.fresh, self.links = number, True, False
            self.gap += 1
        elif not text:
            self.gap += 1
            self.page_space = self.page_space and not (raw and self.at_page)
        elif PAGE_NUMBER.fullmatch(text):
            self._turn(page_space=not raw.startswith(" "))
        elif CONTENTS.fullmatch(text):
            self.gap += 1
        elif URL.fullmatch(text) and raw == text and (self.gap or self.links):
            if not self.links:
                self._turn(page_space=True)
            self.links = True
            self.pages.links.append((number, text))
        elif not (self.notes_from and self._note(number, raw, text)):
            self._body(number, raw, text)

    def _turn(self, *, page_space: bool) -> None:
        self.at_page, self.page_space, self.notes_from, self.links = True, page_space, 0, False

    def _note(self, number: int, raw: str, text: str) -> bool:
        """Take a line below the rule; a line that is none of a footnote begins the next page."""
        notes, fresh = self.pages.notes, self.fresh
        self.fresh = False
        last = notes[-1].number if notes else 0
        begins = NOTE.match(text)
        if begins and last < int(begins["number"]) <= last + (3 if fresh else 1):
            notes.append(Note(int(begins["number"]), number, self.notes_from, [text[begins.end() :]]))
        elif raw.startswith(" ") or heading(text):
            self._turn(page_space=True)
            return False
        elif notes and not (fresh and notes[-1].is_finished) and len(notes[-1].lines) < MOST_LINES:
            notes[-1].lines.append(text)
        else:
            self.notes_from = 0
            return False
        self.gap = 0
        return True

    def _body(self, number: int, raw: str, text: str) -> None:
        indent = len(raw) - len(raw.lstrip(" "))
        if indent and self.at_page and self.page_space:
            indent -= 1
        glyph = GLYPH.match(text)
        mark = glyph[0] if glyph and glyph.end() < len(text) else ""
        self.pages.body.append(
            Line(number, text[len(mark) :], self.gap, indent if indent <= 2 else 0, self.at_page, mark)
        )
        self.gap, self.at_page, self.links = 0, False, False
