"""A print on its way into a file with others: read once, with blanks for what is another in each file."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import pikepdf
from pikepdf import Array, Name

from .writing import Template

SCHEME = "pack:"
OF_THE_FILE = ("Pages", "Outlines", "Names", "PageLabels")


@dataclass(frozen=True)
class Section:
    """What stands together in a file: an element of its structure, pages, and items of its outlines."""

    element: int
    pages: list[int]
    items: list[int]


class Leaves:
    """The objects of a print that lists of the file name, by their places in `template`.

    `links` are the labels of parts behind it that it leads to.
    """

    def __init__(self, data: bytes) -> None:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            self.template = Template(pdf)
            place, tree = self.template.place, pdf.Root.StructTreeRoot
            self.links = set(self._links())
            pages = [self._page(page.obj) for page in pdf.pages]
            self.size = pdf.pages[-1].mediabox.unparse(resolved=True)
            self.parents = {int(key): place(value) for key, value in _pairs(tree.ParentTree.Nums)}
            self.keys = int(tree.ParentTreeNextKey)
            outlines: Any = pdf.Root.get("/Outlines")
            items = _chain(outlines) if outlines else []
            self.open = int(outlines.Count) if outlines else 0  # items that a reader sees at first
            self.identifiers = self._placed(_named(tree, "/IDTree"))
            self.destinations = self._placed(_named(pdf.Root.get("/Names", {}), "/Dests"))
            self.sections = self._hang(pdf.Root, pages, items)
            self.template.read()

    def _links(self) -> Iterator[str]:
        """`pack:<label>` addresses become links to the part. WeasyPrint drops a link that leads
        to an anchor it cannot see, so templates write addresses."""
        for page in self.template.pdf.pages:
            for annotation in page.obj.get("/Annots", ()):
                address = str(annotation.A.get("/URI", "")) if "/A" in annotation else ""
                if address.startswith(SCHEME):
                    label = unquote(address.removeprefix(SCHEME))
                    del annotation.A
                    annotation.Dest = Array([self.template.blank(f"{SCHEME}{label}"), Name.Fit])
                    yield label

    def _page(self, page: Any) -> int:
        """Pages and annotations find their elements by number, and all prints count from 0."""
        page.Parent = self.template.blank("Pages")
        page.StructParents = self.template.blank(int(page.StructParents))
        for annotation in page.get("/Annots", ()):
            if "/StructParent" in annotation:
                annotation.StructParent = self.template.blank(int(annotation.StructParent))
        return self.template.place(page)

    def _item(self, item: Any) -> int:
        """What is before and after it is known only when all is written."""
        for key in ("/Prev", "/Next"):
            if key in item:
                del item[key]
        item.Parent = self.template.blank("Outlines")
        return self.template.place(item)

    def _placed(self, named: dict[bytes, Any]) -> dict[bytes, int]:
        for name in named:
            self.template.blank_text(name)
        return {name: self.template.place(value) for name, value in named.items()}

    def _hang(self, root: Any, pages: list[int], items: list[Any]) -> list[Section]:
        """The document becomes a part of that of the file, with parts of its own behind what it holds."""
        [element] = root.StructTreeRoot.K
        element.S = Name.Part
        element.P, element.Lang, element.T = map(self.template.blank, ("Document", "Lang", "T"))
        element.K.append(self.template.blank("Parts"))
        return [Section(self.template.place(element), pages, [self._item(item) for item in items])]


class Sheets(Leaves):
    """Each page is a part of the file by itself, with the item of the outlines that leads to it and names it."""

    def _hang(self, root: Any, pages: list[int], items: list[Any]) -> list[Section]:
        [element] = root.StructTreeRoot.K
        found = []
        for part, page, item in zip(element.K, pages, items, strict=True):
            part.P, part.Lang = map(self.template.blank, ("Document", "Lang"))
            part.T = item.Title
            found.append(Section(self.template.place(part), [page], [self._item(item)]))
        return found


class Front(Leaves):
    """What the file begins with, and what it has once."""

    def _hang(self, root: Any, pages: list[int], items: list[Any]) -> list[Section]:
        blank, place, tree = self.template.blank, self.template.place, root.StructTreeRoot
        tree.K[0].K.append(blank("Parts"))
        for holder, names in (tree, ("ParentTree", "ParentTreeNextKey", "IDTree")), (root, OF_THE_FILE):
            for name in names:
                holder[f"/{name}"] = blank(name)
        self.root, self.info = place(root), place(self.template.pdf.docinfo)
        return [Section(place(tree.K[0]), pages, [self._item(item) for item in items])]


def _chain(outlines: Any) -> list[Any]:
    items, item = [], outlines.First
    while item is not None:
        items.append(item)
        item = item.get("/Next")
    return items


def _named(holder: Any, key: str) -> dict[bytes, Any]:
    return {bytes(name): value for name, value in _pairs(holder[key].Names)} if key in holder else {}


def _pairs(tree: Any) -> Iterator[tuple[Any, Any]]:
    """A number or name tree, flat as WeasyPrint and `compose` write it."""
    items = list(tree)
    return zip(items[::2], items[1::2], strict=True)
