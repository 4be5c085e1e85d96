"""How broken lines are put together, and where a text may have ended."""

import re

NEAR = 40  # signs at the end of a text that tell how it ends
CITED = r"(?:\[\^\d+\]|\d{1,3})?"
ENDED = re.compile(rf"[.?!:;…][\"'”’»)\]]*\s?{CITED}$")
SHORT_FORM = re.compile(
    r"\b(?:e\.g|i\.e|eg|ie|cf|vs|p\. ex|para|par|art|no|pp?|vol|Mr|Ms|Mrs|Dr|St|M|Mme)\.$", re.IGNORECASE
)
CLOSED = re.compile(rf"\)\s?{CITED}$")
# “co-/production” keeps its hyphen and takes no space; “short- and long-term” keeps both
HANGING = re.compile(r"[^\W_][-/]$")
SUSPENDED = re.compile(r"(?:and|or|to|et|ou|à)\b")
OPEN = re.compile(
    r"(?:[-–—,:/]|\b(?:and|or|of|the|a|an|to|in|on|for|from|by|with|at|as|into|its|their"
    r"|et|ou|de|du|des|la|le|les|un|une|à|au|aux|en|pour|par|sur|dans|avec|d[’']|l[’']))$",
    re.IGNORECASE,
)
URL = re.compile(r"https?://[^\s<>“”«»]+")


def join(text: str, line: str) -> str:
    """`text` goes on with `line`, the next of the same paragraph."""
    if text.endswith("\u00ad"):
        return text[:-1] + line
    if HANGING.search(text[-NEAR:]) and not SUSPENDED.match(line):
        return text + line
    return f"{text} {line}" if text else line


def ended(text: str) -> bool:
    """Whether a sentence, or a member of a list, ends with `text`."""
    return bool(ENDED.search(text[-NEAR:])) and not SHORT_FORM.search(text[-NEAR:])


def closed(text: str) -> bool:
    """Whether `text` ends with a bracket: of a question with examples, or of an event with its date."""
    return bool(CLOSED.search(text[-NEAR:]))


def left_open(text: str) -> bool:
    """Whether a title cannot end here: after a comma, a hyphen, or a small word that wants another."""
    return bool(OPEN.search(text[-NEAR:]))


def tidy(text: str) -> str:
    """On one line; a space that is no break stays."""
    return re.sub(r"[ \t\r\n\f\v]+", " ", text).strip()
