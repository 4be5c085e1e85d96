"""Invitation and visa letters: who has one, its number, and what its code tells."""

import threading

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from documents import services
from documents.models import Document, LetterReference
from documents.standing import standings
from people.models import Party, Person, User
from registrations.models import Delegate, FocalPoint
from tests.browser.english import english_in_text
from tests.documents.structcheck import problems
from tests.documents.test_kinds import built, pages_of, plain
from tests.documents.test_languages import ADDRESS, GIVEN
from tests.documents.test_pdf import accessibility_errors
from tests.registrations import scene

LETTERS = ["invitation_letter", "visa_letter"]


@pytest.fixture
def signed(desk):
    """Kenya's delegate with all that can stand on a letter."""
    desk.forum.signatory_name = "Ms. Ejemplo Muestra"
    desk.forum.signatory_function_en, desk.forum.signatory_function_fr = "Secretary-General", "Secrétaire générale"
    desk.forum.signatory_function_es, desk.forum.signatory_function_ar = "Secretaria General", "الأمينة العامة"
    desk.forum.save()
    Delegate.objects.filter(pk=desk.wanjiru.pk).update(needs="Peanuts")
    Person.objects.filter(pk=desk.wanjiru.person_id).update(given_name="Wanjiru", arabic_name="سلمى نموذج")
    return desk


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize("kind", LETTERS)
def test_letter_is_one_page_with_reference_party_and_signatory(signed, kind, language, tmp_path):
    row, data = built(signed, kind, str(signed.wanjiru.uuid), language)

    text = plain(" ".join(pages_of(data)))
    party = Party.objects.get(code="KEN")
    assert (row.pages, problems(data), accessibility_errors(data, tmp_path)) == (1, {}, [])
    assert row.symbol == f"GFMD/{row.read_at.year}/LET/1"
    if language != "ar":  # there the parts of a symbol stand in no order
        assert row.symbol in text
        assert row.code in text
    for found in ("Wanjiru", "Mfano", "Muestra", "سلمى", "نموذج"):
        assert found in text
    assert "Peanuts" not in text
    if language == "en":
        for found in (
            party.formal_name_en.removeprefix("the "),
            "Marrakesh",
            "5–7 December 2018",
            "Secretary-General",
            "highest consideration",
        ):
            assert found in text
        return
    with pypdfium2.PdfDocument(data) as pdf:
        lines = "\n".join([row.title, *(page.get_textpage().get_text_range() for page in pdf)])
    given = GIVEN.sub(" ", ADDRESS.sub(" ", lines))
    assert english_in_text(given.replace("Muestra", " ").replace("Ejemplo", " ").replace("LET", " "), language) == []


def test_reference_is_given_once_and_never_again(desk):
    def reference(kind, delegate, language="en"):
        subject = str(delegate.uuid)
        return services.request_document(kind=kind, subject=subject, language=language, by=desk.staff).symbol[-5:]

    assert reference("invitation_letter", desk.wanjiru) == "LET/1"
    assert reference("visa_letter", desk.wanjiru) == "LET/2"
    assert reference("invitation_letter", desk.wanjiru, "fr") == "LET/1"
    LetterReference.objects.filter(number=2).update(delegate=None)  # as when two entries are joined
    assert reference("invitation_letter", desk.kofi) == "LET/3"
    for twice in ({"number": 1}, {"number": 9, "delegate": desk.kofi}):
        with pytest.raises(IntegrityError), transaction.atomic():
            LetterReference.objects.filter(number=2).update(kind="invitation_letter", **twice)


def test_letters_are_for_the_accredited_and_those_who_look_after_them(desk):
    focal_point = User.objects.create_user("focal@example.org")
    FocalPoint.objects.create(user=focal_point, delegation=desk.wanjiru.delegation)
    submitted = scene.make_delegate(desk.wanjiru.delegation, "Sampuli", state="submitted")

    def ask(by, delegate):
        return services.request_document(kind="visa_letter", subject=str(delegate.uuid), language="en", by=by)

    own = ask(desk.account(desk.wanjiru), desk.wanjiru)
    assert ask(focal_point, desk.wanjiru) == own
    for by in (desk.account(desk.kofi), User.objects.create_user("nobody@example.org")):
        with pytest.raises(PermissionDenied):
            ask(by, desk.wanjiru)
    with pytest.raises(services.DocumentError, match="accredited"):
        ask(desk.staff, submitted)
    assert LetterReference.objects.get().delegate == desk.wanjiru


def test_code_of_a_letter_says_valid_or_not_and_names_nobody(client, desk):
    row, _data = built(desk, "visa_letter", str(desk.wanjiru.uuid))

    before = client.get(f"/verify/{row.code}/").content.decode()
    Delegate.objects.get(pk=desk.wanjiru.pk).move(to=Delegate.State.WITHDRAWN, now=scene.NOW)
    after = client.get(f"/verify/{row.code}/").content.decode()

    assert "It is valid as it stands" in before
    assert "It is no longer valid as it stands" in after
    assert row.symbol in after
    for page in (before, after):
        assert not any(name in page for name in ("Mfano", "Kenya"))


def test_queries_of_letters_do_not_grow(desk, django_assert_num_queries):
    for delegate in (desk.wanjiru, desk.kofi):
        services.request_document(kind="visa_letter", subject=str(delegate.uuid), language="en", by=desk.staff)
    standings(Document.objects.light())
    for some in (Document.objects.light()[:1], Document.objects.light()[:2]):
        with django_assert_num_queries(5):
            assert all(one.holds for one in standings(some))


@pytest.mark.django_db(transaction=True)
def test_letters_asked_for_at_once_have_numbers_of_their_own(desk):
    delegates = [scene.make_delegate(desk.wanjiru.delegation, f"Mgeni {n}") for n in range(6)]

    def ask(delegate):
        try:
            services.request_document(kind="visa_letter", subject=str(delegate.uuid), language="en", by=desk.staff)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[delegate]) for delegate in delegates]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(LetterReference.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5, 6]
