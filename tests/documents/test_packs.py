"""What a participant pack is made of beside its front: practical information and background papers."""

import io

import pikepdf
import pypdfium2
import pytest
from pikepdf import Array, Dictionary, Name, String

from documents import building, services
from documents.kinds import KINDS, words
from documents.pdf import Leaves, Part, RenderError, compose, wrap
from programme import releases
from registrations.models import DelegationHead
from schedule.models import BackgroundPaper
from schedule.papers import keep
from tests.registrations import scene

from .structcheck import problems
from .test_pdf import accessibility_errors

PACK = "participant_pack"


def foreign(pages=2, words="Remittances") -> bytes:
    """A file as a word processor might make it: tagged in its own way, with a form, a link and a field, a sheet on its
    side, and what all pages share kept above them."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        form = pdf.make_stream(b"/P <</MCID 7>> BDC BT /F1 9 Tf (In a form) Tj ET EMC")
        for key, value in {
            "/Type": Name.XObject,
            "/Subtype": Name.Form,
            "/BBox": Array([0, 0, 200, 20]),
            "/StructParents": 90,
            "/Resources": Dictionary(Font=Dictionary(F1=font)),
        }.items():
            form.stream_dict[key] = value
        for number in range(pages):
            page = pdf.add_blank_page(page_size=(595, 842)).obj
            text = (
                f"/Artifact BMC EMC /P <</MCID 0>> BDC BT /F1 24 Tf 60 700 Td ({words} {number + 1}) Tj ET /X1 Do EMC"
            )
            page.Contents = Array([pdf.make_stream(text.encode()), pdf.make_stream(b"0 0 m 9 9 l S")])
            page.StructParents = 40 + number
            page.Annots = Array(
                [
                    pdf.make_indirect(
                        Dictionary(
                            Type=Name.Annot,
                            Subtype=Name.Link,
                            Rect=Array([0, 0, 9, 9]),
                            StructParent=77,
                            A=Dictionary(S=Name.URI, URI=String("https://example.org/")),
                        )
                    )
                ]
            )
            del page.Resources
        pdf.pages[0].obj.Rotate = 90
        pdf.Root.Pages.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(X1=form))
        pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
        return out.getvalue()


def add(session, **fields):
    data = foreign(**{key: fields.pop(key) for key in ("pages", "words") if key in fields})
    with pikepdf.open(io.BytesIO(data)) as pdf:
        values = {"position": 1, "language": "en", "title": "Financing", "in_packs": True, "pages": len(pdf.pages)}
    return BackgroundPaper.objects.create(session=session, digest=keep(data), **{**values, **fields})


def ask(desk, delegate, language="en"):
    return services.request_document(kind=PACK, subject=str(delegate.uuid), language=language, by=desk.staff)


def built(desk, delegate, language="en"):
    row = ask(desk, delegate, language)
    building.build(str(row.uuid))
    row.refresh_from_db()
    assert row.state == "ready", row.failure
    with row.file.open() as file:
        return row, file.read()


def pages_of(data: bytes) -> list[str]:
    with pypdfium2.PdfDocument(data) as pdf:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]


def outline(data: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(data)) as pdf, pdf.open_outline() as found:
        return [item.title for item in found.root]


def test_pack_holds_practical_information_notes_and_papers_in_order(desk, tmp_path):
    desk.give_place(desk.wanjiru, "2.2")
    desk.give_place(desk.wanjiru, "1.1")
    add(desk.roundtable("2.2").session_ptr, title="Financing migration")
    add(desk.roundtable("2.2").session_ptr, position=2, title="Not for packs", in_packs=False)
    add(desk.forum.sessions.get(slug="opening"), language="fr", title="Discours d’ouverture", pages=1)
    add(desk.roundtable("3.1").session_ptr, title="Of a session that is not theirs")
    desk.publish()

    row, data = built(desk, desk.wanjiru)

    assert problems(data) == {}
    assert accessibility_errors(data, tmp_path) == ["TXT-001"]  # what the uploaded file does with its typeface
    names = outline(data)
    assert names.index("Discours d’ouverture") < names.index("Financing migration")
    assert names[-1] == "Financing migration"
    assert not {"Not for packs", "Of a session that is not theirs"} & set(names)
    pages = pages_of(data)
    assert len(pages) == row.pages
    assert "Practical information" in pages[0]
    assert "Background paper Opening session: Discours d’ouverture (in French)" in pages[0]
    assert "Background paper Roundtable 2.2: Financing migration" in pages[0]
    assert pages[-1] == "Remittances 2 In a form"
    with pikepdf.open(io.BytesIO(data)) as pdf:
        figures = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
        said = [str(figure.Alt) for figure in figures]
        assert [page.label for page in pdf.pages][-2:] == ["BP2-1", "BP2-2"]
    assert "“Discours d’ouverture” (French), page 1 of 1, as an image" in said


@pytest.mark.parametrize(("remark", "badge", "blank"), [("Short", 2, [3]), ("Long " * 900, 4, [3, 5])])
def test_badge_is_cut_out_of_a_sheet_that_bears_nothing_else(desk, monkeypatch, tmp_path, remark, badge, blank):
    monkeypatch.setattr(words, "hours_of", lambda forum: remark)

    row, data = built(desk, desk.wanjiru)

    pages = pages_of(data)
    assert "Cut along the dashed line." in pages[badge]  # counted from 0: a front side
    assert [number for number, page in enumerate(pages) if not page] == blank
    assert len(pages) == row.pages
    assert problems(data) == {}
    assert accessibility_errors(data, tmp_path) == []
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert pdf.pages[badge].label == f"PP-{pages[badge][-1]}"  # as it is numbered itself


def test_paper_is_that_of_the_language_else_english_else_the_one_there_is(desk):
    desk.give_place(desk.wanjiru, "2.2")
    session = desk.roundtable("2.2").session_ptr
    for language in ("fr", "en", "es"):
        add(session, language=language, title=f"First ({language})")
    add(session, position=2, language="ar", title="الثانية")
    desk.publish()
    published = releases.current()

    def titles(language):
        return [file.title for file in KINDS[PACK].extract(published, str(desk.wanjiru.uuid), language).files]

    assert titles("fr") == ["First (fr)", "الثانية"]
    assert titles("ar") == ["First (en)", "الثانية"]


def test_pack_names_the_delegation_head_first(desk):
    kenya = desk.wanjiru.delegation
    head = scene.make_delegate(kenya, "Otieno", email="otieno@example.org")
    scene.make_delegate(kenya, "Kamau", email="kamau@example.org", state="submitted")
    DelegationHead.objects.create(delegation=kenya, delegate=head, period=(None, None))

    _row, data = built(desk, desk.wanjiru)

    (page,) = [page for page in pages_of(data) if "Members of a delegation" in page]
    assert page.index("Otieno") < page.index("Head of delegation") < page.index("Mfano")
    assert "Kamau" not in page
    assert "Mensah" not in page


def test_pack_is_stale_when_a_paper_or_the_delegation_changes(desk):
    desk.give_place(desk.wanjiru, "2.2")
    paper = add(desk.roundtable("2.2").session_ptr)
    desk.publish()
    old = ask(desk, desk.wanjiru)
    kind = KINDS[PACK]
    shown = kind.load(old.extract)
    BackgroundPaper.objects.filter(pk=paper.pk).update(digest=keep(foreign(words="Other")))
    desk.publish()
    scene.make_delegate(desk.wanjiru.delegation, "Otieno", email="otieno@example.org")

    new = ask(desk, desk.wanjiru)

    assert (old.edition.number, new.edition.number) == (2, 3)
    assert kind.changes(shown, kind.load(new.extract)) == [
        "Roundtable 2.2: background papers",
        "members of the delegation",
    ]


def test_papers_of_other_sessions_leave_the_pack_alone(desk):
    desk.give_place(desk.wanjiru, "2.2")
    old = ask(desk, desk.wanjiru)
    add(desk.roundtable("3.1").session_ptr)
    desk.publish()

    assert ask(desk, desk.wanjiru).pk == old.pk


def test_paper_that_is_gone_fails_the_pack_by_name(desk, settings):
    desk.give_place(desk.wanjiru, "2.2")
    paper = add(desk.roundtable("2.2").session_ptr, title="Lost paper", words="Lost")
    desk.publish()
    (settings.MEDIA_ROOT / "papers" / f"{paper.digest}.pdf").unlink()
    row = ask(desk, desk.wanjiru)

    building.build(str(row.uuid))

    row.refresh_from_db()
    assert row.failure == "A background paper cannot be read: upload it anew: Lost paper"


def test_wrapping_a_file_that_is_none_is_refused():
    with pytest.raises(RenderError, match="Broken"):
        wrap(b"%PDF-1.7", title="Broken", language="en", descriptions=["page"])


def test_wrapped_file_is_as_large_and_the_same_twice(desk):
    front = building.render("documents/print/practical_information.html", {"print": {}, "sections": []}, language="en")
    wrapped = [wrap(foreign(), title="A", language="en", descriptions=["one", "two"]) for _time in range(2)]

    assert wrapped[0] == wrapped[1]
    with pikepdf.open(io.BytesIO(compose(front.data, [Part(Leaves(wrapped[0]), "A", "BP1", "en")]).data)) as pdf:
        assert [page.obj.get("/Rotate") for page in pdf.pages][-2:] == [90, None]
