"""The paper numbers its footnotes, the tables name them: which is which, and texts with names for numbers."""

import re
from collections.abc import Iterable

from django.utils.text import slugify

from programme.snapshot import ReferenceNode

from .aligning import align
from .tree import Footnote

NUMBERED = re.compile(r"\[\^(\d+)\]")


def keys(notes: Iterable[Footnote], references: Iterable[ReferenceNode], language: str) -> dict[int, str]:
    """Number in the paper → key of the reference, which may be a new one. A shared address decides, else the words."""
    notes, references = list(notes), list(references)
    found: dict[int, str] = {}
    for note in notes:
        for reference in references:
            if set(note.urls) & set(reference.urls) and reference.key not in found.values():
                found.setdefault(note.number, reference.key)
    left = [note for note in notes if note.number not in found]
    free = [reference for reference in references if reference.key not in found.values()]
    pairs = align([reference.text.get(language, "") for reference in free], [note.text for note in left])
    found.update({left[new].number: free[old].key for new, old in pairs.items()})
    taken = {reference.key for reference in references}
    for note in notes:
        if note.number not in found:
            found[note.number] = _new_key(note, taken)
            taken.add(found[note.number])
    return found


def named(text: str, names: dict[int, str]) -> str:
    """`[^3]` becomes `[^world-bank]`; a number without a footnote stays as it is."""
    return NUMBERED.sub(lambda match: f"[^{names.get(int(match.group(1)), match.group(1))}]", text)


def _new_key(note: Footnote, taken: set[str]) -> str:
    """Of the first words and the year, such as “ratha-shaw-2007”. Never only a number: those are the paper’s."""
    words = [word for word in slugify(note.text).split("-") if len(word) > 2 and not word.isdigit()][:2]
    year = re.search(r"\b(?:19|20)\d\d\b", note.text)
    stem = "-".join([*(words or ["note"]), *([year.group()] if year else [])])[:40]
    key, turn = stem, 1
    while key in taken:
        turn += 1
        key = f"{stem}-{turn}"
    return key
