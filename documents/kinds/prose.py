"""Texts of the programme in prints: paragraphs, with their footnotes."""

from dataclasses import dataclass
from unicodedata import bidirectional

from programme.texts import parse

from .extracts import Wording


@dataclass(frozen=True)
class Segment:
    """A run of text, or a footnote (`note`) with its addresses, and its language when it falls back."""

    text: str = ""
    note: str = ""
    urls: tuple[str, ...] = ()
    language: str = ""

    @property
    def is_latin(self) -> bool:
        """A work cited by its own title, which runs from the left in Arabic prints too."""
        return next((bidirectional(sign) == "L" for sign in self.note if sign.isalpha()), False)


@dataclass(frozen=True)
class Paragraph:
    segments: tuple[Segment, ...]
    language: str = ""
    number: int | None = None


def paragraphs(text: Wording, notes: dict[str, Segment], *, number: int | None = None) -> list[Paragraph]:
    """The paragraphs and list items of a content text; an unknown footnote stays as typed."""
    return [
        Paragraph(
            tuple(
                notes.get(part.note, Segment(text=f"[^{part.note}]")) if part.note else Segment(text=part.text)
                for part in item
            ),
            text.language,
            number,
        )
        for block in parse(text.text)
        for item in block.items
    ]


def paragraph(text: Wording, notes: dict[str, Segment], *, number: int | None = None) -> Paragraph:
    """The same as one: a question is never split."""
    segments: list[Segment] = []
    for part in paragraphs(text, notes):
        segments += [Segment(text=" "), *part.segments] if segments else part.segments
    return Paragraph(tuple(segments), text.language, number)
