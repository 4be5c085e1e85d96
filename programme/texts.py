"""Plain text of content fields: a blank line makes a paragraph, `- ` a list, `[^key]` a footnote.

Nothing else has a meaning; HTML typed in is text. `html` and `plain` are the only readers.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from people.direction import latin_isolated

ARABIC = re.compile("[\u0600-\u06ff]")
NOTE = re.compile(r"\[\^([\w.-]+)\]")
# Control characters, marks that turn the direction of what follows, and what no XML document may hold
HARMFUL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
BREAKS = re.compile(r"[\x0b\x0c\x85\u2028\u2029]")  # ends of lines inside a paragraph, as word processors write them


def typed(text: str) -> str:
    """What was typed or pasted, as it is published."""
    return HARMFUL.sub("", BREAKS.sub(" ", text))


@dataclass(frozen=True)
class Segment:
    """A run of text, or (with `note`) the place of a footnote."""

    text: str = ""
    note: str = ""


@dataclass(frozen=True)
class Block:
    """A paragraph (one item), or a list."""

    items: tuple[tuple[Segment, ...], ...]
    is_list: bool = False


def parse(text: str) -> list[Block]:
    blocks: list[Block] = []
    for chunk in re.split(r"\n\s*\n", HARMFUL.sub("", text).strip()):
        lines = [line.strip() for line in chunk.splitlines() if line.strip()]
        paragraph: list[str] = []
        items: list[str] = []
        for line in lines:
            if line.startswith("- "):
                items.append(line[2:])
            elif items:
                items[-1] += f" {line}"
            else:
                paragraph.append(line)
        if paragraph:
            blocks.append(Block((_segments(" ".join(paragraph)),)))
        if items:
            blocks.append(Block(tuple(_segments(item) for item in items), is_list=True))
    return blocks


def _segments(line: str) -> tuple[Segment, ...]:
    parts = NOTE.split(line)
    found = [Segment(note=part) if place % 2 else Segment(text=part) for place, part in enumerate(parts)]
    return tuple(segment for segment in found if segment.text or segment.note)


def cited(text: str) -> list[str]:
    """Keys of the references that `text` cites, in order."""
    return NOTE.findall(text)


def html(text: str, numbers: Mapping[str, int]) -> SafeString:
    """Paragraphs and lists; a footnote links to `#ref-<number>`. An unknown key stays as typed."""
    return format_html_join("\n", "{}", ((_block(block, numbers),) for block in parse(text)))


def inline(text: str, numbers: Mapping[str, int]) -> SafeString:
    """The same without paragraphs, for a question in its own element."""
    return format_html_join(" ", "{}", ((_run(item, numbers),) for block in parse(text) for item in block.items))


def _block(block: Block, numbers: Mapping[str, int]) -> SafeString:
    if block.is_list:
        return format_html(
            "<ul>{}</ul>", format_html_join("", "<li>{}</li>", ((_run(item, numbers),) for item in block.items))
        )
    return format_html("<p>{}</p>", _run(block.items[0], numbers))


def _run(segments: Sequence[Segment], numbers: Mapping[str, int]) -> SafeString:
    """A line; Latin words in Arabic are isolated."""
    parts = []
    for segment in segments:
        if segment.note in numbers:
            parts.append(_reference(numbers[segment.note]))
        elif segment.note:
            parts.append(format_html("[^{}]", segment.note))
        else:
            parts.append(latin_isolated(segment.text) if ARABIC.search(segment.text) else escape(segment.text))
    return format_html_join("", "{}", ((part,) for part in parts))


def _reference(number: int) -> SafeString:
    return format_html('<sup><a href="#ref-{0}"><span class="hush">{1} </span>{0}</a></sup>', number, _("Reference"))


def plain(text: str) -> str:
    """For mails, feeds and comparisons: footnote marks fall away."""
    blocks = []
    for block in parse(text):
        lines = ["".join(segment.text for segment in item) for item in block.items]
        blocks.append("\n".join(f"- {line}" for line in lines) if block.is_list else lines[0])
    return "\n\n".join(blocks)
