"""The numbers that Word counts itself and writes nowhere: of headings, and of lists."""

from collections import defaultdict

from docx.oxml.ns import qn

from .headings import ROMAN


class Numbering:
    """Counts along, paragraph by paragraph, in their order."""

    def __init__(self, element) -> None:
        self.abstract = {each.get(qn("w:abstractNumId")): each for each in _all(element, "w:abstractNum")}
        self.lists = {each.get(qn("w:numId")): each for each in _all(element, "w:num")}
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        self.seen: set[str] = set()

    def mark(self, list_id: str, level: int) -> str:
        """What stands before the paragraph, such as “IV.”; nothing for a bullet."""
        own = self.lists.get(list_id)
        abstract_id = _value(own, "w:abstractNumId")
        levels = {int(each.get(qn("w:ilvl"))): each for each in _all(self.abstract.get(abstract_id), "w:lvl")}
        counts = self.counts[abstract_id]
        if list_id not in self.seen:
            self.seen.add(list_id)
            for override in _all(own, "w:lvlOverride"):
                if start := _value(override, "w:startOverride"):
                    counts[int(override.get(qn("w:ilvl")))] = int(start) - 1
        for each in range(level + 1):
            if each == level or each not in counts:
                counts[each] = counts.get(each, int(_value(levels.get(each), "w:start") or 1) - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        text = _value(levels.get(level), "w:lvlText")
        if _value(levels.get(level), "w:numFmt") in {"", "bullet", "none"}:
            return ""
        for each in range(level + 1):
            text = text.replace(f"%{each + 1}", _written(counts[each], _value(levels.get(each), "w:numFmt")))
        return text.strip()


def _all(element, tag: str) -> list:
    return [] if element is None else element.findall(qn(tag))


def _value(element, tag: str) -> str:
    child = None if element is None else element.find(qn(tag))
    return "" if child is None else child.get(qn("w:val")) or ""


def _written(number: int, form: str) -> str:
    if "Roman" in form and 0 < number <= len(ROMAN):
        return ROMAN[number - 1] if form == "upperRoman" else ROMAN[number - 1].lower()
    if "Letter" in form and 0 < number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter.upper() if form == "upperLetter" else letter
    return str(number)
