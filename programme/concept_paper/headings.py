"""The words by which a concept paper is divided, in the languages in which it may be written."""

import re
from dataclasses import dataclass

ROMAN = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI"]
AFTER = r"\s*[:.–—-]\s*"
WORDS = {
    "en": {
        "theme": r"theme",
        "roundtable": r"round[\s-]?table",
        "outcomes": r"expected\s+outcomes?",
        "questions": r"(?:guiding\s+)?questions",
        "overarching": r"over(?:arching|all)\s+theme",
        "workshop": r"workshops?",
        "side_event": r"side[\s-]?events?",
    },
    "fr": {
        "theme": r"thème",
        "roundtable": r"table\s+ronde",
        "outcomes": r"résultats?\s+(?:attendu|escompté)s?",
        "questions": r"questions(?:\s+directrices|\s+d[’']orientation)?",
        "overarching": r"thème\s+(?:général|principal)",
        "workshop": r"ateliers?",
        "side_event": r"(?:manifestation|événement)s?\s+parallèles?",
    },
}


@dataclass(frozen=True)
class Heading:
    kind: str  # section, theme, roundtable, outcomes, questions, overarching
    number: str  # "IV", "2", "2.1"; labels have none
    title: str  # what follows the number; of a label, the text that begins on its line
    language: str = ""

    @property
    def is_label(self) -> bool:
        return self.kind in {"outcomes", "questions"}


def _patterns(words: dict[str, str]) -> dict[str, re.Pattern[str]]:
    forms = {
        "overarching": rf"{words['overarching']}\s*:\s*(?P<title>.*)",
        "theme": rf"{words['theme']}\s+(?P<number>\d\d?){AFTER}(?P<title>.*)",
        "roundtable": rf"{words['roundtable']}\s+(?P<number>\d\d?\.\d\d?){AFTER}(?P<title>.*)",
        "outcomes": rf"{words['outcomes']}\s*(?::\s*(?P<title>.*))?",
        "questions": rf"{words['questions']}\s*(?::\s*(?P<title>.*))?",
    }
    return {kind: re.compile(form, re.IGNORECASE | re.DOTALL) for kind, form in forms.items()}


PATTERNS = {language: _patterns(words) for language, words in WORDS.items()}
SECTION = re.compile(r"(?P<number>[IVX]+)\s?[.)–—:-]\s+(?P<title>[^\W_a-zà-ÿ].*|[“\"«].*)", re.DOTALL)
KINDS = {
    kind: re.compile("|".join(rf"\b{words[kind]}\b" for words in WORDS.values()), re.IGNORECASE)
    for kind in ("workshop", "side_event")
}


def heading(text: str) -> Heading | None:
    """What `text` opens, where it has the form of a heading. Whether it is one, its place decides."""
    if (found := SECTION.fullmatch(text)) and found["number"] in ROMAN:
        return Heading("section", found["number"], found["title"])
    if not text[:1].isupper():
        return None
    for language, patterns in PATTERNS.items():
        for kind, pattern in patterns.items():
            if found := pattern.fullmatch(text):
                parts = found.groupdict()
                return Heading(kind, parts.get("number") or "", (parts["title"] or "").strip(), language)
    return None


def event_kinds(text: str) -> list[str]:
    """Which of workshops and side-events `text` speaks of."""
    return [kind for kind, words in KINDS.items() if words.search(text)]
