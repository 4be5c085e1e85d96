"""Sheets of who sits where: sign-in sheets, seating plans."""

import re

import pypdfium2
import pytest

from documents import services
from documents.kinds import KINDS, table
from documents.models import Document
from documents.standing import standing
from people.models import Party, Person
from programme import releases
from registrations.models import (
    Delegation,
    DelegationCategory,
    DelegationHead,
    LetterDraw,
    Registration,
    SeatException,
    Seating,
)
from tests.browser.english import english_in_text
from tests.documents.structcheck import problems
from tests.documents.test_kinds import built, pages_of, plain
from tests.documents.test_languages import ADDRESS, GIVEN
from tests.documents.test_pdf import accessibility_errors
from tests.registrations import scene

KINDS_OF_A_SESSION = ["sign_in_sheet", "seating_plan"]
NAMES = re.compile(r"\b(?:Ama|Asante|Mensah|E\.H\.?|H\.E|Ms|M{9,})\b")  # in Arabic their parts stand in no order
UK = "United Kingdom of Great Britain and Northern Ireland"


@pytest.fixture
def hall(desk, slugs):
    """Roundtable 2.2: Ghana with two, the second its head, Kenya with one and one to be named, an observer."""
    DelegationCategory.objects.update(table_places=2, behind_places=2, observer_places=2)
    seating = desk.give_place(desk.kofi, "2.2").seating
    seating.behind_seats = seating.observer_seats = 10
    seating.save()
    head = scene.make_delegate(desk.kofi.delegation, "Asante")
    Person.objects.filter(pk=head.person_id).update(honorific="H.E. Ms.", given_name="Ama", arabic_name="أما أسانتي")
    DelegationHead.objects.create(delegation=head.delegation, delegate=head, period=(None, None))
    Party.objects.filter(code="KEN").update(short_name_en=UK)
    iom = scene.make_delegate(scene.make_delegation(desk.forum, "IOM", "un-entity"), "M" * 60)
    for delegate, delegation, place in (
        (head, head.delegation, "table"),
        (desk.wanjiru, desk.wanjiru.delegation, "table"),
        (None, desk.wanjiru.delegation, "behind"),
        (iom, iom.delegation, "observer"),
    ):
        Registration.objects.create(
            seating=seating, delegate=delegate, delegation=delegation, person=delegate and delegate.person,
            place=place, status="confirmed", requested_at=scene.NOW, confirmed_at=scene.NOW,
        )  # fmt: skip
    LetterDraw.objects.create(forum=desk.forum, language="fr", letter="K", drawn_at=scene.NOW, drawn_by=desk.staff)
    return slugs["2.2"]


def text_of(data: bytes) -> str:
    """With names broken over lines put together again."""
    return plain(" ".join(pages_of(data)))


def test_sign_in_sheet_names_by_category_party_and_head(desk, hall):
    row, data = built(desk, "sign_in_sheet", hall)

    text = text_of(data)
    wanted = ["Member States", "H.E. Ms. Ama Asante", "Mensah", UK, "Mfano", "International Organization", "M" * 9]
    assert sorted(wanted, key=text.index) == wanted
    words = ("Behind the table", "Observers’ seats", "Register of", "Not on this sheet")
    for found in ("أما", "أسانتي", *words, row.code):
        assert found in text
    assert text.count(UK) == 2  # one of them to be named
    assert f"1 / {row.pages}" in pages_of(data)[0]
    assert "Roundtable 2.2" in pages_of(data)[1]
    assert row.title == "Sign-in sheet, Roundtable 2.2: Regional mobility and policy coherence to support development"
    assert (row.edition.number, row.pages, problems(data)) == (1, 2, {})


@pytest.mark.parametrize("language", ["fr", "es", "ar"])
def test_sheets_of_a_session_are_whole_in_each_language(desk, hall, language, tmp_path):
    for kind in KINDS_OF_A_SESSION:
        row, data = built(desk, kind, hall, language)
        with pypdfium2.PdfDocument(data) as pdf:
            text = "\n".join([row.title, *(page.get_textpage().get_text_range() for page in pdf)])

        assert problems(data) == {}
        assert accessibility_errors(data, tmp_path) == []
        assert english_in_text(NAMES.sub(" ", GIVEN.sub(" ", ADDRESS.sub(" ", text))), language) == []


def test_sheets_are_asked_for_where_seats_are_given(desk, hall):
    for kind in map(KINDS.get, KINDS_OF_A_SESSION):
        offered = [subject.key for subject in kind.subjects(releases.current().programme)]
        assert offered == [hall]
        with pytest.raises(services.DocumentError):
            services.request_document(kind=kind.name, subject="opening", language="en", by=desk.staff)


def test_old_sign_in_sheet_is_out_of_date_and_names_nobody(client, desk, hall):
    row, _data = built(desk, "sign_in_sheet", hall)
    Registration.objects.filter(place="observer").delete()
    kamau = scene.make_delegate(desk.wanjiru.delegation, "Kielezo")
    Registration.objects.filter(delegate=None).update(delegate=kamau, person=kamau.person)

    page = client.get(f"/verify/{row.code}/").content.decode()

    assert standing(Document.objects.light().get(pk=row.pk)).changes == ["1 line added", "2 lines taken out"]
    assert "This print is out of date" in page
    assert not any(name in page for name in ("Mensah", "Mfano", "Kielezo"))


def test_queries_of_a_sign_in_sheet_do_not_grow(desk, hall, django_assert_num_queries):
    published = releases.current()
    for number in ("1.1", "3.1"):
        desk.give_place(desk.kofi, number)
    for wanted in ([hall], ["roundtable-1-1", "roundtable-3-1", hall]):
        with django_assert_num_queries(3):
            found = KINDS["sign_in_sheet"].extracts(published, wanted, "en")
        assert list(found) == wanted


def test_seating_plan_begins_with_the_letter_and_marks_exceptions_and_accessible_seats(desk, hall):
    """Kenya, with the letter, before Ghana, whatever the language of the print; Ghana sits where it is accessible."""
    seating = Seating.objects.get()
    Seating.objects.update(accessible_seats=[10, 99], held_back=2)
    Delegation.objects.filter(pk=desk.kofi.delegation_id).update(accessible_seat=True)
    SeatException.objects.create(
        registration=seating.registrations.get(delegate=desk.wanjiru), beyond_quota=True, authorised_by="The Chair",
        authorised_at=scene.NOW, reason="Asked", recorded_by=desk.staff, recorded_at=scene.NOW,
    )  # fmt: skip

    _row, data = built(desk, "seating_plan", hall)

    text = text_of(data)
    for found in (
        "French", "K (20 November 2018)", "Co-chairs: Philippines, Egypt, Zambia", f"1 {UK} By exception",
        "9 Ghana", "10 Ghana Accessible seat", "Free seats: 2–8.", "Organisers hold 2 of them back.",
        "Accessible seats: 10.", f"Behind the table Places Party Remarks 1 {UK}", "1 International Organization",
    ):  # fmt: skip
        assert found in text, found
    assert not any(name in text for name in ("Mensah", "Mfano", "Chair,", "Asked"))
    assert problems(data) == {}


def test_seating_plan_says_what_to_do_before_a_letter_is_drawn(desk, slugs):
    desk.give_place(desk.kofi, "2.2")

    with pytest.raises(services.DocumentError, match="organisers draw it"):
        services.request_document(kind="seating_plan", subject=slugs["2.2"], language="en", by=desk.staff)


def test_letter_drawn_again_makes_the_plan_out_of_date(desk, hall, django_assert_num_queries):
    row, _data = built(desk, "seating_plan", hall)
    again = {"forum": desk.forum, "language": "en", "drawn_at": scene.NOW, "drawn_by": desk.staff}
    LetterDraw.objects.create(**again, session=desk.roundtable("1.1").session_ptr, letter="B")
    assert standing(row).holds

    LetterDraw.objects.create(**again, letter="G", reason="The list was incomplete")

    assert standing(Document.objects.light().get(pk=row.pk)).changes == ["order of the parties", "seats at the table"]
    desk.give_place(desk.kofi, "1.1")
    published = releases.current()
    for wanted in ([hall], [hall, "roundtable-1-1"]):
        with django_assert_num_queries(4):
            found = KINDS["seating_plan"].extracts(published, wanted, "en")
    assert [plan.letter for plan in found.values()] == ["G", "B"]


@pytest.mark.parametrize("seats", [60, 66])
def test_a_table_of_sixty_is_drawn_on_one_page(desk, hall, seats):
    Seating.objects.update(table_seats=seats)

    pages = pages_of(built(desk, "seating_plan", hall)[1])

    drawn = [page for page in pages if " 59 " in page and " 31 " in page]
    assert len(drawn) == (seats == 60)


def test_groups_take_the_nearest_accessible_seat_and_the_others_shift():
    one, two, needs = table.Group(1), table.Group(2), table.Group(1, accessible=True)

    assert table.seats_of([one, two, one], seats=6, accessible=[5]) == {1: 0, 2: 1, 3: 1, 4: 2}
    assert table.seats_of([one, needs, one, one], seats=6, accessible=[4]) == {1: 0, 2: 2, 3: 3, 4: 1}
    assert table.seats_of([needs, needs, one], seats=4, accessible=[2]) == {1: 1, 2: 0, 3: 2}
    assert table.seats_of([one, table.Group(2, accessible=True)], seats=4, accessible=[4]) == {1: 0, 3: 1, 4: 1}
    assert table.seats_of([needs], seats=1, accessible=[7]) == {1: 0}
    assert table.ranges([3, 6, 7, 8]) == "3, 6–8"
