"""The catalogues keep to docs/glossary.tsv: where a term is said in English, its own word stands in the translation."""

import csv
import re
import unicodedata
from functools import cache

import polib
import pytest
from django.conf import settings

# Where another word is right, with the reason
EXCEPT = {
    "Dear delegate,": "a salutation, in each language its own",
    "accredited at": "a column beside “accreditation”",
    "The main address has to be confirmed first.": "not the state of a session",
    "Release; the next in line gets the place": "a place is released",
}
# A delegation releases a place; that is not the release of a programme
RELEASED = re.compile(
    r"\b(releas(e|es|ed|ing) (it|them|some|one|(the|a|this|that|your|their|its) (kept )?places?|places?)"
    r"|places? ((is|are|was|were|has been) )?released)\b",
    re.IGNORECASE,
)


@cache
def glossary() -> list[dict[str, str]]:
    with (settings.BASE_DIR / "docs" / "glossary.tsv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def forms(cell: str) -> list[str]:
    return cell.split(" / ")


def terms_in(text: str) -> list[dict[str, str]]:
    """The terms said in an English text, each longer one before those that are part of it."""
    found = []
    text = RELEASED.sub(" ", re.sub(r"%\(\w+\)[a-z]|\{\w+\}", "", text))
    terms = [(form, row) for row in glossary() for form in forms(row["term"])]
    for form, row in sorted(terms, key=lambda pair: -len(pair[0])):
        text, times = re.subn(rf"\b{re.escape(form)}(?:s|es)?\b", " ", text, flags=re.IGNORECASE)
        if times:
            found.append(row)
    return found


def bare(text: str) -> str:
    """Without accents and vowel signs, alike in letters that are written in two ways; Arabic without articles."""
    text = re.sub(r"(?<!\w)(?:[وفبك]{0,2}ال|و?لل)(?=\w{2})", "", text.casefold().replace("\u00a0", " "))
    return "".join(sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign))


def says(text: str, cell: str) -> bool:
    """Any ending will do, and in Arabic anything that is written onto a word."""
    patterns = (r"\w* ".join(re.escape(word.rstrip("ة")) for word in bare(form).split()) for form in forms(cell))
    return any(re.search(pattern, bare(text)) for pattern in patterns)


def faults(language: str) -> list[str]:
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.po"))
    return [
        f"{row['term']} ({row[language]}): {entry.msgid!r}: {said!r}"
        for entry in catalogue
        for row in terms_in(f"{entry.msgid}\n{entry.msgid_plural}")
        if not says(said := entry.msgstr or " / ".join(entry.msgstr_plural.values()), row[language])
        and entry.msgid not in EXCEPT
    ]


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_catalogues_keep_to_the_glossary(language):
    assert faults(language) == []


def test_a_longer_term_hides_those_it_is_made_of():
    assert [row["term"] for row in terms_in("Heads of delegation of the %(session)s, rooms")] == [
        "head of delegation / heads of delegation",
        "room",
    ]


@pytest.mark.parametrize(
    ("text", "cell", "answer"),
    [
        ("Les tables rondes du Forum", "table ronde", True),
        ("Sesiones públicas", "sesión", True),
        ("وللموائد المستديرة برنامج", "موائد مستديرة", True),
        ("والبرنامج في قاعتها", "قاعة", True),
        ("La session du Forum", "séance", False),
        ("نشاط", "جلسة / جلسات", False),
    ],
)
def test_a_term_is_known_in_its_forms(text, cell, answer):
    assert says(text, cell) is answer


def test_each_term_stands_once_in_every_language():
    terms = [form.casefold() for row in glossary() for form in forms(row["term"])]

    assert len(terms) == len(set(terms))
    assert [row["term"] for row in glossary() if not (row["fr"] and row["es"] and row["ar"])] == []
