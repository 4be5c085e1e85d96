"""Sheets between prints that are handed out apart."""

from collections.abc import Mapping

from .kinds import Listed, Marks
from .pdf import Leaves, Part, Sheets, render

TEMPLATE = "documents/print/separators.html"


def separators(marks: Marks, listed: Mapping[int, Listed], total: int, language: str) -> dict[int, tuple[Part, int]]:
    """By number for each of those prints among `total`, in `language`, that of the list in front; and how many pages it
    has. All are one print, of which each takes a third of what it would take by itself."""
    if not listed:
        return {}
    context = {"print": marks, "listed": listed.items(), "total": total}
    sheets = render(TEMPLATE, context, language=language, ink=marks.ink)
    if sheets.pages == len(listed):
        leaves = Sheets(sheets.data)
        return {
            number: (Part(leaves, one.name, f"S{number}", language, sheet=place), 1)
            for place, (number, one) in enumerate(listed.items())
        }
    if len(listed) > 1:  # of so many lines that it takes two pages, and nothing tells where the next begins
        alone = [separators(marks, {number: one}, total, language) for number, one in listed.items()]
        return {number: sheet for each in alone for number, sheet in each.items()}
    [(number, one)] = listed.items()
    return {number: (Part(Leaves(sheets.data), one.name, f"S{number}", language), sheets.pages)}
