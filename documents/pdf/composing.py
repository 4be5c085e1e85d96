"""Composing: several tagged prints become one, with one valid structure tree.

Every library's merge leaves note pages pointing into the tree of the front, so that a screen reader speaks the wrong
text, and no checker notices. And every library holds the whole file until it is written, with a thousand elements of
structure for each pack. Here a print is read, its objects are written with new numbers, and it is forgotten.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pikepdf import String

from ..failures import Failure
from .errors import RenderError
from .leaves import SCHEME, Front, Leaves, Section
from .writing import Blank, Writer


@dataclass(frozen=True)
class Part:
    """A finished print to be put behind the front.

    `label` names it within the pack: `pack:<label>` links lead to it, and its pages are called
    `<label>-1`, `<label>-2` … Without one its pages are counted on. It must have been rendered with a
    prefix of its own, unless it `is_whole`: a pack among packs that hold the same papers, whose identifiers are made
    its own by the label, with its outlines under its title. Such a pack need not have been joined: then `leaves` are
    its front, with the parts `behind` it. The last page of what `ends_in_cuttings` is to be cut up, so it has a sheet
    of its own. Where pages of one print go to places of their own, `sheet` says which of them this is.
    """

    leaves: Leaves
    title: str
    label: str
    language: str
    is_whole: bool = False
    behind: tuple["Part", ...] = ()
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
    return _Composition().of(Front(front), parts, duplex)


@dataclass
class _Outlines:
    """The number of the object, those of the items in it, and how many a reader sees at first."""

    number: int
    items: list[int] = field(default_factory=list)
    open: int = 0


@dataclass(frozen=True)
class _Place:
    """Where parts are put: under which element, behind which page, and what is put before identifiers."""

    document: bytes
    since: int
    duplex: bool
    own: bytes


class _Composition:
    """Held are the front, which is written last, and the lists that span all prints, as they will stand in the file."""

    def __init__(self) -> None:
        self.writer = Writer()
        self.page_tree, self.outlines = self.writer.reserve(), _Outlines(self.writer.reserve())
        self.pages: list[bytes] = []
        self.labels = [b"0 << /S /D >>"]
        self.parents: list[bytes] = []
        self.keys = 0
        self.identifiers: dict[bytes, bytes] = {}
        self.destinations: dict[bytes, bytes] = {}
        self.texts: dict[int, bytes] = {}  # of items of outlines
        self.sheets: dict[Leaves, int] = {}

    def of(self, front: Front, parts: Iterable[Part], duplex: bool) -> Composed:
        first, blanks = self._enter(front, b"")
        [section] = front.sections
        self._put(section, first)
        blanks |= self._behind(front, parts, _Place(_to(first + section.element), 0, duplex, b""))
        self._write(front, first, blanks | self._lists())
        outlines = b"<< /Type /Outlines /Count %d %b >>" % (self.outlines.open, self._chained(self.outlines.items))
        self.writer.write(self.outlines.number, outlines)
        pages = b"<< /Type /Pages /Count %d /Kids [ %b ] >>" % (len(self.pages), b" ".join(self.pages))
        self.writer.write(self.page_tree, pages)
        trailer = b"/Root %b /Info %b" % (_to(first + front.root), _to(first + front.info))
        return Composed(self.writer.close(trailer), len(self.pages))

    def _behind(self, front: Leaves, parts: Iterable[Part], place: _Place) -> dict[Blank, bytes]:
        """Put them one after the other. What fills the blanks of the front that lead to them."""
        elements, starts, is_cut = [], {}, False
        for part in parts:
            self._begin_a_sheet(place.since, place.duplex or is_cut)
            page = len(self.pages)
            elements.append(self._add(part, place))
            starts[part.label] = self.pages[page]
            if part.label and not place.own:
                self.labels.append(b"%d << /S /D /P %b >>" % (page, _string(f"{part.label}-")))
            if is_cut := part.ends_in_cuttings:
                self._set_apart_the_last(part, place, len(self.pages) - page)
        self._begin_a_sheet(place.since, place.duplex)
        if lost := front.links - starts.keys():
            raise RenderError(Failure.LINK, min(lost))
        return {"Parts": b" ".join(elements), **{f"{SCHEME}{label}": starts[label] for label in front.links}}

    def _add(self, part: Part, place: _Place) -> bytes:
        """Its element. Sheets of one print are written when the first of them comes."""
        leaves, section = part.leaves, part.leaves.sections[part.sheet or 0]
        if leaves in self.sheets:
            self._put(section, self.sheets[leaves])
            return _to(self.sheets[leaves] + section.element)
        own = place.own + f"{part.label}/".encode() if part.is_whole else place.own
        outlines = self.outlines
        if part.is_whole:
            self.outlines = _Outlines(self.writer.reserve())
        first, blanks = self._enter(leaves, own)
        since, element = len(self.pages), _to(first + section.element)
        self._put(section, first)
        duplex = any(one.is_whole for one in part.behind)
        blanks |= {"Document": place.document, "Lang": _string(part.language), "T": _string(part.title)}
        blanks |= self._behind(leaves, part.behind, _Place(element, since, duplex, own))
        self._write(leaves, first, blanks)
        if part.sheet is not None:
            self.sheets[leaves] = first
        if part.is_whole:
            self._close(outlines, part.title, self.pages[since])
        return element

    def _close(self, outlines: _Outlines, title: str, page: bytes) -> None:
        """Put those of a pack into `outlines`, as one item, closed."""
        inner, self.outlines = self.outlines, outlines
        count = b"/Count -%d" % inner.open if inner.items else b""
        entries = _string(title), page, _to(outlines.number), count, self._chained(inner.items)
        self.texts[inner.number] = b"<< /Title %b /Dest [ %b /Fit ] /Parent %b %b %b >>" % entries
        outlines.items.append(inner.number)
        outlines.open += 1

    def _set_apart_the_last(self, part: Part, place: _Place, number: int) -> None:
        """The last page of a part of so many on the front of a sheet."""
        last = self.pages.pop()
        if (len(self.pages) - place.since) % 2:
            self._begin_a_sheet(place.since, True)
            if not place.own:
                label = b"%d << /S /D /P %b /St %d >>" % (len(self.pages), _string(f"{part.label}-"), number)
                self.labels.append(label)
        self.pages.append(last)

    def _begin_a_sheet(self, since: int, is_needed: bool) -> None:
        if is_needed and (len(self.pages) - since) % 2:
            page = b"<< /Type /Page /Parent %b /MediaBox %b /Resources << >> /StructParents %d /Tabs /S >>"
            number = self.writer.reserve()
            self.writer.write(number, page % (_to(self.page_tree), self.size, self.keys))
            self.pages.append(_to(number))
            self.parents.append(b"%d [ ]" % self.keys)
            self.keys += 1

    def _enter(self, leaves: Leaves, own: bytes) -> tuple[int, dict[Blank, bytes]]:
        """Into the lists of what is the same wherever its pages stand. The number of its first object, and what fills
        those blanks that all have."""
        first = self.writer.reserve(len(leaves.template))
        blanks: dict[Blank, bytes] = {key: b"%d" % (self.keys + key) for key in range(leaves.keys)}
        self.size = leaves.size
        self.parents += [b"%d %b" % (self.keys + key, _to(first + place)) for key, place in leaves.parents.items()]
        self.keys += leaves.keys
        self.outlines.open += leaves.open
        for ours, theirs in (self.identifiers, leaves.identifiers), (self.destinations, leaves.destinations):
            entered = {own + name: _to(first + place) for name, place in theirs.items()}
            if shared := ours.keys() & entered.keys():
                raise RenderError(Failure.IDENTIFIER, min(shared).decode())
            ours |= entered
            blanks |= {name: _string(own + name) for name in theirs}
        return first, blanks | {"Pages": _to(self.page_tree), "Outlines": _to(self.outlines.number)}

    def _put(self, section: Section, first: int) -> None:
        self.pages += [_to(first + place) for place in section.pages]
        self.outlines.items += [first + place for place in section.items]

    def _write(self, leaves: Leaves, first: int, blanks: Mapping[Blank, bytes]) -> None:
        items = {first + place for section in leaves.sections for place in section.items}
        for number, text, data in leaves.template.fill(first, blanks):
            if number in items:
                self.texts[number] = text
            else:
                self.writer.write(number, text, data)

    def _lists(self) -> dict[Blank, bytes]:
        destinations = _names(self.destinations)
        return {
            "ParentTree": b"<< /Nums [ %b ] >>" % b" ".join(self.parents),
            "ParentTreeNextKey": b"%d" % self.keys,
            "IDTree": _names(self.identifiers),
            "Names": b"<< /Dests %b >>" % destinations,
            "PageLabels": b"<< /Nums [ %b ] >>" % b" ".join(self.labels),
        }

    def _chained(self, items: list[int]) -> bytes:
        """Write them, each with what is before and after it. What leads to them."""
        for number, before, after in zip(items, [0, *items], [*items[1:], 0], strict=False):
            links = b"/Prev %b " % _to(before) if before else b""
            links += b"/Next %b " % _to(after) if after else b""
            self.writer.write(number, self.texts.pop(number).removesuffix(b">>") + links + b">>")
        return b"/First %b /Last %b" % (_to(items[0]), _to(items[-1])) if items else b""


def _to(number: int) -> bytes:
    return b"%d 0 R" % number


def _string(text: str | bytes) -> bytes:
    return String(text).unparse()


def _names(found: Mapping[bytes, bytes]) -> bytes:
    """Names must stand in order."""
    if not found:
        return b"null"
    return b"<< /Names [ %b ] >>" % b" ".join(b"%b %b" % (_string(name), found[name]) for name in sorted(found))
