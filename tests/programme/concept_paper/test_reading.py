import pytest

from programme.concept_paper.reading import NotAPaper, read

RULE = " " * 30
SHORT = f"""\
 I. Introduction

Rivers join States.

II. Third Forum on Rivers – Riga 2031

Overarching Theme: “Water for all”

Theme 1: Harbours

Harbours grow1.

Roundtable 1.1: Quays and people

Expected outcomes

A list of good quays.

Guiding questions

 Who owns a quay? And who
should?
 Who pays?

{RULE}
1 See the report of 2029, http://example.org/a-
report.pdf

 III. Workshops

Two workshops are planned in 2031:
 Locks (3rd and 4th May in Ghent)
 Dredging (TBC, July in New York)
"""


def test_a_short_paper_is_read_whole():
    paper = read(SHORT.encode(), "paper.txt")

    theme = paper.themes[0]
    roundtable = theme.roundtables[0]
    assert paper.title == "Third Forum on Rivers – Riga 2031"
    assert theme.rationale.text == "Harbours grow[^1]."
    assert [question.text for question in roundtable.questions] == [
        "Who owns a quay? And who should?",
        "Who pays?",
    ]
    assert paper.footnotes[0].urls == ("http://example.org/a-report.pdf",)
    assert [(event.title, event.when.timing, event.city) for event in paper.events] == [
        ("Locks", "dated", "Ghent"),
        ("Dredging", "month", "New York"),
    ]
    assert paper.unplaced == ()


def test_what_has_no_place_is_listed_with_its_line():
    text = SHORT.replace("Roundtable 1.1", "Roundtable 7.1").replace(" Who pays?", " Who pays?\n\nAsk us all.")
    lines = text.split("\n")

    paper = read(text.encode(), "paper.txt")

    assert paper.themes[0].roundtables == ()
    left = {(each.text, lines[each.line - 1].strip()) for each in paper.unplaced}
    assert ("7.1 Quays and people", "Roundtable 7.1: Quays and people") in left
    assert {"A list of good quays.", "Who owns a quay? And who should?", "Who pays?", "Ask us all."} <= dict(
        left
    ).keys()


@pytest.mark.parametrize(
    ("contents", "name", "sentence"),
    [
        (b"Dear Sir or Madam", "letter.txt", "no concept paper"),
        (b"%PDF-1.7\n\x00\x01", "paper.txt", "UTF-8"),
        ("Thème".encode("latin-1"), "paper.txt", "UTF-8"),
        (b"x" * 3_000_000, "paper.txt", "larger than 2 MB"),
        (b"a\n" * 40_000, "paper.txt", "more lines"),
        (b"x", "paper.odt", ".docx"),
        (b"", "paper.txt", "no concept paper"),
    ],
)
def test_what_is_no_paper_ends_in_one_sentence(contents, name, sentence):
    with pytest.raises(NotAPaper, match=sentence) as refusal:
        read(contents, name)

    assert "\n" not in str(refusal.value)
