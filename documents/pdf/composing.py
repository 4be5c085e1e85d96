"""Composing: several tagged prints become one, with one valid structure tree.

Every library's merge leaves note pages pointing into the tree of the front, so that a screen reader speaks the wrong
text, and no checker notices. And every library holds the whole file until it is written, with a thousand elements of
structure for each pack. Here a print is read, its objects are written with new numbers, and it is forgotten.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pikepdf import String

from ..failures import Failure
from .errors import RenderError
from .leaves import SCHEME, Front, Leaves, Section, Sheets
from .writing import Writer


@dataclass(frozen=True)
class Part:
    """A finished print to be put behind the front.

    `label` names it within the pack: `pack:<label>` links lead to it, and its pages are called
    `<label>-1`, `<label>-2` … Without one its pages are counted on. It must have been rendered with a
    prefix of its own, unless it `is_whole`: a pack among packs that hold the same papers, whose identifiers are made
    its own by the label. What goes into many packs `is_shared`: what was read of it is kept for the next. The last page
    of what `ends_in_cuttings` is to be cut up, so it has a sheet of its own. Where pages of one print go to places of
    their own, `sheet` says which of them this is.
    """

    data: bytes
    title: str
    label: str
    language: str
    is_whole: bool = False
    is_shared: bool = False
    ends_in_cuttings: bool = False
    sheet: int | None = None


@dataclass(frozen=True)
class Composed:
    data: bytes
    pages: int


def compose(front: bytes, parts: Iterable[Part], *, duplex: bool = False) -> Composed:
    """Put `parts` behind `front`, each when it comes. Equal input gives equal bytes.

    With `duplex` each part begins on the front side of a sheet, after a blank page where it must.
    """
    return _Composition(Front(front), duplex).of(parts)


_kept = lru_cache(maxsize=8)(Leaves)


def _read(part: Part) -> Leaves:
    if part.sheet is not None:
        return Sheets(part.data)
    if part.is_whole:
        return Leaves(part.data, part.label, part.title)
    return _kept(part.data) if part.is_shared else Leaves(part.data)


class _Composition:
    """Held are the front, which is written last, and the lists that span all prints, as they will stand in the file."""

    def __init__(self, front: Front, duplex: bool) -> None:
        self.writer, self.front, self.duplex = Writer(), front, duplex
        self.page_tree, self.outlines = self.writer.reserve(), self.writer.reserve()
        self.pages: list[bytes] = []
        self.labels = [b"0 << /S /D >>"]
        self.elements: list[bytes] = []  # below that of the document
        self.parents: list[bytes] = []
        self.keys = 0
        self.identifiers: dict[bytes, bytes] = {}
        self.destinations: dict[bytes, bytes] = {}
        self.items: list[int] = []  # of the outlines
        self.texts: dict[int, bytes] = {}  # of those items
        self.sheets: dict[bytes, tuple[Leaves, int]] = {}
        self.open = 0

    def of(self, parts: Iterable[Part]) -> Composed:
        first, blanks = self._enter(self.front)
        [section] = self.front.sections
        self._put(section, first)
        document, starts, is_cut = _to(first + section.element), {}, False
        for part in parts:
            self._begin_a_sheet(self.duplex or is_cut)
            page = len(self.pages)
            leaves, place = self._written(part, document)
            section = leaves.sections[part.sheet or 0]
            self._put(section, place)
            starts[part.label] = self.pages[page]
            self.elements.append(_to(place + section.element))
            if part.label:
                self.labels.append(b"%d << /S /D /P %b >>" % (page, _string(f"{part.label}-")))
            if is_cut := part.ends_in_cuttings:
                self._set_apart_the_last(part, len(section.pages))
        self._begin_a_sheet(self.duplex)
        if lost := self.front.links - starts.keys():
            raise RenderError(Failure.LINK, min(lost))
        blanks |= {f"{SCHEME}{label}": starts[label] for label in self.front.links}
        self._write(self.front, first, blanks | self._lists())
        self._write_outlines()
        pages = b"<< /Type /Pages /Count %d /Kids [ %b ] >>" % (len(self.pages), b" ".join(self.pages))
        self.writer.write(self.page_tree, pages)
        trailer = b"/Root %b /Info %b" % (_to(first + self.front.root), _to(first + self.front.info))
        return Composed(self.writer.close(trailer), len(self.pages))

    def _written(self, part: Part, document: bytes) -> tuple[Leaves, int]:
        """What was read of it, and the number of its first object. Sheets of one print are written at once."""
        if part.sheet is not None and part.data in self.sheets:
            return self.sheets[part.data]
        leaves = _read(part)
        first, blanks = self._enter(leaves)
        blanks |= {"Document": document, "Lang": _string(part.language), "T": _string(part.title)}
        self._write(leaves, first, blanks)
        if part.sheet is not None:
            self.sheets[part.data] = leaves, first
        return leaves, first

    def _set_apart_the_last(self, part: Part, number: int) -> None:
        """The last page of a part of so many on the front of a sheet."""
        last = self.pages.pop()
        if len(self.pages) % 2:
            self._begin_a_sheet(True)
            self.labels.append(b"%d << /S /D /P %b /St %d >>" % (len(self.pages), _string(f"{part.label}-"), number))
        self.pages.append(last)

    def _begin_a_sheet(self, is_needed: bool) -> None:
        if is_needed and len(self.pages) % 2:
            page = b"<< /Type /Page /Parent %b /MediaBox %b /Resources << >> /StructParents %d /Tabs /S >>"
            number = self.writer.reserve()
            self.writer.write(number, page % (_to(self.page_tree), self.size, self.keys))
            self.pages.append(_to(number))
            self.parents.append(b"%d [ ]" % self.keys)
            self.keys += 1

    def _enter(self, leaves: Leaves) -> tuple[int, dict[str | int, bytes]]:
        """Into the lists of what is the same wherever its pages stand. The number of its first object, and what fills
        those blanks that all have."""
        first = self.writer.reserve(len(leaves.template))
        blanks: dict[str | int, bytes] = {key: b"%d" % (self.keys + key) for key in range(leaves.keys)}
        self.size = leaves.size
        self.parents += [b"%d %b" % (self.keys + key, _to(first + place)) for key, place in leaves.parents.items()]
        self.keys += leaves.keys
        self.open += leaves.open
        for ours, theirs in (self.identifiers, leaves.identifiers), (self.destinations, leaves.destinations):
            if shared := ours.keys() & theirs.keys():
                raise RenderError(Failure.IDENTIFIER, min(shared).decode())
            ours |= {name: _to(first + place) for name, place in theirs.items()}
        return first, blanks | {"Pages": _to(self.page_tree), "Outlines": _to(self.outlines)}

    def _put(self, section: Section, first: int) -> None:
        self.pages += [_to(first + place) for place in section.pages]
        self.items += [first + place for place in section.items]

    def _write(self, leaves: Leaves, first: int, blanks: Mapping[str | int, bytes]) -> None:
        items = {first + place for section in leaves.sections for place in section.items}
        for number, text, data in leaves.template.fill(first, blanks):
            if number in items:
                self.texts[number] = text
            else:
                self.writer.write(number, text, data)

    def _lists(self) -> dict[str | int, bytes]:
        destinations = _names(self.destinations)
        return {
            "Parts": b" ".join(self.elements),
            "ParentTree": b"<< /Nums [ %b ] >>" % b" ".join(self.parents),
            "ParentTreeNextKey": b"%d" % self.keys,
            "IDTree": _names(self.identifiers),
            "Names": b"<< /Dests %b >>" % destinations,
            "PageLabels": b"<< /Nums [ %b ] >>" % b" ".join(self.labels),
        }

    def _write_outlines(self) -> None:
        """The items of all prints in one chain."""
        numbers = self.items
        for number, before, after in zip(numbers, [0, *numbers], [*numbers[1:], 0], strict=False):
            links = b"/Prev %b " % _to(before) if before else b""
            links += b"/Next %b " % _to(after) if after else b""
            self.writer.write(number, self.texts[number].removesuffix(b">>") + links + b">>")
        ends = b"/First %b /Last %b" % (_to(numbers[0]), _to(numbers[-1])) if numbers else b""
        self.writer.write(self.outlines, b"<< /Type /Outlines /Count %d %b >>" % (self.open, ends))


def _to(number: int) -> bytes:
    return b"%d 0 R" % number


def _string(text: str | bytes) -> bytes:
    return String(text).unparse()


def _names(found: Mapping[bytes, bytes]) -> bytes:
    """Names must stand in order."""
    if not found:
        return b"null"
    return b"<< /Names [ %b ] >>" % b" ".join(b"%b %b" % (_string(name), found[name]) for name in sorted(found))
