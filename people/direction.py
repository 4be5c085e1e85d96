"""Text of another direction inside a sentence, where there is no markup to isolate it."""

import html
import re

from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi

# A run of Latin words, as it stands in Arabic: BMZ, Thematic Recollection 2007 – 2017
LATIN = re.compile(r"([A-Za-zÀ-ɏ](?:[A-Za-zÀ-ɏ0-9’'&+/.–-]|\s(?=[A-Za-zÀ-ɏ0-9–]))*(?<=[A-Za-zÀ-ɏ0-9]))")
MARKED = re.compile(r'<bdi[^>]*>(.*?)</bdi>|<span lang="\w+" dir="\w+">(.*?)</span>', re.DOTALL)


def isolated(text: object) -> str:
    """A name, an address or hours between isolating characters, in a language that runs from the right."""
    return f"\u2068{text}\u2069" if get_language_bidi() else str(text)


def latin_isolated(text: str) -> SafeString:
    """`text` of a language that runs from the right, escaped, with its Latin words in <bdi>."""
    runs = enumerate(LATIN.split(text))
    return format_html_join(
        "", "{}", ((format_html('<bdi dir="ltr">{}</bdi>', run) if n % 2 else run,) for n, run in runs)
    )


def latin_in_plain(text: str) -> str:
    """The same where there is no markup; in a language that runs from the left, the text itself."""
    return LATIN.sub(lambda found: isolated(found[1]), text) if get_language_bidi() else text


def plain(markup: str) -> str:
    """The text of `markup`; what it isolates still is."""
    return html.unescape(strip_tags(MARKED.sub(lambda found: isolated(found[1] or found[2]), markup)))
