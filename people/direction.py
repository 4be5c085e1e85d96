"""Text of another direction inside a sentence, where there is no markup to isolate it."""

import html
import re

from django.utils.html import strip_tags
from django.utils.translation import get_language_bidi

MARKED = re.compile(r'<bdi[^>]*>(.*?)</bdi>|<span lang="\w+" dir="\w+">(.*?)</span>', re.DOTALL)


def isolated(text: object) -> str:
    """A name, an address or hours between isolating characters, in a language that runs from the right."""
    return f"\u2068{text}\u2069" if get_language_bidi() else str(text)


def plain(markup: str) -> str:
    """The text of `markup`; what it isolates still is."""
    return html.unescape(strip_tags(MARKED.sub(lambda found: isolated(found[1] or found[2]), markup)))
