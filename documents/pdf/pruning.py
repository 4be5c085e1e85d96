"""What says nothing goes out of the structure tree.

WeasyPrint writes an element for each box. Every element is read to the end of a print by whoever joins it with others,
who holds all of them until the file is written: without these it takes half the memory, and less time.
"""

from collections.abc import Sequence

import pydyf
from weasyprint.formatting_structure.boxes import TextBox

from .boxes import Tagged

# Elements that hold content themselves. Others only group elements.
HOLD_TEXT = {"/P", "/H1", "/H2", "/H3", "/H4", "/H5", "/H6", "/Lbl", "/LBody", "/Span", "/TD", "/TH"}
# They may hold elements of certain kinds only.
PARTICULAR = {"/Table", "/THead", "/TBody", "/TFoot", "/TR", "/L", "/LI"}
WITHOUT_MEANING = {"/Div", "/NonStruct", "/Span"}
HAD_BY_ALL = {"Type", "S", "P", "Pg", "K"}


def prune(tree: Sequence[Tagged], pdf: pydyf.PDF, mappings: dict[bytes, pydyf.Array]) -> None:
    """`tree` is all of it, parents first; `mappings` are the elements of the marked contents, by page."""
    for tagged in tree:
        element, parent = tagged.element, resolve(pdf, tagged.element["P"])
        if _says_nothing(tagged) and _may_hold(parent, element["K"]):
            _give_to_parent(element, parent, pdf, mappings)
    for tagged in tree:
        if tagged.element:
            _shorten(tagged.element)


def resolve(pdf: pydyf.PDF, reference: bytes):
    return pdf.objects[int(reference.split()[0])]


def _says_nothing(tagged: Tagged) -> bool:
    """Pieces of a line do not, either."""
    is_bare = tagged.element.keys() <= HAD_BY_ALL
    return is_bare and (isinstance(tagged.box, TextBox) or tagged.element["S"] in WITHOUT_MEANING)


def _may_hold(parent: pydyf.Dictionary, kids: pydyf.Array) -> bool:
    if any(isinstance(kid, int) for kid in kids):
        return parent["S"] in HOLD_TEXT
    return parent["S"] not in PARTICULAR


def _give_to_parent(
    element: pydyf.Dictionary, parent: pydyf.Dictionary, pdf: pydyf.PDF, mappings: dict[bytes, pydyf.Array]
) -> None:
    place = parent["K"].index(element.reference)
    parent["K"][place : place + 1] = element["K"]
    for kid in element["K"]:
        if isinstance(kid, int):
            mappings[element["Pg"]][kid] = parent.reference
        else:
            resolve(pdf, kid)["P"] = parent.reference
    element.clear()


def _shorten(element: pydyf.Dictionary) -> None:
    """What a reader knows without being told, and the page where nothing is on it."""
    del element["Type"]
    if not any(isinstance(kid, int) for kid in element["K"]):
        del element["Pg"]
    elif len(element["K"]) == 1:
        [element["K"]] = element["K"]
