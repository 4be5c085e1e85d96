"""How large a text may be set. Widths are those of our own faces, in em; kerning only makes them smaller."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, pairwise
from pathlib import Path

from fontTools.ttLib import TTFont

FONTS = Path(__file__).parent.parent / "fonts"
FACES = {
    "regular": ("ibm-plex-sans/IBMPlexSans-Regular.ttf", "ibm-plex-sans-arabic/IBMPlexSansArabic-Regular.ttf"),
    "bold": ("ibm-plex-sans/IBMPlexSans-SemiBold.ttf", "ibm-plex-sans-arabic/IBMPlexSansArabic-SemiBold.ttf"),
}
POINT = 25.4 / 72  # mm
UNKNOWN = 1.0


@dataclass(frozen=True)
class Fitted:
    """A text at the size, in points, at which it fits, and its lines."""

    size: float
    lines: tuple[str, ...]


@cache
def _widths(face: str) -> dict[int, float]:
    """Letters of Arabic as they stand alone: joined they are hardly ever wider."""
    found: dict[int, float] = {}
    for name in FACES[face]:
        with TTFont(FONTS / name, lazy=True) as font:
            metrics, units = font["hmtx"].metrics, font["head"].unitsPerEm
            for sign, glyph in font.getBestCmap().items():
                found.setdefault(sign, metrics[glyph][0] / units)
    return found


def width(text: str, face: str = "bold") -> float:
    widths = _widths(face)
    return sum(widths.get(ord(sign), UNKNOWN) for sign in text)


def count_lines(text: str, size: float, room: float, face: str = "bold") -> int:
    """Lines of a text of `size` points set in a column `room` mm wide; a word that is wider is broken."""
    room, space = room / (size * POINT), width(" ", face)
    lines, left = 1, room
    for word in _words(text):
        needed = width(word, face)
        if needed > left and left < room:
            lines, left = lines + 1, room
        while needed > room:
            lines, needed = lines + 1, needed - room
        left -= needed + space
    return lines


def widest_word(text: str, size: float, face: str = "bold") -> float:
    """In mm."""
    return max(width(word, face) for word in _words(text)) * size * POINT


def largest(text: str, *, room: tuple[float, float], leading: float, most: float, lines: int = 4) -> Fitted:
    """The largest size, at most `most` points, at which the text fits a `room` of width and height in mm.

    The lines are broken where that makes them largest.
    """
    best = Fitted(0, (text,))
    for count in range(1, min(lines, len(_words(text))) + 1):
        broken = balanced(text, count)
        size = min(most, room[0] / (max(map(width, broken)) * POINT), room[1] / (count * leading * POINT))
        if size > best.size:
            best = Fitted(int(size * 2) / 2, broken)
    return best


@lru_cache(maxsize=1024)
def balanced(text: str, lines: int) -> tuple[str, ...]:
    """Broken into so many lines that the widest is as narrow as can be; fewer where there are fewer words."""
    words = _words(text)
    return min(_breaks(words, min(lines, len(words))), key=lambda found: max(map(width, found)))


def _words(text: str) -> list[str]:
    """What a line may be broken between: no-break spaces hold together."""
    return list(filter(None, text.split(" ")))


def _breaks(words: Sequence[str], count: int) -> list[tuple[str, ...]]:
    """All ways to set the words in so many lines."""
    found = []
    for cuts in combinations(range(1, len(words)), count - 1):
        ends = [0, *cuts, len(words)]
        found.append(tuple(" ".join(words[start:end]) for start, end in pairwise(ends)))
    return found
