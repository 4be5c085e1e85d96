"""Packs are composed, and as whole as what they are made of."""

import io
from dataclasses import replace
from types import SimpleNamespace

import pikepdf
import pytest

from documents.kinds import Listed
from documents.pdf import Leaves, Part, RenderError, compose, render
from documents.pdf.writing import TOGETHER, Writer
from documents.separating import separators

from . import specimens
from .structcheck import problems
from .test_pdf import accessibility_errors, text_of


def note(context, label, language):
    rendered = render("documents/print/concept_note.html", context, language=language, prefix=f"{label}-")
    return Part(Leaves(rendered.data), context["print"]["title"], label, language)


def front(context, language):
    return render("documents/print/pack_front.html", context, language=language).data


def itinerary(context, language):
    rendered = render("documents/print/itinerary.html", context, language=language, prefix="PP-", styles=("badge",))
    return Part(Leaves(rendered.data), "Personal programme", "PP", language)


@pytest.fixture(scope="module")
def english():
    notes = [note(specimens.NOTE_EN, label, "en") for label in ("RT2.2", "RT2.1")]
    return front(specimens.FRONT_EN, "en"), [itinerary(specimens.FRONT_EN, "en"), *notes]


@pytest.fixture(scope="module")
def arabic():
    parts = [itinerary(specimens.FRONT_AR, "ar"), note(specimens.NOTE_AR, "RT2.2", "ar")]
    return front(specimens.FRONT_AR, "ar"), parts


@pytest.mark.parametrize("language", ["english", "arabic"])
def test_pack_is_whole_and_accessible(language, request, tmp_path):
    pack = compose(*request.getfixturevalue(language)).data

    assert problems(pack) == {}
    assert accessibility_errors(pack, tmp_path) == []


def test_structcheck_sees_what_plain_appending_breaks(english):
    """The reason for composing, and proof that the check looks."""
    cover, _parts = english
    other_data = render("documents/print/concept_note.html", specimens.NOTE_EN, language="en").data
    with pikepdf.open(io.BytesIO(cover)) as pdf, pikepdf.open(io.BytesIO(other_data)) as other:
        pdf.pages.extend(other.pages)
        out = io.BytesIO()
        pdf.save(out)

    assert "content spoken as another element" in problems(out.getvalue())


def test_pack_holds_front_and_notes_in_order(english):
    text = text_of(compose(*english).data)

    assert text.index("Participant pack") < text.index("Expected outcomes")
    assert text.count("Expected outcomes") == 2


def test_pack_links_lead_to_the_first_page_of_the_note(english):
    with pikepdf.open(io.BytesIO(compose(*english).data)) as pdf:
        links = [link for link in pdf.pages[0].Annots if "/Dest" in link]
        targets = [[page.obj.objgen for page in pdf.pages].index(link.Dest[0].objgen) for link in links]

    assert targets == [3, 5]


def test_pack_pages_are_labelled_by_note(english):
    with pikepdf.open(io.BytesIO(compose(*english).data)) as pdf:
        assert [page.label for page in pdf.pages] == ["1", "PP-1", "PP-2", "RT2.2-1", "RT2.2-2", "RT2.1-1", "RT2.1-2"]


def test_pack_outline_holds_every_part(english):
    with pikepdf.open(io.BytesIO(compose(*english).data)) as pdf, pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]

    assert titles == ["Ms. Salma NAMOUDHAJ", "Personal programme", *2 * [specimens.NOTE_EN["note"]["title"]]]


def test_pack_parts_keep_language_and_title(english):
    cover, _ = english
    part = note(specimens.NOTE_AR, "RT2.2", "ar")
    other = note(specimens.NOTE_EN, "RT2.1", "en")

    with pikepdf.open(io.BytesIO(compose(cover, [part, other]).data)) as pdf:
        *_, first, second = pdf.Root.StructTreeRoot.K[0].K
        assert [str(first.Lang), str(second.Lang)] == ["ar", "en"]
        assert str(second.T) == other.title


def test_pack_gives_equal_bytes_twice(english):
    assert compose(*english) == compose(*english)


def test_pack_keeps_text_that_looks_like_the_language_of_the_file(english):
    """It is written from the text of its objects."""
    cover, (own, first, second) = english
    title = r"1 0 R) (%b %% \ >> \( 2 0 R endobj"
    odd = note({**specimens.NOTE_EN, "note": {**specimens.NOTE_EN["note"], "title": title}}, "ODD", "en")

    with pikepdf.open(io.BytesIO(compose(cover, [own, first, second, odd]).data)) as pdf, pdf.open_outline() as outline:
        assert outline.root[-1].title == title


@pytest.mark.parametrize("duplex", [True, False])
def test_packs_that_were_joined_and_those_that_were_not_are_bound_alike(english, tmp_path, duplex):
    cover, parts = english
    ticks = render("documents/print/concept_note.html", specimens.NOTE_EN, language="en", prefix="ticks-").data
    joined = Part(Leaves(compose(cover, parts).data), "Pack", "1", "en", is_whole=True)
    loose = replace(joined, leaves=Leaves(cover), behind=tuple(parts))

    data = [compose(ticks, [pack, replace(pack, label="2")], duplex=duplex).data for pack in (joined, loose)]

    assert accessibility_errors(data[1], tmp_path) == []
    assert [problems(each) for each in data] == [{}, {}]
    assert told_of(data[0]) == told_of(data[1])


def told_of(data):
    """What a reader is told of a file."""
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as outline:
        return (
            text_of(data),
            [page.label for page in pdf.pages],
            [(item.title, item.is_closed, [child.title for child in item.children]) for item in outline.root],
            sorted(str(name) for name in pikepdf.NameTree(pdf.Root.StructTreeRoot.IDTree)),
            len(pdf.Root.StructTreeRoot.ParentTree.Nums),
            [[str(kid.S) for kid in part.K] for part in pdf.Root.StructTreeRoot.K[0].K[-2:]],
        )


def test_sheet_of_many_lines_takes_two_pages_and_the_others_one(english):
    """They are set at once as long as each has one page."""
    cover, notes = english
    long = Listed("Wilhelmina " * 24, "Union of Republics " * 10, "Head of Unit, Ministry of Foreign Affairs")
    listed = {1: Listed("Salma Namoudhaj"), 2: long, 3: Listed("Karim Mithal")}
    sheets = separators(SimpleNamespace(**specimens.print_of("Tick list", ""), ink="colour"), listed, 3, "en")

    data = compose(cover, [*notes, *(part for part, _pages in sheets.values())]).data

    assert [pages for _part, pages in sheets.values()] == [1, 2, 1]
    assert problems(data) == {}
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert [page.label for page in pdf.pages][-4:] == ["S1-1", "S2-1", "S2-2", "S3-1"]


def test_pack_without_a_linked_note_is_refused(english):
    cover, parts = english

    with pytest.raises(RenderError, match=r"RT2\.1"):
        compose(cover, parts[:2])


def test_pack_with_clashing_identifiers_is_refused(english):
    cover, (_own, first, second) = english
    twin = replace(first, label=second.label)

    with pytest.raises(RenderError, match="identifier"):
        compose(cover, [first, twin])


@pytest.mark.parametrize("objects", [TOGETHER - 1, TOGETHER, TOGETHER + 1])
def test_file_is_whole_however_many_objects_it_has(objects):
    writer = Writer()
    first = writer.reserve(objects)
    writer.write(first, b"<< /Type /Catalog /Pages %d 0 R >>" % (first + 1))
    writer.write(first + 1, b"<< /Type /Pages /Count 0 /Kids [ ] >>")
    for number in range(first + 2, first + objects):
        writer.write(number, b"(%d)" % number)

    with pikepdf.open(io.BytesIO(writer.close(b"/Root %d 0 R" % first)), attempt_recovery=False) as pdf:
        assert [str(pdf.get_object(one, 0)) for one in (first + 2, number)] == [str(first + 2), str(number)]
