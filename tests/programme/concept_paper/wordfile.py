"""Sets the tree of a paper as a Word file, in the ways in which offices make them."""

import re
from io import BytesIO

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from programme.concept_paper.tree import Paper

from .typesetting import Row, rows, written

FOOTNOTES = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
COUNTED = {1: ("upperRoman", "%1."), 2: ("decimal", "Theme %1:")}  # headings that Word numbers itself


def as_word(paper: Paper, way: str = "styles") -> bytes:
    """`way` is "styles", "bold" (headings only bold, bullets typed), "counted" or "table"."""
    document = make(paper, way)
    return saved(document)


def make(paper: Paper, way: str = "styles"):
    document = docx.Document()
    document.core_properties.title = paper.title
    _add_footnotes(document, paper)
    if way == "counted":
        _add_numbering(document)
    place = document
    for row in rows(paper):
        if way == "table" and row.level == 3:  # each roundtable in a table: its title, then a cell for the rest
            table = document.add_table(rows=2, cols=1)
            _add(table.cell(0, 0), row, way)
            place = table.cell(1, 0)
            continue
        if row.kind == "heading":
            place = document
        _add(place, row, way)
    return document


def saved(document) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _add(place, row: Row, way: str) -> None:
    text, style = row.text, None
    is_heading = row.kind in {"heading", "label"}
    if row.kind == "item" and way == "bold":
        text = f"•\u00a0{text}"
    elif row.kind == "item":
        style = "List Number" if way == "counted" and row.in_list else "List Bullet"
    elif is_heading and way != "bold" and (row.level or row.kind == "label"):
        style = f"Heading {row.level or 4}"
    if way == "counted" and row.level in COUNTED:
        text = row.title
    paragraph = place.add_paragraph(style=style)
    if way == "counted" and row.level in COUNTED:
        numbers = parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="{90 + row.level}"/></w:numPr>')
        paragraph._p.get_or_add_pPr().append(numbers)
    for part in re.split(r"(\[\^\d+\]|co-)", text):
        run = paragraph.add_run()
        run.bold = True if is_heading and way == "bold" else None
        if cited := re.fullmatch(r"\[\^(\d+)\]", part):
            reference = OxmlElement("w:footnoteReference")
            reference.set(qn("w:id"), str(int(cited[1]) + 40))
            run._r.append(reference)
        elif part == "co-":
            run.text = "co"
            run._r.append(OxmlElement("w:noBreakHyphen"))
        else:
            run.text = part


def _add_footnotes(document, paper: Paper) -> None:
    notes = "".join(
        f'<w:footnote w:id="{note.number + 40}"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t xml:space="preserve"> '
        f"{_escaped(written(note))}</w:t></w:r></w:p></w:footnote>"
        for note in reversed(paper.footnotes)  # Word keeps them in the order in which they were written
    )
    xml = (
        f'<w:footnotes {nsdecls("w")}><w:footnote w:id="-1" w:type="separator"><w:p/></w:footnote>{notes}</w:footnotes>'
    )
    part = Part(PackURI("/word/footnotes.xml"), FOOTNOTES, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _add_numbering(document) -> None:
    numbering = document.part.numbering_part.element
    for level, (form, text) in COUNTED.items():
        abstract = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{90 + level}"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            f'<w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl></w:abstractNum>'
        )
        numbering.insert(0, abstract)
        numbering.append(
            parse_xml(f'<w:num {nsdecls("w")} w:numId="{90 + level}"><w:abstractNumId w:val="{90 + level}"/></w:num>')
        )
