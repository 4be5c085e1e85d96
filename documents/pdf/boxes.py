"""Which structure element WeasyPrint wrote for which box. It keeps no record of that itself."""

from collections.abc import Iterator
from typing import NamedTuple

import pydyf
from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder


class Tagged(NamedTuple):
    box: boxes.Box
    element: pydyf.Dictionary
    running: bool  # in the margin of a page, so no part of the text


def tagged_boxes(document, pdf: pydyf.PDF, document_element: pydyf.Dictionary) -> Iterator[Tagged]:
    """Walk the boxes as `weasyprint.pdf.tags` does, which creates the elements in that order.

    Each element must hang under the one expected, so that a WeasyPrint that tags otherwise fails
    every print instead of mislabelling it.
    """
    return _Walk(pdf, document_element).pages(document.pages)


class _Walk:
    def __init__(self, pdf: pydyf.PDF, document_element: pydyf.Dictionary):
        self.document_element = document_element
        self.elements = (
            item
            for item in pdf.objects[document_element.number + 1 :]
            if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/StructElem"
        )

    def pages(self, pages) -> Iterator[Tagged]:
        for page in pages:
            yield from self._box(page._page_box, self.document_element, False)
        if next(self.elements, None) is not None:
            raise AssertionError("WeasyPrint tagged more than its boxes")

    def _next(self, parent: pydyf.Dictionary) -> pydyf.Dictionary:
        element = next(self.elements, None)
        if element is None or element["P"] != parent.reference:
            raise AssertionError("WeasyPrint tagged its boxes in another order")
        return element

    def _box(self, box, parent, running: bool) -> Iterator[Tagged]:
        if isinstance(box, AbsolutePlaceholder):
            box = box._box
        if isinstance(box, boxes.PageBox | boxes.MarginBox) or _is_root(box):
            for child in box.children:
                yield from self._box(child, parent, running or isinstance(box, boxes.MarginBox))
            return
        if _wrapped_item(box) and parent["S"] not in ("/LI", "/LBody"):
            parent = self._next(parent)
        element = self._next(parent)
        yield Tagged(box, element, running)
        for child in _children(box, element):
            if not isinstance(child, boxes.TextBox):
                nested = element["S"] == "/LI" and child.element_tag in ("ul", "ol")
                yield from self._box(child, parent if nested else element, running)
            elif element["S"] != "/Link":
                yield Tagged(child, self._next(element), running)


def _tag(box) -> str | None:
    return None if box.element is None else box.element_tag


def _is_root(box) -> bool:
    return _tag(box) in ("html", "body") and not isinstance(box, boxes.LineBox)


def _wrapped_item(box) -> bool:
    """An item without a marker gets an LI of its own around its LBody."""
    tag = _tag(box)
    if tag == "li":
        return "list-item" not in box.style["display"] or box.style["list_style_type"] == "none"
    return tag in ("dt", "dd")


def _children(box, element) -> Iterator[boxes.Box]:
    children = box.children
    if element["S"] == "/Table" and box.is_table_wrapper and (table := box.get_wrapped_table()):
        children = [inner for child in children for inner in (child.children if child is table else [child])]
    for child in children:
        yield from child.children if isinstance(child, boxes.LineBox) else [child]
