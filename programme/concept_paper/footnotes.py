"""Footnotes apart from their addresses, which a PDF breaks over lines and repeats at the page's end."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from .joining import URL, join, tidy
from .pages import Pages
from .tree import Footnote, Unplaced

AT_END = re.compile(URL.pattern + "$")
OF_ADDRESS = re.compile(r"[\w.~%-]*(?:[/_=?&%#][\w/]|\.(?:pdf|html?|aspx?|php|docx?)\b)")


def read_footnotes(pages: Pages) -> tuple[list[Footnote], list[Unplaced]]:
    known = list(dict.fromkeys(url for _line, url in pages.links))
    footnotes = [footnote(note.number, note.line, whole(note.lines, known)) for note in pages.notes]
    unplaced = []
    for url in known:
        if any(url in note.urls for note in footnotes):
            continue
        line = next(number for number, address in pages.links if address == url)
        owners = [place for place, note in enumerate(footnotes) if _speaks_of(note, url)]
        if len(owners) == 1 and owners[0] in _same_page(pages, line):
            note = footnotes[owners[0]]
            footnotes[owners[0]] = Footnote(number=note.number, line=note.line, text=note.text, urls=(url,))
        else:
            reason = _("This address stands at a page’s end; which words it belongs to cannot be seen in the text.")
            unplaced.append(Unplaced(line=line, text=url, reason=reason))
    return footnotes, unplaced


def footnote(number: int, line: int, text: str, links: Iterable[str] = ()) -> Footnote:
    """`links` are addresses that are not written out."""
    urls = [url.rstrip(".,;:)") for url in URL.findall(text)]
    for url in urls:
        text = text.replace(url, "", 1)
    text = re.sub(r"\(\s*\)|(?<=,)\s*,", "", text)
    return Footnote(number=number, line=line, text=tidy(text).strip(" ,;"), urls=tuple(dict.fromkeys([*urls, *links])))


def whole(lines: Sequence[str], known: Sequence[str]) -> str:
    """The lines as one text, with each address in one piece."""
    text = ""
    for line in lines:
        cut = AT_END.search(text)
        text = text + line if cut and _goes_on(cut[0], line.split(" ", 1)[0], known) else join(text, line)
    return text


def _goes_on(address: str, word: str, known: Sequence[str]) -> bool:
    """Whether `word`, with which the next line begins, is the rest of `address`."""
    longer = [url[len(address) :] for url in known if url.startswith(address) and url != address]
    if any(word.startswith(rest) or rest.startswith(word) for rest in longer):
        return True
    if address in known or word.startswith("http"):
        return False
    return address[-1] in "-_=&?%~" or bool(OF_ADDRESS.match(word))


def _speaks_of(note: Footnote, url: str) -> bool:
    """A footnote that names the publisher of an address, and has none of its own."""
    names = [name for name in (urlsplit(url).hostname or "").split(".")[:-1] if len(name) > 3]
    return not note.urls and any(re.search(rf"\b{re.escape(name)}\b", note.text, re.IGNORECASE) for name in names)


def _same_page(pages: Pages, line: int) -> list[int]:
    last = max((body.number for body in pages.body if body.number < line), default=0)
    return [place for place, note in enumerate(pages.notes) if last < note.page < line]
