"""Sheets between prints that are handed out apart."""

from .kinds import Listed, Marks
from .pdf import Part, render

TEMPLATE = "documents/print/separator.html"


def separator(marks: Marks, listed: Listed, number: int, total: int, language: str) -> tuple[Part, int]:
    """For the print `number` of `total`, in `language`, that of the list in front; and how many pages it has."""
    label = f"S{number}"
    context = {"print": marks, "listed": listed, "number": number, "total": total}
    sheet = render(TEMPLATE, context, language=language, prefix=f"{label}-", ink=marks.ink)
    return Part(sheet.data, listed.name, label, language), sheet.pages
