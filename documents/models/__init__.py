"""Prints, papers that were issued, numbers of letters, readings of releases, and print runs."""

from .prints import SAME_THING, Document, DocumentQuerySet, Issue, LetterReference, Reading
from .runs import PrintRun, PrintRunItem, PrintRunPart

__all__ = [
    "SAME_THING",
    "Document",
    "DocumentQuerySet",
    "Issue",
    "LetterReference",
    "PrintRun",
    "PrintRunItem",
    "PrintRunPart",
    "Reading",
]
