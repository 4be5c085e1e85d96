"""Footnotes of a print: the references that its texts cite."""

from collections.abc import Iterable

from programme.snapshot import Programme, Text
from programme.texts import cited

from . import prose
from .extracts import Extract, Wording, wording


class Footnote(Extract, frozen=True, kw_only=True):
    key: str
    text: Wording
    urls: tuple[str, ...] = ()


def footnotes(programme: Programme, texts: Iterable[Text], language: str) -> tuple[Footnote, ...]:
    """In the order in which `texts` cite them first."""
    keys = [key for text in texts for key in cited(wording(text, language).text)]
    references = {reference.key: reference for reference in programme.references}
    return tuple(
        Footnote(key=key, text=wording(references[key].text, language), urls=references[key].urls)
        for key in dict.fromkeys(keys)
        if key in references
    )


def segments(notes: Iterable[Footnote]) -> dict[str, prose.Segment]:
    return {note.key: prose.Segment(note=note.text.text, urls=note.urls, language=note.text.language) for note in notes}
