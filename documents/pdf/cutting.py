"""The rest of a tagged print from one page on, with a structure tree that is whole."""

import io
import itertools
from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary


def cut(data: bytes, first: int) -> bytes:
    """The print in `data` without the pages before `first`, counted from 0. Equal input gives equal bytes."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        labels = [page.label for page in pdf.pages][first:]
        gone = {page.obj.objgen for page in pdf.pages[:first]}
        keys = {key for page in pdf.pages[:first] for key in _keys(page)}
        del pdf.pages[:first]
        _Cut(pdf, gone).run(keys)
        nums = (item for number, label in enumerate(labels) for item in (number, Dictionary(P=pikepdf.String(label))))
        pdf.Root.PageLabels = Dictionary(Nums=Array(list(nums)))
        buffer = io.BytesIO()
        pdf.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        return buffer.getvalue()


def _keys(page: pikepdf.Page) -> Iterator[int]:
    """By which the page and its annotations stand in the parent tree."""
    yield int(page.obj.StructParents)
    for annotation in page.obj.get("/Annots", ()):
        if "/StructParent" in annotation:
            yield int(annotation.StructParent)


class _Cut:
    def __init__(self, pdf: pikepdf.Pdf, gone: set[tuple[int, int]]) -> None:
        self.pdf, self.gone = pdf, gone
        self.root: Any = pdf.Root.StructTreeRoot
        self.identifiers: dict[bytes, Any] = {}
        self.cells: list[Any] = []

    def run(self, keys: set[int]) -> None:
        items = list(self.root.ParentTree.Nums)
        kept = [pair for pair in zip(items[::2], items[1::2], strict=True) if int(pair[0]) not in keys]
        self.root.ParentTree.Nums = Array([item for pair in kept for item in pair])
        self._keeps(self.root.K[0])
        self._names()
        if "/Outlines" in self.pdf.Root and not self._outlines(self.pdf.Root.Outlines):
            del self.pdf.Root.Outlines

    def _keeps(self, element: Any) -> bool:
        """Whether anything of the element is on a page that is left."""
        kids = element.get("/K", Array())
        kept = [kid for kid in (kids if isinstance(kids, Array) else [kids]) if self._is_left(element, kid)]
        if not kept:
            return False
        element.K = Array(kept)
        if "/Pg" in element and element.Pg.objgen in self.gone:
            del element.Pg
        if "/ID" in element:
            self.identifiers[bytes(element.ID)] = element
        if "/Headers" in element.get("/A", {}):
            self.cells.append(element.A)
        return True

    def _is_left(self, element: Any, kid: Any) -> bool:
        if isinstance(kid, int):
            return element.Pg.objgen not in self.gone
        if kid.get("/Type") in ("/MCR", "/OBJR"):
            return kid.get("/Pg", element.get("/Pg")).objgen not in self.gone
        return self._keeps(kid)

    def _names(self) -> None:
        for attributes in self.cells:
            attributes.Headers = Array([name for name in attributes.Headers if bytes(name) in self.identifiers])
        names = [item for key in sorted(self.identifiers) for item in (pikepdf.String(key), self.identifiers[key])]
        self.root.IDTree = Dictionary(Names=Array(names))
        dests: Any = self.pdf.Root.Names.get("/Dests", Dictionary()) if "/Names" in self.pdf.Root else Dictionary()
        if "/Names" in dests:
            items = list(dests.Names)
            pairs = [pair for pair in zip(items[::2], items[1::2], strict=True) if pair[1][0].objgen not in self.gone]
            dests.Names = Array([item for pair in pairs for item in pair])
        there = {bytes(name) for name in list(dests.get("/Names", ()))[::2]}
        for page in self.pdf.pages:
            for annotation in page.obj.get("/Annots", ()):
                if "/Dest" in annotation and self._is_lost(annotation.Dest, there):
                    del annotation.Dest

    def _is_lost(self, destination: Any, there: set[bytes]) -> bool:
        if isinstance(destination, Array):
            return destination[0].objgen in self.gone
        return bytes(destination) not in there

    def _outlines(self, parent: Any) -> int:
        """Hang what is left below `parent` in one chain; return how many there are, their own below them included."""
        left, count = [], 0
        item = parent.get("/First")
        while item is not None:
            following = item.get("/Next")
            below = self._outlines(item) if "/First" in item else 0
            if below and item.Dest[0].objgen in self.gone:
                item.Dest = item.First.Dest
            if item.Dest[0].objgen not in self.gone:
                left.append(item)
                count += 1 + below
            item = following
        _chain(parent, left)
        if left:
            parent.Count = count
        return count


def _chain(parent: Any, items: list[Any]) -> None:
    for key in ("/First", "/Last", "/Count"):
        if key in parent:
            del parent[key]
    if not items:
        return
    parent.First, parent.Last = items[0], items[-1]
    for item in items:
        for key in ("/Prev", "/Next"):
            if key in item:
                del item[key]
    for before, after in itertools.pairwise(items):
        before.Next, after.Prev = after, before
