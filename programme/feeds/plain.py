"""Text for machines: no markup, no control characters, and nothing that turns the direction of what follows."""

import html
import re

from django.utils.html import strip_tags

from .. import texts

# Marks of direction, and what no XML document may hold
UNWANTED = re.compile("[\u200e\u200f\ud800-\udfff]")


def plain(markup: str) -> str:
    """One line of text out of markup of ours."""
    return " ".join(clean(html.unescape(strip_tags(markup))).split())


def prose(text: str) -> str:
    """A content text in paragraphs, without the marks of its footnotes."""
    return clean(texts.plain(text))


def clean(text: str) -> str:
    return UNWANTED.sub("", texts.HARMFUL.sub("", text))
