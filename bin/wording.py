"""How the catalogues are to be written: the signs of each language, on both sides of an entry."""

import re
from collections.abc import Iterator

import polib

# What is not written by us for readers: tags, places to fill, addresses
NOT_WORDS = re.compile(r"<[^>]*>|%\(\w+\)[a-z]|%[sd%]|\{\w*\}|https?://\S*|&\w+;")

EVERYWHERE = {
    "straight quotes": re.compile(r"[\"']"),
    "three dots for …": re.compile(r"\.\.\."),
    "two spaces": re.compile(r"\S  +\S"),
}
DASH = {"a hyphen for a dash": re.compile(r"\s-\s|--")}  # not asked of English: some messages are Django’s own
RULES = {
    "en": {},
    "fr": {
        **DASH,
        "no U+00A0 before : ; ? ! » %": re.compile(r"(?<!\u00a0)[:;?!»](?!\d)|(?<=\d) ?%"),
        "no U+00A0 after «": re.compile(r"«(?!\u00a0)"),
        "quotes other than « »": re.compile(r"[“”„]"),
    },
    "es": {
        **DASH,
        "no ¿ to the ?": re.compile(r"^[^¿]*\?"),
        "no ¡ to the !": re.compile(r"^[^¡]*!"),
    },
    "ar": {
        **DASH,
        "digits that are not Western": re.compile(r"[٠-٩۰-۹]"),
        "Latin comma, semicolon or question mark": re.compile(r"(?<=[\u0621-\u064a])[,;?]"),
        "a stretched letter": re.compile(r"\u0640"),
        "quotes other than « »": re.compile(r"[“”„]"),
    },
}


def entry_faults(entry: polib.POEntry, language: str) -> Iterator[str]:
    """What is wrong with the signs of a translation, or of the English it translates."""
    for text in filter(None, (entry.msgid, entry.msgid_plural)):
        yield from faults(text, "en")
    for text in entry.msgstr_plural.values() or [entry.msgstr]:
        yield from faults(text, language)


def faults(text: str, language: str) -> Iterator[str]:
    words = NOT_WORDS.sub("x", text)
    for name, sign in {**EVERYWHERE, **RULES[language]}.items():
        if sign.search(words):
            yield f"{name}: {text!r}"
