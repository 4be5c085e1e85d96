"""What a Word file says of a paragraph by its style: level of a heading, list, bold."""

from dataclasses import dataclass

from docx.document import Document
from docx.oxml.ns import qn


@dataclass(frozen=True)
class Style:
    name: str
    level: int = 0  # of a heading, from 1
    list_id: str = ""
    list_level: int = 0
    bold: bool = False


class Styles:
    def __init__(self, document: Document) -> None:
        elements = document.styles.element.findall(qn("w:style"))
        self.elements = {each.get(qn("w:styleId")): each for each in elements}
        default = [each for each in elements if each.get(qn("w:default")) == "1"]
        self.default = next((each.get(qn("w:styleId")) for each in default if _kind(each) == "paragraph"), "")
        self.known: dict[str, Style] = {}

    def of(self, paragraph) -> Style:
        """The style with what the paragraph itself says otherwise."""
        own = paragraph.find(qn("w:pPr"))
        style = self._style(_value(own, "w:pStyle") or self.default)
        return _with(style, own)

    def is_bold(self, paragraph) -> bool:
        """Whether every run that says anything is bold."""
        bold = self.of(paragraph).bold
        runs = [
            run for run in paragraph.iter(qn("w:r")) if any((each.text or "").strip() for each in run.iter(qn("w:t")))
        ]
        return bool(runs) and all(_is_on(run.find(qn("w:rPr")), bold) for run in runs)

    def _style(self, identity: str, depth: int = 0) -> Style:
        if identity not in self.known:
            element = self.elements.get(identity)
            base = _value(element, "w:basedOn")
            style = self._style(base, depth + 1) if base and depth < 20 else Style("")
            if element is not None:
                name = _value(element, "w:name")
                level = int(name[8:]) if name.lower().startswith("heading ") and name[8:].isdigit() else style.level
                bold = _is_on(element.find(qn("w:rPr")), style.bold)
                style = _with(Style(name, level, style.list_id, style.list_level, bold), element.find(qn("w:pPr")))
            self.known[identity] = style
        return self.known[identity]


def _with(style: Style, properties) -> Style:
    numbers = None if properties is None else properties.find(qn("w:numPr"))
    list_id = _value(numbers, "w:numId") or style.list_id
    list_level = int(_value(numbers, "w:ilvl") or style.list_level)
    outline = _value(properties, "w:outlineLvl")
    level = int(outline) + 1 if outline.isdigit() and int(outline) < 9 else style.level
    return Style(style.name, level, "" if list_id == "0" else list_id, list_level, style.bold)


def _value(element, tag: str) -> str:
    child = None if element is None else element.find(qn(tag))
    return "" if child is None else child.get(qn("w:val")) or ""


def _kind(element) -> str:
    return element.get(qn("w:type")) or ""


def _is_on(properties, inherited: bool) -> bool:
    bold = None if properties is None else properties.find(qn("w:b"))
    return inherited if bold is None else bold.get(qn("w:val")) not in {"0", "false", "off"}
