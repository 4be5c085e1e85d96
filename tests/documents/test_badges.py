"""Badges: one by itself, and many as one run."""

import io

import pikepdf
import pypdfium2
import pytest

from documents import building, runs, services
from documents.kinds import KINDS, badges
from documents.kinds.badge import SIZES, face, fitting, leaves
from documents.kinds.bearers import Bearer
from documents.pdf import render
from documents.privacy import PRINTS
from documents.run_standing import missing_of
from documents.running import build_part
from documents.sheets import Ink
from registrations.badges import code_of
from registrations.models import Delegate
from registrations.personal import subject as all_about
from registrations.services.photographs import keep_photograph
from tests.documents import specimens
from tests.documents.structcheck import problems
from tests.documents.test_kinds import built, pages_of
from tests.documents.test_pdf import accessibility_errors
from tests.registrations import scene

MM = 72 / 25.4


def asked(desk, kind, subject="", **more):
    row = services.request_document(kind=kind, subject=subject, language="en", by=desk.staff, **more)
    building.build(str(row.uuid))
    row.refresh_from_db()
    return row


def name(person, **names):
    for field, value in names.items():
        setattr(person, field, value)
    person.save()


def spoil(person):
    """A photograph of which half is lost."""
    keep_photograph(person=person, picture=scene.half_a_picture())


def add(delegate, code, kind):
    """The same person in another delegation of the same forum."""
    delegation = scene.make_delegation(delegate.delegation.forum, code, kind)
    return Delegate.objects.create(
        person=delegate.person,
        delegation=delegation,
        state="accredited",
        submitted_at=None,
        accredited_at=scene.NOW,
        function="Second function",
    )


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_badge_names_its_bearer_in_both_scripts(desk, language, tmp_path):
    name(desk.wanjiru.person, honorific="Ms.", given_name="Wanjiru", arabic_name="سلمى نموذج")
    keep_photograph(person=desk.wanjiru.person, picture=scene.picture())

    row, data = built(desk, "badge", str(desk.wanjiru.uuid), language)

    (text,) = pages_of(data)
    category = {"en": "Member State", "fr": "État Membre", "es": "Estado Miembro", "ar": "دولة عضو"}[language]
    for found in ("Wanjiru", "Mfano", "سلمى نموذج", category):
        assert found in text
    # In a text from the right the parts of the code are read in another order
    assert sorted(code_of(desk.wanjiru.person).replace("-", "")) == sorted(text[-14:].replace("-", ""))
    assert row.sheet == "a6"
    assert accessibility_errors(data, tmp_path) == []
    assert problems(data) == {}
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert [round(float(side) / MM) for side in pdf.pages[0].mediabox] == [0, 0, 105, 148]
        pictures = sorted(str(image.Filter) for image in pdf.pages[0].get_images().values())
    assert pictures == ["/DCTDecode", "/FlateDecode"]  # the photograph, and the code


def test_where_there_is_no_picture_the_badge_says_why(desk):
    assert "No photograph" in pages_of(built(desk, "badge", str(desk.wanjiru.uuid))[1])[0]

    keep_photograph(person=desk.wanjiru.person, picture=scene.picture())
    Delegate.objects.filter(pk=desk.wanjiru.pk).update(has_temporary_pass=True)

    assert "Temporary pass" in pages_of(built(desk, "badge", str(desk.wanjiru.uuid))[1])[0]


@pytest.mark.parametrize("family_name", ["مفانو", ""])
def test_badge_without_a_latin_name_is_not_printed(desk, family_name):
    name(desk.wanjiru.person, given_name="", family_name=family_name)

    for kind in ("badge", "participant_pack"):
        with pytest.raises(services.DocumentError, match=f"{family_name} has no name in Latin letters"):
            asked(desk, kind, str(desk.wanjiru.uuid))


def test_run_of_packs_says_who_has_no_latin_name(desk):
    name(desk.wanjiru.person, given_name="", family_name="مفانو")

    run = runs.make_run(kind="participant_pack", by=desk.staff, language="en")
    build_part(str(run.parts.get().uuid))

    [left_out] = missing_of(run)
    assert left_out.listed.name == "مفانو"
    assert "no name in Latin letters" in left_out.missing


def test_damaged_photograph_fails_its_badge_by_name(desk):
    spoil(desk.wanjiru.person)

    for kind in ("badge", "participant_pack"):
        row = asked(desk, kind, str(desk.wanjiru.uuid))
        assert row.state == "failed"
        assert "photograph cannot be read" in row.failure
        assert "Mfano" in row.failure


def test_run_prints_the_others_and_says_who_is_missing(desk):
    ghana = desk.kofi.delegation
    without, lost, long = (scene.make_delegate(ghana, name) for name in ("نموذج", "Lost", "Long"))
    Delegate.objects.filter(pk=long.pk).update(function="Coordinator of coordination and " * 6)
    name(long.person, given_name="Maximiliane " * 9, arabic_name="عبد الرحمن " * 15)
    spoil(lost.person)

    row, data = built(desk, "badges")

    *faces, left_out = pages_of(data)
    assert ["Mfano" in faces[0], "Mensah" in faces[1], len(faces)] in ([True, True, 2], [False, False, 2])
    for found in (
        "Not printed",
        without.person.family_name,
        "no name in Latin letters",
        "Lost",
        "photograph cannot be read",
        "do not fit",
    ):
        assert found in left_out
    assert row.pages == 3
    assert problems(data) == {}


def test_person_with_two_memberships_has_one_badge(desk):
    second = add(desk.wanjiru, "ILO", "un-entity")

    of_first, of_second = (built(desk, "badge", str(one.uuid))[1] for one in (desk.wanjiru, second))

    assert pages_of(of_first) == pages_of(of_second)
    assert "Member State" in pages_of(of_first)[0]
    assert "International Labour Organization" in pages_of(of_first)[0]
    kind = KINDS["badges"]
    release = services.releases.current()
    labels = {subject.label: subject.key for subject in kind.subjects(release.programme)}
    everybody = kind.extract(release, "", "en")
    assert [one.family_name for one in everybody.bearers] == ["Mensah", "Mfano"]
    assert sorted(everybody.persons) == sorted(str(one.uuid) for one in (desk.wanjiru, desk.kofi, second))
    assert [one.family_name for one in kind.extract(release, labels["Kenya"], "en").bearers] == ["Mfano"]
    assert kind.extract(release, labels["International Labour Organization"], "en") is None  # it lies with Kenya's
    assert kind.extract(release, "delegation/nonsense", "en") is None
    # The pack is that of the delegation, the badge in it is the one they have
    pages = pages_of(built(desk, "participant_pack", str(second.uuid))[1])
    assert "Second function" in pages[0]
    assert "Member State" in pages[2]


def test_run_is_read_in_as_many_queries_as_one(desk, django_assert_num_queries):
    release, kind = services.releases.current(), KINDS["badges"]
    with django_assert_num_queries(1):
        kind.extract(release, "", "en")
    for number in range(5):
        scene.make_delegate(scene.make_delegation(desk.forum, f"P{number}"), f"Name{number}")
    with django_assert_num_queries(1):
        assert len(kind.extract(release, "", "en").bearers) == 7


@pytest.mark.parametrize(("sheet", "pages", "size"), [("a6", 7, (105, 148)), ("a4-four", 2, (210, 297))])
def test_run_set_in_pieces_is_one_print(desk, monkeypatch, tmp_path, sheet, pages, size):
    monkeypatch.setattr(badges, "AT_ONCE", 4)
    for number in range(5):
        scene.make_delegate(desk.kofi.delegation, f"Name{number}")

    row = asked(desk, "badges", sheet=sheet)

    with row.file.open() as file:
        data = file.read()
    text = " ".join(pages_of(data))
    assert all(text.count(f"Name{number}") == 1 for number in range(5))
    assert row.pages == pages
    assert problems(data) == {}
    assert accessibility_errors(data, tmp_path) == []
    with pypdfium2.PdfDocument(data) as pdf:
        assert tuple(round(side / MM) for side in pdf[0].get_size()) == size
        assert [pdf.get_page_label(page) for page in range(pages)] == [str(page + 1) for page in range(pages)]
        assert len(list(pdf.get_toc())) == 7


def test_run_says_whose_badge_is_another(desk):
    old = asked(desk, "badges")
    name(desk.wanjiru.person, given_name="Wanjiru")
    scene.make_delegate(desk.kofi.delegation, "New")
    new = asked(desk, "badges")

    kind = KINDS["badges"]
    told = kind.changes(kind.load(old.extract), kind.load(new.extract))
    assert told == ["New: added", "Wanjiru Mfano: name"]


def test_run_goes_with_any_person_in_it(desk):
    row = asked(desk, "badges")

    assert list(PRINTS.rows(all_about(person=desk.kofi.person))) == [row]


LONG = {
    "united kingdom": {"party": "United Kingdom of Great Britain and Northern Ireland"},
    "red cross": {"party": "International Federation of Red Cross and Red Crescent Societies", "also": ("Kenya",)},
    "sixty letters": {"party": "Kenya", "family_name": "N" + "amouzanga" * 7},
    "colombo process": {
        "party": "Regional Consultative Process on the Management of Overseas Employment and Contractual Labour for "
        "Countries of Origin in Asia (Colombo Process)",
    },
    "bali process": {
        "party": "Processus de Bali sur le trafic illicite de migrants, la traite des personnes et la criminalité "
        "transnationale qui y est associée",
    },
    "two scripts": {"party": "Bosnia and Herzegovina", "arabic_name": "عبد الرحمن بن عبد العزيز آل سعود النموذجي"},
    "function": {"party": "Morocco", "function": "Director of the department of international coordination " * 3},
    "arabic": {"party": "المملكة المتحدة لبريطانيا العظمى وأيرلندا الشمالية", "arabic_name": "سلمى نموذج"},
}


def test_long_texts_are_set_smaller_but_never_too_small_nor_into_each_other():
    bearers = [
        Bearer(**{"uuid": key, "family_name": "MFANO", "given_name": "Wanjiru", "category": "Member State",
                  "colour": "#3733b4", "badge": "0012-7K3M-9QPT", "function": "Adviser", **texts})
        for key, texts in LONG.items()
    ]  # fmt: skip
    context = {
        "print": specimens.print_of("Badges", "", sheet="a6"),
        **leaves([face(bearer, Ink.COLOUR) for bearer in bearers]),
    }

    data = render("documents/print/badges.html", context, language="en", styles=("badge",)).data

    assert all(fitting(bearer) in SIZES for bearer in bearers)
    with pypdfium2.PdfDocument(data) as pdf:
        for page, bearer in zip(pdf, bearers, strict=True):
            text = page.get_textpage()
            signs = [text.get_charbox(at) for at in range(text.count_chars()) if text.get_text_range(at, 1).strip()]
            body = [box for box in signs if box[1] > 48 * MM]
            assert min(box[0] for box in signs) > 8 * MM, bearer.uuid
            assert max(box[2] for box in signs) < 97 * MM, bearer.uuid
            # Between the texts and what stands at the foot
            assert not [box for box in body if box[1] < 48.2 * MM], bearer.uuid
            assert not [box for box in signs if 40 * MM < box[1] <= 48 * MM], bearer.uuid
    too_much = Bearer(uuid="x", family_name="N" * 100, party="P " * 90, category="", function="F " * 100)
    assert fitting(too_much) is None


def test_colour_of_a_category_keeps_its_words_readable():
    bearer = {"uuid": "x", "family_name": "MFANO", "party": "Kenya", "category": "Member State", "badge": "X"}

    light = face(Bearer(**bearer, colour="#ffd27a"), Ink.COLOUR)
    dark, black = (face(Bearer(**bearer, colour="#3733b4"), ink) for ink in Ink)

    assert (light.is_light, dark.is_light, black.is_light) == (True, False, False)
    assert black.colour == "#161a36"
