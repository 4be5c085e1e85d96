"""What a concept paper says, as one plain tree; each node knows the line it came from.

Readers (`.txt`, `.docx`) make it, the comparison reads it. Nothing here knows the tables. Texts
are written as content fields are: a blank line makes a paragraph, `- ` a list, `[^3]` cites the
paper's footnote 3.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Node:
    line: int  # of the text file, or the paragraph of the Word file; both count from 1


@dataclass(frozen=True, kw_only=True)
class Passage(Node):
    """A text: one expected outcome, one guiding question, or all paragraphs under one heading."""

    text: str


@dataclass(frozen=True, kw_only=True)
class Footnote(Node):
    number: int
    text: str  # without its addresses
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Roundtable(Node):
    theme: int
    place: int
    title: str
    summary: Passage | None = None  # what stands before the expected outcomes
    outcomes: tuple[Passage, ...] = ()
    questions: tuple[Passage, ...] = ()

    @property
    def number(self) -> str:
        return f"{self.theme}.{self.place}"


@dataclass(frozen=True, kw_only=True)
class Theme(Node):
    number: int
    title: str
    rationale: Passage | None = None
    roundtables: tuple[Roundtable, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Section(Node):
    numeral: str
    heading: str
    body: Passage | None = None


@dataclass(frozen=True, kw_only=True)
class When:
    """`timing` is "dated" (days, the last included) or "month" (the month's first day)."""

    written: str  # as the paper has it
    timing: str
    starts_on: date | None = None
    ends_on: date | None = None
    month: date | None = None
    to_confirm: bool = False


@dataclass(frozen=True, kw_only=True)
class Event(Node):
    """A workshop or a side-event. `when` is None where no date could be read from what is written."""

    kind: str  # "workshop" or "side_event"
    title: str
    when: When | None = None
    city: str = ""


@dataclass(frozen=True, kw_only=True)
class Unplaced(Node):
    """Something the reader would not guess about: `reason` is a sentence for the organiser."""

    text: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Paper:
    """`title` is the heading that names the forum, `overarching_theme` is without its quotation marks."""

    title: str
    language: str
    overarching_theme: str
    sections: tuple[Section, ...]
    themes: tuple[Theme, ...]
    events: tuple[Event, ...]
    footnotes: tuple[Footnote, ...]
    unplaced: tuple[Unplaced, ...] = ()
