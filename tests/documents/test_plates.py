"""Name plates of parties, and plates of the persons on the podium."""

import math

import pypdfium2
import pytest

from documents import building, services
from documents.kinds import KINDS
from documents.kinds.fitting import largest, width
from people.models import Person
from schedule.models import Role
from tests.documents.structcheck import problems
from tests.documents.test_kinds import built, pages_of
from tests.documents.test_pdf import accessibility_errors
from tests.registrations import scene

MM = 72 / 25.4
UNITED_KINGDOM = "United Kingdom of Great Britain and Northern Ireland"
KOREA = {
    "en": "Democratic People’s Republic of Korea",
    "fr": "République populaire démocratique de Corée",
    "es": "República Popular Democrática de Corea",
    "ar": "جمهورية كوريا الشعبية الديمقراطية",
}


def signs_of(page):
    """Each sign but spaces: its text, box in mm from the foot at the left, size in points, and angle in degrees."""
    text = page.get_textpage()
    raw = pypdfium2.raw
    for at in range(text.count_chars()):
        if (sign := text.get_text_range(at, 1)).strip():
            left, bottom, right, top = (edge / MM for edge in text.get_charbox(at))
            angle = math.degrees(raw.FPDFText_GetCharAngle(text, at))
            yield sign, (left, bottom, right, top), raw.FPDFText_GetFontSize(text, at), round(angle) % 360


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_plate_has_the_name_alone_upright_on_both_faces(desk, language, tmp_path):
    for code in ("GBR", "PRK"):
        scene.make_delegation(desk.forum, code)

    row, data = built(desk, "name_plates", "", language)

    assert row.pages == 4
    assert problems(data) == {}
    assert accessibility_errors(data, tmp_path) == []
    with pypdfium2.PdfDocument(data) as pdf:
        assert len(list(pdf.get_toc())) == 4
        for page in pdf:
            assert [round(side / MM) for side in page.get_size()] == [297, 210]
            near = [found for found in signs_of(page) if found[1][3] < 105]
            far = [found for found in signs_of(page) if found[1][1] > 105]
            assert len(near) == len(far) > 0
            assert sorted(sign for sign, *_more in near) == sorted(sign for sign, *_more in far)
            for _sign, (left, bottom, right, top), _size, _angle in near:
                assert left > 8
                assert right < 289
                assert bottom > 8
                assert top < 97
            # The far face is the near one turned about the middle of the sheet
            assert round(min(box[0] for _sign, box, *_more in near) + max(box[2] for _sign, box, *_more in far)) == 297
            if language != "ar":
                assert {angle for *_more, angle in near} == {0}
                assert {angle for *_more, angle in far} == {180}
    if language == "en":
        assert pages_of(data)[-1].count(UNITED_KINGDOM) == 2
    if language != "ar":
        assert KOREA[language].split()[0] in " ".join(pages_of(data))


def test_letters_are_as_large_as_the_name_allows():
    room = {"room": (267, 84), "leading": 1.12, "most": 170}

    assert (largest("Chad", **room).size, largest("Chad", **room).lines) == (170, ("Chad",))
    long = largest(UNITED_KINGDOM, **room)
    assert long.lines == ("United Kingdom of", "Great Britain and", "Northern Ireland")
    assert long.size == 70.5
    assert largest("Office of the United Nations High Commissioner for Human Rights", **room).size >= 56
    for text in ("Chad", UNITED_KINGDOM, *KOREA.values()):
        fitted = largest(text, **room)
        assert " ".join(fitted.lines) == text
        assert max(map(width, fitted.lines)) * fitted.size / MM <= 267
    assert largest("Ms.\u00a0Salma NAMOUDHAJ", **room).lines[0] == "Ms.\u00a0Salma"


def test_name_that_would_be_too_small_is_left_out_and_named(desk):
    party = desk.kofi.delegation.party
    party.short_name = party.short_name_en = "Association of associations " * 7
    party.save()

    _row, data = built(desk, "name_plates")
    alone = services.request_document(
        kind="name_plates", subject=f"delegation/{desk.kofi.delegation.uuid}", language="en", by=desk.staff
    )
    building.build(str(alone.uuid))
    alone.refresh_from_db()

    pages = pages_of(data)
    assert [len(pages), "Kenya" in pages[0], "Not printed Association" in pages[1]] == [2, True, True]
    assert alone.state == "failed"
    assert "do not fit" in alone.failure


def test_plates_of_a_session_are_of_those_at_its_table_and_of_those_who_act_in_it(desk, slugs):
    desk.give_place(desk.wanjiru, "2.2")
    desk.give_place(desk.kofi, "1.1")
    kind, release = KINDS["name_plates"], services.releases.current()

    extract = kind.extract(release, f"session/{slugs['2.2']}", "en")

    assert [plate.name for plate in extract.plates] == ["Egypt", "Kenya", "Philippines", "Zambia"]
    assert extract.of == "Roundtable 2.2"
    assert kind.filename(f"session/{slugs['2.2']}", extract) == "name-plates-roundtable-2.2"
    subjects = {subject.key: subject.label for subject in kind.subjects(release.programme)}
    assert subjects[f"session/{slugs['2.2']}"] == "Roundtable 2.2"
    assert subjects["category/member-state"] == "Member States"
    assert kind.extract(release, "session/nothing", "en") is None
    assert kind.extract(release, "delegation/nonsense", "en") is None
    assert kind.extract(release, "nonsense", "en") is None


@pytest.mark.parametrize("language", ["en", "ar"])
def test_podium_plates_name_persons_with_what_they_do(desk, slugs, language):
    session = desk.roundtable("2.2").session_ptr
    salma = Person.objects.create(
        honorific="Ms.", given_name="Salma", family_name="NAMOUDHAJ", arabic_name="سلمى نموذج"
    )
    long = Person.objects.create(given_name="Alexandrina Philippa", family_name="SPECIMEN-FEATHERSTONEHAUGH")
    Role.objects.create(session=session, kind="moderator", person=salma, position=50)
    Role.objects.create(session=session, kind="rapporteur", person=long, position=51)
    desk.publish()

    row, data = built(desk, "podium_plates", f"session/{slugs['2.2']}", language)

    *_others, first, second = pages_of(data)
    assert row.edition.number == 2
    assert ("Moderator" in first, "سلمى نموذج" in first) == ((True, False) if language == "en" else (False, True))
    assert "Philippa" in second
    assert problems(data) == {}
    with pypdfium2.PdfDocument(data) as pdf:
        for page in pdf:
            for _sign, (left, bottom, right, top), *_more in signs_of(page):
                assert left > 8
                assert right < 289
                assert bottom > 8
                assert top < 202
                assert not bottom < 105 < top
