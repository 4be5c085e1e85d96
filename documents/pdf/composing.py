"""Grafting: several tagged prints become one, with one valid structure tree.

`pages.extend` alone, and every library's merge, leave note pages pointing into the tree of the
front, so that a screen reader speaks the wrong text, and no checker notices.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from ..failures import Failure
from .errors import RenderError

SCHEME = "pack:"


@dataclass(frozen=True)
class Part:
    """A finished print to be put behind the front.

    `label` names it within the pack: `pack:<label>` links lead to it, and its pages are called
    `<label>-1`, `<label>-2` … Without one its pages are counted on. It must have been rendered with a
    prefix of its own, unless it `is_whole`: a pack among packs that hold the same papers, whose identifiers are made
    its own by the label. What goes into many packs `is_shared`: it is kept open for the next.
    """

    data: bytes
    title: str
    label: str
    language: str
    is_whole: bool = False
    is_shared: bool = False


@dataclass(frozen=True)
class Composed:
    """`starts` are the pages at which the parts begin, counted from 0."""

    data: bytes
    pages: int
    starts: tuple[int, ...]


def compose(front: bytes, parts: Sequence[Part]) -> bytes:
    """Put `parts` behind `front`. Equal input gives equal bytes."""
    return bind(front, parts).data


def bind(front: bytes, parts: Sequence[Part], *, duplex: bool = False) -> Composed:
    """The same; with `duplex` each part begins on the front side of a sheet, after a blank page where it must."""
    with pikepdf.open(io.BytesIO(front)) as out:
        return _Composition(out, duplex).of(parts)


def _opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(data))


_kept_open = lru_cache(maxsize=32)(_opened)


def _source(part: Part) -> pikepdf.Pdf:
    """Nobody holds on to one that is used once: what was copied keeps its bytes, but not its tree, which takes more."""
    return _kept_open(part.data) if part.is_shared else _opened(part.data)


class _Composition:
    def __init__(self, out: pikepdf.Pdf, duplex: bool) -> None:
        self.out, self.duplex = out, duplex
        self.root: Any = out.Root.StructTreeRoot
        out.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))
        self.front = len(out.pages)
        self.identifiers = dict(_named(self.root, "/IDTree"))
        self.destinations = dict(_named(out.Root.get("/Names", {}), "/Dests"))

    def of(self, parts: Sequence[Part]) -> Composed:
        starts = []
        for part in parts:
            self._begin_a_sheet()
            starts.append(len(self.out.pages))
            self._graft(_source(part), part)
        self._begin_a_sheet()
        _link(self.out, self.front, dict(zip((part.label for part in parts), starts, strict=True)))
        _write_names(self.root, "/IDTree", self.identifiers)
        if self.destinations:
            if "/Names" not in self.out.Root:
                self.out.Root.Names = Dictionary()
            _write_names(self.out.Root.Names, "/Dests", self.destinations)
        buffer = io.BytesIO()
        self.out.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        return Composed(buffer.getvalue(), len(self.out.pages), tuple(starts))

    def _begin_a_sheet(self) -> None:
        if self.duplex and len(self.out.pages) % 2:
            key = int(self.root.ParentTreeNextKey)
            left, bottom, right, top = map(float, self.out.pages[-1].mediabox)
            page: Any = self.out.add_blank_page(page_size=(right - left, top - bottom)).obj
            page.StructParents, page.Tabs = key, Name.S
            self.root.ParentTree.Nums.extend([key, Array()])
            self.root.ParentTreeNextKey = key + 1

    def _graft(self, source: pikepdf.Pdf, part: Part) -> None:
        out, first = self.out, len(self.out.pages)
        out.pages.extend(source.pages)
        # Only now: the copied tree then points at the copied pages.
        tree = out.copy_foreign(source.Root.StructTreeRoot)
        _shift_parents(out, tree, first)
        _hang_structure(out, tree, part)
        identifiers, destinations = dict(_named(tree, "/IDTree")), {}
        if "/Names" in source.Root:
            destinations = dict(_named(out.copy_foreign(source.make_indirect(source.Root.Names)), "/Dests"))
        outlines = out.copy_foreign(source.Root.Outlines) if "/Outlines" in source.Root else None
        if part.is_whole:
            own = f"{part.label}/".encode()
            identifiers = _renamed(identifiers, own)
            destinations = {own + name: value for name, value in destinations.items()}
            _rename_links(out, first, own)
            outlines = _under_one(out, outlines, part.title, first) if outlines else None
        for ours, theirs in ((self.identifiers, identifiers), (self.destinations, destinations)):
            if shared := ours.keys() & theirs.keys():
                raise RenderError(Failure.IDENTIFIER, min(shared).decode())
            ours |= theirs
        if outlines:
            _hang_outlines(out, outlines)
        if part.label:
            labels: Any = out.Root.PageLabels.Nums
            labels.extend([first, Dictionary(S=Name.D, P=String(f"{part.label}-"))])


def _shift_parents(out: pikepdf.Pdf, tree: Any, first: int) -> None:
    """Pages and annotations find their elements by number: move the newcomers' beyond ours."""
    root = out.Root.StructTreeRoot
    base = int(root.ParentTreeNextKey)
    for page in out.pages[first:]:
        page.obj.StructParents = int(page.obj.StructParents) + base
        for annotation in page.obj.get("/Annots", ()):
            if "/StructParent" in annotation:
                annotation.StructParent = int(annotation.StructParent) + base
    nums: Any = root.ParentTree.Nums
    for key, value in _pairs(tree.ParentTree, "/Nums"):
        nums.extend([int(key) + base, value])
    root.ParentTreeNextKey = base + int(tree.ParentTreeNextKey)


def _hang_structure(out: pikepdf.Pdf, tree: pikepdf.Object, part: Part) -> None:
    document = out.Root.StructTreeRoot.K[0]
    for element in tree.K:
        element.S = Name.Part
        element.P = document
        element.Lang = String(part.language)
        element.T = String(part.title)
        document.K.append(element)


def _renamed(identifiers: dict[bytes, Any], own: bytes) -> dict[bytes, Any]:
    """Cells of tables name their headers: both get `own` before their names."""
    tables = {}
    for name, element in identifiers.items():
        element.ID = String(own + name)
        table = element.P
        while table.S != "/Table":
            table = table.P
        tables[table.objgen] = table
    waiting = list(tables.values())
    while waiting:
        element = waiting.pop()
        if "/Headers" in (attributes := element.get("/A", {})):
            attributes.Headers = Array([String(own + bytes(name)) for name in attributes.Headers])
        elif element.S in ("/Table", "/THead", "/TBody", "/TFoot", "/TR"):
            waiting.extend(element.K)
    return {own + name: element for name, element in identifiers.items()}


def _rename_links(out: pikepdf.Pdf, first: int, own: bytes) -> None:
    for page in out.pages[first:]:
        for annotation in page.obj.get("/Annots", ()):
            if isinstance(annotation.get("/Dest"), String):
                annotation.Dest = String(own + bytes(annotation.Dest))


def _under_one(out: pikepdf.Pdf, theirs: pikepdf.Object, title: str, first: int) -> pikepdf.Object:
    """Outlines of which the first and only is `title`, closed, with what there was under it."""
    item = out.make_indirect(
        Dictionary(
            Title=String(title),
            Dest=Array([out.pages[first].obj, Name.Fit]),
            First=theirs.First,
            Last=theirs.Last,
            Count=-int(theirs.Count),
        )
    )
    for child in _chain(theirs):
        child.Parent = item
    return out.make_indirect(Dictionary(First=item, Last=item, Count=1))


def _hang_outlines(out: pikepdf.Pdf, theirs: pikepdf.Object) -> None:
    if "/Outlines" not in out.Root:
        out.Root.Outlines = theirs
        for item in _chain(theirs):
            item.Parent = theirs
        return
    ours = out.Root.Outlines
    for item in _chain(theirs):
        item.Parent = ours
    ours.Last.Next, theirs.First.Prev = theirs.First, ours.Last
    ours.Last = theirs.Last
    ours.Count = int(ours.Count) + int(theirs.Count)


def _chain(outlines: pikepdf.Object) -> Iterator[Any]:
    item: Any = outlines.First
    while item is not None:
        yield item
        item = item.get("/Next")


def _link(out: pikepdf.Pdf, front: int, starts: dict[str, int]) -> None:
    """`pack:<label>` addresses become links to the part. WeasyPrint drops a link that leads
    to an anchor it cannot see, so templates write addresses."""
    for page in out.pages[:front]:
        for annotation in page.obj.get("/Annots", ()):
            address = str(annotation.A.get("/URI", "")) if "/A" in annotation else ""
            if address.startswith(SCHEME):
                label = unquote(address.removeprefix(SCHEME))
                if label not in starts:
                    raise RenderError(Failure.LINK, label)
                del annotation.A
                annotation.Dest = Array([out.pages[starts[label]].obj, Name.Fit])


def _named(holder: Any, key: str) -> Iterator[tuple[bytes, Any]]:
    return ((bytes(name), value) for name, value in _pairs(holder[key], "/Names")) if key in holder else iter(())


def _write_names(holder: pikepdf.Object, key: str, named: dict[bytes, Any]) -> None:
    """Names must stand in order."""
    if named:
        holder[key] = Dictionary(Names=Array([item for name in sorted(named) for item in (String(name), named[name])]))


def _pairs(tree: pikepdf.Object, key: str) -> Iterator[tuple[pikepdf.Object, pikepdf.Object]]:
    """A number or name tree, flat as WeasyPrint writes it, as pairs."""
    items = list(tree[key])
    return zip(items[::2], items[1::2], strict=True)
