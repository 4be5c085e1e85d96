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
    prefix of its own.
    """

    data: bytes
    title: str
    label: str
    language: str


def compose(front: bytes, parts: Sequence[Part]) -> bytes:
    """Put `parts` behind `front`. Equal input gives equal bytes."""
    with pikepdf.open(io.BytesIO(front)) as out:
        out.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))
        starts = {}
        for part in parts:
            starts[part.label] = len(out.pages)
            _graft(out, _opened(part.data) if part.label else pikepdf.open(io.BytesIO(part.data)), part)
        _link(out, starts)
        buffer = io.BytesIO()
        out.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        return buffer.getvalue()


@lru_cache(maxsize=64)
def _opened(data: bytes) -> pikepdf.Pdf:
    """The same few notes go into every pack, so each is parsed once in a process."""
    return pikepdf.open(io.BytesIO(data))


def _graft(out: pikepdf.Pdf, source: pikepdf.Pdf, part: Part) -> None:
    first = len(out.pages)
    out.pages.extend(source.pages)
    # Only now: the copied tree then points at the copied pages.
    tree = out.copy_foreign(source.Root.StructTreeRoot)
    _shift_parents(out, tree, first)
    _hang_structure(out, tree, part)
    _merge_names(out.Root.StructTreeRoot, "/IDTree", tree)
    if "/Names" in source.Root and "/Dests" in source.Root.Names:
        names = out.copy_foreign(source.make_indirect(source.Root.Names))
        if "/Names" not in out.Root:
            out.Root.Names = Dictionary()
        _merge_names(out.Root.Names, "/Dests", names)
    if "/Outlines" in source.Root:
        _hang_outlines(out, out.copy_foreign(source.Root.Outlines))
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


def _merge_names(holder: pikepdf.Object, key: str, other: pikepdf.Object) -> None:
    """Merge `other[key]` into `holder[key]`, both sorted lists of names and values."""
    if key not in other:
        return
    merged = {bytes(name): value for name, value in _pairs(other[key], "/Names")}
    if key in holder:
        ours = {bytes(name): value for name, value in _pairs(holder[key], "/Names")}
        if shared := merged.keys() & ours.keys():
            raise RenderError(Failure.IDENTIFIER, min(shared).decode())
        merged |= ours
    names = [item for name in sorted(merged) for item in (String(name), merged[name])]
    holder[key] = Dictionary(Names=Array(names))


def _hang_outlines(out: pikepdf.Pdf, theirs: pikepdf.Object) -> None:
    if "/Outlines" not in out.Root:
        out.Root.Outlines = theirs
        return
    ours = out.Root.Outlines
    item: Any = theirs.First
    while item is not None:
        item.Parent = ours
        item = item.get("/Next")
    ours.Last.Next, theirs.First.Prev = theirs.First, ours.Last
    ours.Last = theirs.Last
    ours.Count = int(ours.Count) + int(theirs.Count)


def _link(out: pikepdf.Pdf, starts: dict[str, int]) -> None:
    """`pack:<label>` addresses become links to the part. WeasyPrint drops a link that leads
    to an anchor it cannot see, so templates write addresses."""
    for page in out.pages:
        for annotation in page.obj.get("/Annots", ()):
            address = str(annotation.A.get("/URI", "")) if "/A" in annotation else ""
            if address.startswith(SCHEME):
                label = unquote(address.removeprefix(SCHEME))
                if label not in starts:
                    raise RenderError(Failure.LINK, label)
                del annotation.A
                annotation.Dest = Array([out.pages[starts[label]].obj, Name.Fit])


def _pairs(tree: pikepdf.Object, key: str) -> Iterator[tuple[pikepdf.Object, pikepdf.Object]]:
    """A number or name tree, flat as WeasyPrint writes it, as pairs."""
    items = list(tree[key])
    return zip(items[::2], items[1::2], strict=True)
