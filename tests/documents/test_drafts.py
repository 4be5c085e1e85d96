"""Prints of what is being edited: for editors, marked on each page, never issued, gone in a week."""

from datetime import timedelta

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from documents import building, issuing, services
from documents.kinds import KINDS, Audience
from documents.models import Document
from people.models import Person, User
from programme import releases
from registrations.models import LetterDraw
from tests.documents.layout import faults
from tests.documents.structcheck import problems
from tests.documents.test_kinds import pages_of
from tests.documents.test_packs import add
from tests.documents.test_pdf import accessibility_errors


def ask(desk, kind="concept_note", subject="", by=None, draft=True):
    return services.request_document(kind=kind, subject=subject, language="en", by=by or desk.staff, draft=draft)


def pages(row) -> list[str]:
    building.build(str(row.uuid))
    row.refresh_from_db()
    assert row.state == "ready", row.failure
    with row.file.open() as file:
        return pages_of(file.read())


@pytest.fixture
def office(desk) -> User:
    """Of the print desk, but no editor."""
    user = User.objects.create_user("office@example.org")
    user.groups.add(Group.objects.get(name="staff"))
    return user


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_every_page_of_every_kind_says_that_it_is_a_draft(desk, slugs):
    Person.objects.update(may_be_listed=True)
    desk.give_place(desk.wanjiru, "2.2")
    LetterDraw.objects.create(forum=desk.forum, language="en", letter="M", drawn_at=timezone.now(), drawn_by=desk.staff)
    listed = ask(desk, "list_of_participants", draft=False)
    issuing.issue(document=listed, by=desk.staff, now=timezone.now(), seen=issuing.propose(listed).seen, fewer=True)
    Person.objects.filter(pk=desk.kofi.person_id).update(given_name="Kofi")
    programme = releases.current().programme
    people = {Audience.DELEGATE: desk.wanjiru, Audience.DELEGATION: desk.wanjiru.delegation}

    unmarked = []
    for kind in KINDS.values():
        of = people.get(kind.audience)
        offered = [subject.key for subject in kind.subjects(programme)]
        subjects = [str(of.uuid)] if of else {slugs["2.2"]}.intersection(offered) or offered[:1]
        unmarked += [
            (kind.name, number)
            for subject in subjects
            for number, text in enumerate(pages(ask(desk, kind.name, subject)), 1)
            if text.strip() and "DRAFT, not published" not in text  # the back of a separator sheet is blank
        ]
        assert subjects, kind.name

    assert unmarked == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_of_papers_that_others_made_say_it_too(desk, tmp_path, language):
    desk.give_place(desk.wanjiru, "2.2")
    add(desk.roundtable("2.2").session_ptr)  # one of its pages lies on its side
    mark = {"en": "DRAFT, not published", "ar": "مسودة"}[language]

    row = services.request_document(
        kind="participant_pack", subject=str(desk.wanjiru.uuid), language=language, by=desk.staff, draft=True
    )
    *_own, first, second = pages(row)

    assert [text for text in (first, second) if mark not in text or "Remittances" not in text] == []
    with row.file.open() as file:
        data = file.read()
    assert problems(data) == {}
    assert accessibility_errors(data, tmp_path) == ["TXT-001"]  # what the uploaded file does with its typeface
    published = ask(desk, "participant_pack", str(desk.wanjiru.uuid), draft=False)
    assert mark not in " ".join(pages(published))


@pytest.mark.parametrize(("kind", "language"), [("concept_note", "fr"), ("door_sign", "es"), ("parallel_grid", "ar")])
def test_mark_of_a_draft_stands_clear_of_the_code_and_of_other_words(desk, kind, language):
    subject = KINDS[kind].subjects(releases.current().programme)[-1].key
    row = services.request_document(
        kind=kind, subject=subject, language=language, by=desk.staff, ink="black", draft=True
    )
    pages(row)

    with row.file.open() as file, pypdfium2.PdfDocument(file.read()) as pdf:
        page = pdf[0]
        (code,) = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE])
        assert page.get_textpage().get_text_bounded(*code.get_bounds()) == ""
        file.seek(0)
        assert faults(file.read()) == []


def test_draft_shows_what_is_edited_to_editors_alone(desk, slugs, office):
    desk.reword("2.2", 1, "Not for everybody yet?")
    row = ask(desk, subject=slugs["2.2"])

    assert "Not for everybody yet?" in " ".join(pages(row))
    with pytest.raises(PermissionDenied):
        ask(desk, subject=slugs["2.2"], by=office)
    assert client_of(office).get(row.get_absolute_url()).status_code == 404
    assert "Draft" not in client_of(office).get("/en/documents/").content.decode()
    editor = client_of(desk.staff)
    page = editor.get(row.get_absolute_url()).content.decode()
    assert "This is a draft" in page
    assert "/issue/" not in page
    file = editor.get(f"{row.get_absolute_url()}download/")
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert 'filename="concept-note-2.2-en-draft.pdf"' in file["Content-Disposition"]
    verified = Client().get(f"/verify/{row.code}/").content.decode()
    assert "This print is a draft" in verified
    assert "Regional mobility" not in verified


def test_draft_is_asked_for_on_the_desk_and_on_the_page_of_a_print(desk, slugs, office):
    editor = client_of(desk.staff)
    answers = {"subject": slugs["2.2"], "language": "en", "draft": "draft", "sheet": "a4", "ink": "colour"}
    editor.post("/en/documents/ask/?kind=concept_note", answers)
    client_of(office).post("/en/documents/ask/?kind=concept_note", answers)
    assert list(Document.objects.order_by("pk").values_list("is_draft", flat=True)) == [True, False]

    published = Document.objects.get(is_draft=False)
    assert "Print it as it is being edited" in editor.get(published.get_absolute_url()).content.decode()
    assert "as it is being edited" not in client_of(office).get(published.get_absolute_url()).content.decode()
    again = f"{published.get_absolute_url()}again/"
    desk.reword("2.2", 1, "Not for everybody yet?")
    editor.post(again, {"draft": "1"})
    assert Document.objects.filter(is_draft=True).count() == 2
    assert client_of(office).post(again, {"draft": "1"}).status_code == 403


def test_sweep_deletes_drafts_of_a_week_ago_with_their_files(desk, slugs, django_capture_on_commit_callbacks):
    old, young = ask(desk, subject=slugs["2.2"]), ask(desk, subject=slugs["2.1"])
    published = ask(desk, subject=slugs["2.2"], draft=False)
    pages(old)
    storage, name = old.file.storage, old.file.name
    week_ago = timezone.now() - services.DRAFTS_ARE_KEPT - timedelta(minutes=1)
    Document.objects.filter(pk__in=[old.pk, published.pk]).update(queued_at=week_ago)

    with django_capture_on_commit_callbacks(execute=True):
        services.sweep()

    assert set(Document.objects.all()) == {young, published}
    assert not storage.exists(name)
