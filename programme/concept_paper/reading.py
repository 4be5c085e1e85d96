"""A concept paper, as text or as a Word file, read into its tree."""

from django.utils.translation import gettext as _

from .blocks import build
from .citations import cite
from .footnotes import read_footnotes
from .grammar import compose
from .pages import read_pages
from .refusal import NotAPaper
from .tree import Paper, Unplaced
from .word import read_word

__all__ = ["NotAPaper", "read"]

MEGABYTE = 1024 * 1024
MOST_LINES = 30_000
LARGEST = {"txt": 2 * MEGABYTE, "docx": 30 * MEGABYTE}


def read(contents: bytes, name: str) -> Paper:
    """Raises NotAPaper, and nothing else, for whatever is in the file."""
    form = name.rsplit(".", 1)[-1].lower()
    if form not in LARGEST:
        raise NotAPaper(_("A concept paper is a text file (.txt) or a Word file (.docx)."))
    if len(contents) > LARGEST[form]:
        size = LARGEST[form] // MEGABYTE
        raise NotAPaper(_("This file is larger than %(size)s MB, which no concept paper is.") % {"size": size})
    return _read_text(contents) if form == "txt" else _read_word(contents)


def _read_word(contents: bytes) -> Paper:
    paper = read_word(contents)
    return compose(paper.blocks, paper.footnotes, paper.unplaced)


def _read_text(contents: bytes) -> Paper:
    pages = read_pages(_decoded(contents))
    lines, uncited = cite(pages.body, pages.notes)
    footnotes, unplaced = read_footnotes(pages)
    for note in uncited:
        text = " ".join(note.lines)
        reason = _("Footnote %(number)s is printed, but where it is cited cannot be seen.") % {"number": note.number}
        unplaced.append(Unplaced(line=note.line, text=text, reason=reason))
    return compose(build(lines), footnotes, unplaced)


def _decoded(contents: bytes) -> str:
    """UTF-8, or UTF-16 that says so."""
    encoding = "utf-16" if contents[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = contents.decode(encoding)
    except UnicodeDecodeError:
        text = "\0"
    if any(ord(sign) < 32 and sign not in "\t\n\v\f\r" for sign in text):
        raise NotAPaper(_("This file is no text in UTF-8. Save it again as plain text, with UTF-8 as encoding."))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\n") > MOST_LINES:
        raise NotAPaper(_("This file has more lines than any concept paper."))
    return text
