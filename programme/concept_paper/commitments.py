"""Places in instruments that a text names: targets and goals, objectives and principles, paragraphs."""

import re
from collections.abc import Iterator

_NUMBERS = r"(\d+(?:\.[\da-d]+)?(?:(?:\s*,\s*|\s+(?:and|et|y|or|ou|to|à)\s+|,\s+(?:and|et)\s+)\d+(?:\.[\da-d]+)?)*)"
_GCM = r"(?:GCM|Global Compact|PMM|Pacte mondial)"
_NYD = r"(?:New York Declaration|Déclaration de New York|NYD)"
# What stands before the numbers or after them, and what the numbers are of
FORMS = [
    ("SDG.{}", re.compile(rf"\b(?:SDGs?|ODD|targets?|cibles?)\s+(?:targets?\s+|cibles?\s+)?{_NUMBERS}", re.I)),
    ("SDG.{}", re.compile(rf"\b(?:Goals?|Objectifs?)\s+{_NUMBERS}\s+(?:of|des?)\s+(?:the\s+)?(?:2030|SDG|ODD)", re.I)),
    ("GCM.O{}", re.compile(rf"\bobjecti(?:ve|f)s?\s+{_NUMBERS}\s+(?:of|du)\s+(?:the\s+)?{_GCM}", re.I)),
    ("GCM.O{}", re.compile(rf"\b{_GCM}(?:\s+for\s+Migration)?,?\s+objecti(?:ve|f)s?\s+{_NUMBERS}", re.I)),
    (
        "GCM.P{}",
        re.compile(
            rf"\b(\d+)(?:st|nd|rd|th|er|e)\s+(?:guiding\s+principles?|principes?\s+directeurs?)\s+"
            rf"(?:of|du)\s+(?:the\s+)?{_GCM}",
            re.I,
        ),
    ),
    (
        "GCM.P{}",
        re.compile(
            rf"\b(?:guiding\s+principles?|principes?\s+directeurs?)\s+{_NUMBERS}\s+(?:of|du)\s+(?:the\s+)?{_GCM}", re.I
        ),
    ),
    ("NYD.{}", re.compile(rf"\bparagraph(?:e?s?)\s+{_NUMBERS}\s+(?:of|de)\s+(?:the\s+|la\s+)?{_NYD}", re.I)),
    ("NYD.{}", re.compile(rf"\b{_NYD},?\s+(?:para(?:graph|graphe)?s?\.?)\s+{_NUMBERS}", re.I)),
]


def cited(text: str) -> list[str]:
    """Keys such as "SDG.10.7", "GCM.P10" or "NYD.23", each once."""
    return list(dict.fromkeys(_keys(text)))


def _keys(text: str) -> Iterator[str]:
    for key, form in FORMS:
        for match in form.finditer(text):
            for number in re.findall(r"\d+(?:\.[\da-d]+)?", match.group(1)):
                yield key.format(number)
