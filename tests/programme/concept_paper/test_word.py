from io import BytesIO
from random import Random
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st

from programme.concept_paper.reading import NotAPaper, read
from programme.concept_paper.tree import Unplaced

from .mountains import MOUNTAINS
from .ports import PORTS
from .trees import without_lines
from .wordfile import as_word, make, saved

PORTS_FILE = as_word(PORTS)


@pytest.mark.parametrize(
    ("paper", "way"),
    [
        (PORTS, "styles"),
        (PORTS, "bold"),
        (PORTS, "counted"),
        (PORTS, "table"),
        (MOUNTAINS, "styles"),
        (MOUNTAINS, "bold"),
    ],
)
def test_a_paper_in_word_is_read_whole(paper, way):
    found = read(as_word(paper, way), "Paper.DOCX")

    assert without_lines(found) == paper
    assert found.unplaced == ()


def test_nodes_know_their_paragraph():
    document = make(PORTS)
    line = 1 + next(n for n, each in enumerate(document.paragraphs) if each.text == "What is the role of carriers?")

    found = read(saved(document), "paper.docx")

    assert found.themes[0].roundtables[0].questions[3].line == line


def place_of(document, start: str):
    """Paragraph and its number."""
    return next((each, n) for n, each in enumerate(document.paragraphs, 1) if each.text.startswith(start))


@pytest.mark.parametrize(
    "change",
    [
        '<w:ins {} w:id="1" w:author="A"><w:r><w:t>new words</w:t></w:r></w:ins>',
        '<w:del {} w:id="1" w:author="A"><w:r><w:delText>new words</w:delText></w:r></w:del>',
        '<w:moveTo {} w:id="1" w:author="A"><w:r><w:t>new words</w:t></w:r></w:moveTo>',
    ],
)
def test_a_tracked_change_is_refused_with_its_place(change):
    document = make(PORTS)
    paragraph, number = place_of(document, "What is the role of carriers?")
    paragraph._p.append(parse_xml(change.format(nsdecls("w"))))

    with pytest.raises(NotAPaper, match=f"Paragraph {number} holds a tracked change: “new words”"):
        read(saved(document), "paper.docx")


def test_a_tracked_change_of_a_paragraph_or_in_a_footnote_is_refused():
    document, other = make(PORTS), make(PORTS)
    paragraph, number = place_of(document, "Carriers meet")
    mark = parse_xml(f'<w:rPr {nsdecls("w")}><w:ins w:id="1" w:author="A"/></w:rPr>')
    paragraph._p.get_or_add_pPr().append(mark)
    notes = next(part for part in other.part.package.iter_parts() if "footnotes" in part.partname)
    notes._blob = notes.blob.replace(b"<w:r><w:t", b"<w:ins w:id='1' w:author='A'><w:r><w:t").replace(
        b"</w:t></w:r>", b"</w:t></w:r></w:ins>"
    )

    with pytest.raises(NotAPaper, match=f"Paragraph {number} holds a tracked change: “Carriers meet"):
        read(saved(document), "paper.docx")
    with pytest.raises(NotAPaper, match="Footnote 6 holds a tracked change"):  # the first in the file
        read(saved(other), "paper.docx")


def test_what_has_no_place_in_a_text_is_listed():
    document = make(PORTS)
    paragraph, box = place_of(document, "Carriers meet")
    link = document.part.relate_to("https://example.org/", "http://x/hyperlink", is_external=True)
    for xml in (
        "<w:r {0}><w:pict><w:txbxContent><w:p><w:r><w:t>In a box</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>",
        f'<w:hyperlink {{0}} {{1}} r:id="{link}"><w:r><w:t> See there.</w:t></w:r></w:hyperlink>',
    ):
        paragraph._p.append(parse_xml(xml.format(nsdecls("w"), nsdecls("r"))))
    document.add_paragraph("One hour", style="Heading 1")
    document.add_paragraph("A programme of the day.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "9 a.m.", "Opening"
    last = box + 1

    found = read(saved(document), "paper.docx")

    assert found.sections[-1].body.text.endswith("They report in plenary. See there.")
    without_numeral = "This stands under a heading without numeral or number."
    assert found.unplaced == (
        Unplaced(line=box, text="In a box", reason="This stands in a text box."),
        Unplaced(
            line=box,
            text="See there.",
            reason="These words link to https://example.org/, and a text of the portal carries no links.",
        ),
        Unplaced(line=last, text="One hour", reason=without_numeral),
        Unplaced(line=last + 1, text="A programme of the day.", reason=without_numeral),
        Unplaced(
            line=last + 2, text="9 a.m.", reason="The cells of this table were read one after another, as paragraphs."
        ),
        Unplaced(line=last + 2, text="9 a.m.", reason=without_numeral),
        Unplaced(line=last + 3, text="Opening", reason=without_numeral),
    )


def test_questions_parted_by_a_line_break_are_not_guessed_apart():
    document = make(PORTS)
    paragraph, number = place_of(document, "What is the role of carriers?")
    paragraph.add_run("\nAnd of mayors?")

    found = read(saved(document), "paper.docx")

    assert found.themes[0].roundtables[0].questions[3].text == "What is the role of carriers? And of mayors?"
    assert [(each.line, each.text) for each in found.unplaced] == [(number, "And of mayors?")]


def test_a_table_of_contents_is_passed_over():
    document = make(PORTS)
    style = document.styles.add_style("toc 1", 1)
    first = document.paragraphs[0]
    for text in ("I. Introduction\t2", "Theme 1: From harm to strength\t4"):
        first.insert_paragraph_before(text, style=style)

    found = read(saved(document), "paper.docx")

    assert without_lines(found) == PORTS


def repacked(change) -> bytes:
    """The paper’s package, each member through `change(name, contents)`."""
    file = BytesIO()
    with ZipFile(BytesIO(PORTS_FILE)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return file.getvalue()


@pytest.mark.parametrize("member", ["word/document.xml", "word/footnotes.xml"])
def test_entities_are_refused(member):
    def change(name, contents):
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
        return bomb + contents[contents.index(b"<w:") :].replace(b"the", b"&a;&b;the") if name == member else contents

    with pytest.raises(NotAPaper, match="damaged"):
        read(repacked(change), "paper.docx")


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [
        (b"PK\x03\x04 and no more", "damaged"),
        (b"Theme 1: a text", "damaged"),
        (b"", "damaged"),
        (repacked(lambda name, contents: b"<w:document" if name == "word/document.xml" else contents), "damaged"),
        (repacked(lambda name, contents: b"<x/>" if name == "word/document.xml" else contents), "damaged"),
        (repacked(lambda name, contents: b" " * 30_000_000 if name == "word/styles.xml" else contents), "far larger"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
        (b"\0" * 50_000_000, "larger than 30 MB"),
    ],
    ids=["cut off", "text", "empty", "broken", "no document", "bomb", "locked", "50 MB"],
)
def test_what_is_no_word_file_ends_in_one_sentence(contents, sentence):
    with pytest.raises(NotAPaper, match=sentence):
        read(contents, "paper.docx")


@given(dice=st.integers(0, 10**9).map(Random))
@settings(max_examples=60, deadline=None)
def test_a_spoilt_file_is_read_or_refused(dice):
    def change(name, contents):
        if name not in {"word/document.xml", "word/footnotes.xml", "word/styles.xml", "word/numbering.xml"}:
            return contents
        tags = [b"w:p", b"w:r", b"w:t", b"w:val", b"w:id", b"w:abstractNumId", b"w:numId", b"w:ilvl"]
        spoilt = contents
        for _each in range(dice.randint(0, 3)):
            spoilt = spoilt.replace(dice.choice(tags) + b"=", b"w:lost=", dice.randint(1, 50))
            spoilt = spoilt.replace(b'"1"', dice.choice([b'"x"', b'""', b'"-7"', b'"99999"']), dice.randint(1, 50))
        return spoilt

    try:
        found = read(repacked(change), "paper.docx")
    except NotAPaper:
        return
    assert found.title
