"""What a page or a mail in another language still says in English.

Foreign content that is marked as such may stay: in an element with its own `lang`, isolated by
`bdi dir=ltr`, `translate=no`, `code` or `kbd`, or by the isolating characters in plain text.
"""

import functools
import re
from collections.abc import Iterable, Iterator

from django.utils.translation.trans_real import translation

PIECES = """(language) => {
    const foreign = 'bdi[dir=ltr], [translate=no], code, kbd, script, style, template, noscript, textarea';
    const attributes = ['aria-label', 'aria-description', 'title', 'alt', 'placeholder'];
    const buttons = 'input[type=submit], input[type=button], input[type=reset]';
    const speaks = (element) => {
        const lang = element.closest('[lang]')?.lang ?? '';
        return lang.split('-')[0].toLowerCase() === language && !element.closest(foreign);
    };
    const found = speaks(document.documentElement) ? [document.title] : [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const text = walker.currentNode;
        if (/\\p{L}/u.test(text.data) && speaks(text.parentElement)) found.push(text.data);
    }
    for (const element of document.body.querySelectorAll(attributes.map((name) => `[${name}]`).join(', '))) {
        // A textarea's content is data, its placeholder is ours
        if (!speaks(element.matches('textarea') ? element.parentElement : element)) continue;
        for (const name of attributes) if (element.hasAttribute(name)) found.push(element.getAttribute(name));
    }
    for (const button of document.body.querySelectorAll(buttons)) if (speaks(button)) found.push(button.value);
    for (const group of document.body.querySelectorAll('optgroup[label]')) if (speaks(group)) found.push(group.label);
    return found;
}"""

# Words that no sentence does without, as far as the other language has no such word
FUNCTION_WORDS = (
    "the and of with your to is are for by not this from which has have had been be being was were "
    "that these those their they them there its it you our we who whom whose when where what why how "
    "than then at cannot could should would must any each every only also into through between after before "
    "under without within about because until since while does did if off both some such other"
)
ALSO_WORDS = {"fr": {"if", "for"}, "es": {"has"}}
ALLOWED_IN_ARABIC = {
    "PDF": "a file format; no Arabic form is in use",
    "CSV": "a file format",
    "XLSX": "a file format",
    "QR": "the name of a kind of code",
}

ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+|\S+@\S+\.\w+|\b[\w-]+(?:\.[\w-]+)*\.(?:org|com|int|example)\b(?:/\S*)?")
ISOLATED = re.compile("[\u2066\u2068][^\u2069]*\u2069")
LATIN_WORD = re.compile(r"[^\W\d_\u0600-\u06ff]{2,}")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")


def english_in(page, language: str) -> list[str]:
    """The texts, attributes and title of a page in the browser that are in English, each once."""
    page.wait_for_load_state()
    return _english(page.evaluate(PIECES, language), language)


def english_in_text(text: str, language: str) -> list[str]:
    """The lines of a plain text that are in English, each once."""
    return _english(text.splitlines(), language)


def _english(pieces: Iterable[str], language: str) -> list[str]:
    if language == "en":
        return []
    cleaned = (" ".join(ADDRESS.sub(" ", ISOLATED.sub(" ", piece)).split()) for piece in pieces)
    return [piece for piece in dict.fromkeys(cleaned) if _is_english(piece, language)]


def _is_english(text: str, language: str) -> bool:
    words = LATIN_WORD.findall(text)
    if language == "ar":
        return any(word not in ALLOWED_IN_ARABIC for word in words)
    if {word.lower() for word in words} & (set(FUNCTION_WORDS.split()) - ALSO_WORDS[language]):
        return True
    said, patterns = _untranslated(language)
    return _plain(text) in said or bool(patterns.fullmatch(_plain(text)))


@functools.cache
def _untranslated(language: str) -> tuple[set[str], re.Pattern[str]]:
    """What the catalogues of all installed applications say in English only: whole, and with places to fill."""
    messages = dict(_messages(language))
    translated = {text for texts in messages.values() for text in texts}
    said = {text for text in messages.keys() - translated if LATIN_WORD.search(text)}
    filled = (text for text in said if PLACEHOLDER.search(text) and LATIN_WORD.search(PLACEHOLDER.sub("", text)))
    patterns = (".+".join(map(re.escape, PLACEHOLDER.split(text))) for text in filled)
    return said, re.compile("|".join(patterns))


def _messages(language: str) -> Iterator[tuple[str, set[str]]]:
    together: dict[str, set[str]] = {}
    for key, text in translation(language)._catalog.items():
        msgid = key[0] if isinstance(key, tuple) else key  # of a plural: (msgid, number of the form)
        if msgid and text:
            together.setdefault(_plain(msgid.rpartition("\x04")[2]), set()).add(_plain(text))
    yield from together.items()


def _plain(text: str) -> str:
    return " ".join(text.split()).strip(" :*.…").casefold()
