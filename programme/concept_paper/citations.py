"""Where a paper cites its footnotes: digits glued to a word become `[^3]`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from .pages import Line, Note

SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
GLUED = re.compile(
    r"(?:(?<=[^\W\d_])|(?<=[^\W\d_][.,;:!?…])|(?<=[)\]”’»\"]))(?P<plain>\d{1,3})(?![\w%°]|[.,]\d)|(?P<raised>[⁰¹²³⁴-⁹]+)"
)
# Words that end in digits of their own
NAMES = re.compile(r"\b(?:CO|G|H|A|COVID-?|COP|PM|SDG|ODD|Rev\.|Add\.|Corr\.)$")


@dataclass(frozen=True, order=True)
class Place:
    """Digits that may cite a footnote."""

    index: int  # among the lines
    start: int
    end: int
    number: int


def cite(lines: Sequence[Line], notes: Sequence[Note]) -> tuple[list[Line], list[Note]]:
    """The lines with their citations, and the footnotes for which no single place was found."""
    places = [place for index, line in enumerate(lines) for place in _places(index, line.text)]
    found: dict[int, Place] = {}
    for _again in range(2):  # what is certain narrows what was not
        for note in notes:
            if note.number not in found and (place := _place(note, places, found, lines, notes)):
                found[note.number] = place
    written = [line.text for line in lines]
    for place in sorted(found.values(), reverse=True):
        before, after = written[place.index][: place.start], written[place.index][place.end :]
        written[place.index] = f"{before}[^{place.number}]{re.sub(r'^ (?=[.,])', '', after)}"
    cited = [replace(line, text=text) for line, text in zip(lines, written, strict=True)]
    return cited, [note for note in notes if note.number not in found]


def _places(index: int, text: str) -> list[Place]:
    return [
        Place(index, match.start(), match.end(), int(match[0].translate(SUPERSCRIPT)))
        for match in GLUED.finditer(text)
        if match["raised"] or not NAMES.search(text[: match.start()])
    ]


def _place(
    note: Note, places: list[Place], found: dict[int, Place], lines: Sequence[Line], notes: Sequence[Note]
) -> Place | None:
    """The only place on the page of the footnote, or else before it; after the footnotes before it."""
    low = max((place for number, place in found.items() if number < note.number), default=None)
    high = min((place for number, place in found.items() if number > note.number), default=None)
    possible = [
        place
        for place in places
        if place.number == note.number and (not low or place > low) and (not high or place < high)
    ]
    starts = sorted({other.page for other in notes if other.page < note.page})
    before = [place for place in possible if lines[place.index].number < note.page]
    same_page = [place for place in before if not starts or lines[place.index].number > starts[-1]]
    for choice in (same_page, before):
        if choice:
            return choice[0] if len(choice) == 1 else None
    return None
