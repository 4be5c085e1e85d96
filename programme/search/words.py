"""The words of a question, and the words of a text as they are compared."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from ..feeds.plain import clean

MOST = 8  # words of a question that count
PRIVATE = re.compile("[\ue000-\uf8ff]")  # characters that no text needs, and the marks of what was found
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
DECIMAL = re.compile(r"(?<=\d)[,٫](?=\d)")
GLUED = re.compile(r"(?<=[^\W\d_])(?=\d)")  # RT1.2, SDG10.7
WORD = re.compile(r"\d+(?:\.\w+)*|[^\W\d_]+")
TATWEEL = "\u0640"
ARABIC = str.maketrans("أإآٱةىؤئ", "ااااهيوي", TATWEEL)
LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i"})
# A prefix of fewer letters finds too much
PREFIX = 3


def asked(question: str) -> list[str]:
    """The words and numbers of what a reader typed; everything else has no meaning."""
    text = unicodedata.normalize("NFC", clean(question).casefold()).translate(DIGITS).replace(TATWEEL, "")
    text = "".join(character for character in text if not unicodedata.combining(character))
    return list(dict.fromkeys(WORD.findall(GLUED.sub(" ", DECIMAL.sub(".", text)))))[:MOST]


def expression(words: Sequence[str], *, every: bool = True) -> str:
    """For to_tsquery: all of the words, or any; the last one may go on."""
    last = len(words) - 1
    return (" & " if every else " | ").join(
        _alternatives(word, begun=place == last and len(word) >= PREFIX) for place, word in enumerate(words)
    )


def _alternatives(word: str, begun: bool) -> str:
    mark = ":*" if begun and not word[0].isdigit() else ""
    return "(" + " | ".join(f"'{spelling}'{mark}" for spelling in spellings(word)) + ")"


def spellings(word: str) -> Iterable[str]:
    """An Arabic word as it is typed, and as it is written with care: stemming sees to the rest."""
    found = [word]
    if word.endswith("ه"):
        found.append(f"{word[:-1]}ة")
    if word.startswith("ا"):
        found += [f"{alef}{one[1:]}" for one in tuple(found) for alef in "أإآ"]
    return found


def folded(text: str) -> str:
    """Without accents, case and the freedoms of Arabic spelling; words and numbers only."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(ARABIC)).translate(LIGATURES)
    return " ".join(WORD.findall("".join(one for one in apart if not unicodedata.combining(one))))
