"""Repairs on the way from WeasyPrint's tagged PDF to PDF/UA-1.

Measured on WeasyPrint 70 and pydyf 0.13: `pdf_variant="pdf/ua-1"` alone leaves running heads tagged
as content, links that do not print and are spoken as their address, table headers without scope,
identifiers without a tree, no language below the document, and elements that say nothing.
"""

import pydyf
from weasyprint.formatting_structure.boxes import TextBox

from .boxes import Tagged, tagged_boxes
from .pruning import prune, resolve

LINK_PRINTS = 4


class Finisher:
    """WeasyPrint's `finisher`: called with the laid out document and the PDF about to be written."""

    def __init__(self, prefix: str):
        self.prefix = prefix

    def __call__(self, document, pdf: pydyf.PDF) -> None:
        root = resolve(pdf, pdf.catalog["StructTreeRoot"])
        nums = resolve(pdf, root["ParentTree"])["Nums"]
        language = document.metadata.lang
        identified: dict[str, pydyf.Dictionary] = {}
        running: list[pydyf.Dictionary] = []
        mappings = dict(zip(pdf.page_references, nums[1::2], strict=False))
        tree: list[Tagged] = []
        for tagged in tagged_boxes(document, pdf, resolve(pdf, root["K"][0])):
            if tagged.running:
                running.append(tagged.element)
                continue
            tree.append(tagged)
            if isinstance(tagged.box, TextBox):
                continue
            _set_language(tagged, language)
            _describe_link(tagged)
            self._set_table_cell(tagged, identified)
        prune(tree, pdf, mappings)
        _make_artifacts(document, pdf, nums, running)
        self._prefix_destinations(document, pdf)
        if identified:
            root["IDTree"] = _name_tree(identified)
        root["ParentTreeNextKey"] = len(nums) // 2
        pdf.catalog["PageLabels"] = pydyf.Dictionary({"Nums": pydyf.Array([0, pydyf.Dictionary({"S": "/D"})])})
        if language == "ar":
            pdf.catalog["ViewerPreferences"]["Direction"] = "/R2L"

    def _set_table_cell(self, tagged: Tagged, identified: dict[str, pydyf.Dictionary]) -> None:
        element = tagged.element
        attributes = element.get("A", {})
        if element["S"] == "/TH":
            scope = tagged.box.element.get("scope", "")
            attributes["Scope"] = "/Row" if scope.startswith("row") else "/Column"
        if "ID" in element:
            key = self.prefix + element["ID"].string
            element["ID"] = pydyf.String(key)
            identified[key] = element
        if "Headers" in attributes:
            attributes["Headers"] = pydyf.Array(
                pydyf.String(self.prefix + header.string) for header in attributes["Headers"]
            )

    def _prefix_destinations(self, document, pdf: pydyf.PDF) -> None:
        for page in document.pages:
            for kind, _target, _rectangle, box in page.links:
                if kind == "internal" and (link := box.link_annotation):
                    link["Dest"] = pydyf.String(self.prefix + link["Dest"].string)
        if "Names" in pdf.catalog and "Dests" in pdf.catalog["Names"]:
            names = pdf.catalog["Names"]["Dests"]["Names"]
            names[::2] = [pydyf.String(self.prefix + name.string) for name in names[::2]]


def _set_language(tagged: Tagged, language: str) -> None:
    box = tagged.box
    if box.element is None or box.element_tag != box.element.tag:
        return  # generated
    own = box.element.get("lang")
    if own and own != language:
        tagged.element["Lang"] = pydyf.String(own)


def _describe_link(tagged: Tagged) -> None:
    if link := getattr(tagged.box, "link_annotation", None):
        text = tagged.box.element.get("title") or " ".join("".join(tagged.box.element.itertext()).split())
        link["Contents"] = pydyf.String(text)
        link["F"] = LINK_PRINTS


def _make_artifacts(document, pdf: pydyf.PDF, nums: pydyf.Array, running: list[pydyf.Dictionary]) -> None:
    """WeasyPrint leaves running heads and feet as marked content outside the tree."""
    references = {element.reference for element in running}
    for mapping, page_reference in zip(nums[1::2], pdf.page_references, strict=False):
        outside = {number for number, reference in enumerate(mapping) if reference in references}
        if not outside:
            continue
        operators = resolve(pdf, resolve(pdf, page_reference)["Contents"]).stream
        for position, operator in enumerate(operators):
            if isinstance(operator, pydyf.Dictionary) and operator.get("MCID") in outside:
                operators[position - 1] = "/Artifact"
                operators[position] = pydyf.Dictionary({"Type": "/Pagination"})
        for number in outside:
            mapping[number] = b"null"
    for element in running:
        element.clear()


def _name_tree(elements: dict[str, pydyf.Dictionary]) -> pydyf.Dictionary:
    names = pydyf.Array()
    for key in sorted(elements):
        names += [pydyf.String(key), elements[key].reference]
    return pydyf.Dictionary({"Names": names})
