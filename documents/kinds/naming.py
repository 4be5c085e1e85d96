"""Names of files: in ASCII, so that every system shows them whole, sorts them alike and packs them into a ZIP."""

import re
import unicodedata

from django.utils.text import slugify

# Latin letters that are no others with a mark
LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "ð": "d", "þ": "th"})
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
LONGEST = 80


def plainly(text: str, otherwise: str) -> str:
    """A text as part of such a name, “roundtable-2.2”; `otherwise` when it is written in other letters than Latin."""
    if any(_is_foreign(sign) for sign in text):
        return otherwise
    parts = re.split(r"(?<=\d)\.(?=\d)", text.lower().translate(LETTERS))
    return ".".join(map(slugify, parts))[:LONGEST].strip("-") or otherwise


def short(subject: str) -> str:
    """What tells a subject from others of its kind when nothing of it can be spelt: its address, or the beginning of
    its UUID."""
    last = subject.rpartition("/")[2]
    return last.partition("-")[0] if UUID.fullmatch(last) else last


def _is_foreign(sign: str) -> bool:
    """Not of marks that stand among Latin letters, such as the ʻ in names."""
    return unicodedata.category(sign) in ("Ll", "Lo", "Lu") and not unicodedata.name(sign, "").startswith("LATIN")
