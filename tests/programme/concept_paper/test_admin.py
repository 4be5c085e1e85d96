"""An organiser reads a paper, looks, ticks, takes over, publishes, takes back. Without JavaScript."""

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from programme.concept_paper.reading import LARGEST
from programme.concept_paper.tree import Footnote
from programme.models import Import
from programme.services import publish
from schedule.models import Forum, Session
from tests.editing import delegate, organiser, signed_in, staff

from .small_forum import FIRST_QUESTIONS, as_text, questions_of, small_forum, small_paper, with_roundtable

READ = "/admin/programme/import/read/"


@pytest.fixture
def forum(db):
    forum = small_forum()
    Forum.objects.update(is_current=True)
    return forum


@pytest.fixture
def client(forum):
    return signed_in(organiser())


def text(response) -> str:
    return " ".join(response.content.decode().split())


def send(client, paper, name="paper.txt"):
    contents = paper if isinstance(paper, bytes) else as_text(paper)
    forum = Forum.objects.get(is_current=True)
    return client.post(READ, {"forum": forum.pk, "file": SimpleUploadedFile(name, contents)})


def boxes(page: str) -> dict[str, bool]:
    """Ids of the changes on a page, and whether they are ticked."""
    found = re.findall(r'<input type="checkbox" name="change" value="(\w+)"( checked)?>', page)
    return {name: bool(checked) for name, checked in found}


def changed_paper():
    new = [FIRST_QUESTIONS[0] + " And who asks?", *FIRST_QUESTIONS[1:3]]
    return with_roundtable(small_paper(), 1, title="Recognising what newcomers could do", questions=new)


def test_paper_goes_in_is_looked_at_taken_over_and_taken_back(client, forum):
    answer = send(client, changed_paper())
    upload = Import.objects.get()
    changes = reverse("admin:programme_import_changes", args=[upload.pk])
    assert answer["Location"] == changes
    page = text(client.get(changes))
    assert "<h3>Roundtable 1.1</h3>" in page
    assert re.search(r"Title</span></label>.{0,200}<del>can</del><ins>could</ins> do", page)
    assert re.search(
        r"Missing from the paper</span>.{0,100}<del>What can employers do so that recruitment agencies", page
    )
    ticked = [name for name, is_ticked in boxes(page).items() if is_ticked]
    assert (len(boxes(page)), len(ticked)) == (3, 2)

    answer = client.post(changes, {"change": ticked}, follow=True)

    assert "2 changes are taken over." in text(answer)
    assert reverse("admin:programme_release_publish") in text(answer)
    assert questions_of(1) == [FIRST_QUESTIONS[0] + " And who asks?", *FIRST_QUESTIONS[1:]]
    upload.refresh_from_db()
    assert (upload.applied_by.email, upload.data) == ("organiser@forum.example", None)
    assert client.get(changes)["Location"] == reverse("admin:programme_import_change", args=[upload.pk])

    undo = reverse("admin:programme_import_undo", args=[upload.pk])
    assert "Undo the whole import" in text(client.get(undo))
    assert questions_of(1)[0] != FIRST_QUESTIONS[0]
    assert "The import is undone" in text(client.post(undo, follow=True))
    assert questions_of(1) == FIRST_QUESTIONS
    assert "There is nothing to undo" in text(client.post(undo))


def test_edit_in_between_shows_the_changes_again_with_the_ticks(client):
    send(client, changed_paper())
    changes = reverse("admin:programme_import_changes", args=[Import.objects.get().pk])
    ticked = [name for name, is_ticked in boxes(text(client.get(changes))).items() if is_ticked]
    Session.objects.filter(slug="roundtable-1-1").update(title_en="Recognising what newcomers may do")

    page = text(client.post(changes, {"change": ticked}))

    assert "Nothing was taken over.</p> <ul><li>The programme was edited since these changes were shown." in page
    assert "<del>may</del><ins>could</ins>" in page
    assert sorted(boxes(page).values()) == [
        False,
        False,
        True,
    ]  # the question is as it was, the title is another change


def test_undo_that_is_refused_says_what_stands_in_the_way(client):
    send(client, changed_paper())
    upload = Import.objects.get()
    changes = reverse("admin:programme_import_changes", args=[upload.pk])
    client.post(changes, {"change": list(boxes(text(client.get(changes))))})
    Session.objects.filter(slug="roundtable-1-1").update(title_en="Mine")

    page = text(client.post(reverse("admin:programme_import_undo", args=[upload.pk])))

    assert "Nothing was undone. This stands in the way:" in page
    assert "“1.1 Mine” was edited since: Title" in page


@pytest.mark.parametrize(
    ("contents", "name", "sentence"),
    [
        (b"Dear Sir or Madam", "letter.txt", "no concept paper"),
        (b"x" * (LARGEST["txt"] + 1), "paper.txt", "larger than 2 MB"),
        (b"x" * (LARGEST["docx"] + 1), "paper.docx", "larger than any concept paper"),
        (b"PK", "paper.odt", "a text file (.txt) or a Word file (.docx)"),
        (as_text(small_paper(title="Fourth Forum – Lima 2028")), "paper.txt", "This is the paper of another forum"),
    ],
)
def test_what_is_no_paper_is_refused_where_it_was_chosen(client, contents, name, sentence):
    page = send(client, contents, name)

    assert (page.status_code, sentence in text(page)) == (200, True)
    assert Import.objects.count() == 0


def test_what_could_not_be_placed_and_what_is_missing_are_listed(client):
    paper = small_paper()
    stray = Footnote(line=99, number=3, text="Nobody cites this.")
    paper = replace(paper, sections=paper.sections[:1], footnotes=(*paper.footnotes, stray))
    page = text(client.get(send(client, paper)["Location"]))

    assert "What could not be placed" in page
    assert "Nobody cites this." in page
    assert "<li>Section IV: Common Space</li>" in page


def test_a_second_paper_takes_the_place_of_the_first_that_waits(client):
    send(client, changed_paper())
    send(client, small_paper())

    [upload] = Import.objects.all()
    page = text(client.get(reverse("admin:programme_import_changes", args=[upload.pk])))
    assert "The programme says what the paper says. Nothing to take over." in page
    assert "Take over what is ticked" not in page


def test_translations_of_a_replaced_text_are_reported_until_they_are_renewed(client):
    Session.objects.filter(slug="roundtable-1-1").update(title_fr="Ce que savent faire les nouveaux venus")
    send(client, changed_paper())
    changes = reverse("admin:programme_import_changes", args=[Import.objects.get().pk])
    report = reverse("admin:programme_release_translations")
    assert "Translated from an older text" not in text(client.get(report))
    client.post(changes, {"change": list(boxes(text(client.get(changes))))})

    page = text(client.get(report))
    assert 'Translated from an older text <span class="state">1</span>' in page
    assert "Recognising what newcomers could do" in page

    Session.objects.filter(slug="roundtable-1-1").update(title_fr="Ce que sauraient faire les nouveaux venus")
    assert "Translated from an older text" not in text(client.get(report))


def test_papers_are_for_organisers(client, forum):
    send(client, changed_paper())
    upload = Import.objects.get()
    reader = signed_in(staff())
    assert reader.get(reverse("admin:programme_import_changelist")).status_code == 200
    assert "Read a concept paper" not in text(reader.get(reverse("admin:programme_import_changelist")))
    addresses = [READ, *(reverse(f"admin:programme_import_{name}", args=[upload.pk]) for name in ("changes", "undo"))]
    for one, refused in ((reader, {403}), (signed_in(delegate()), {302, 403})):
        assert {one.get(address).status_code for address in addresses} <= refused
        assert {one.post(address).status_code for address in addresses} <= refused
    add, change, delete = (
        reverse("admin:programme_import_add"),
        reverse("admin:programme_import_change", args=[upload.pk]),
        reverse("admin:programme_import_delete", args=[upload.pk]),
    )
    assert [client.get(add).status_code, client.post(change, {}).status_code, client.get(delete).status_code] == [
        403
    ] * 3


def test_text_of_a_paper_is_text(client):
    bad = "<img src=x onerror=alert(1)>"
    page = text(client.get(send(client, with_roundtable(small_paper(), 1, title=f"Recognising {bad}"))["Location"]))

    assert bad not in page
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_preview_costs_the_same_for_one_change_and_for_many(client, forum, asked_once):
    publish(forum=forum, by=None, base=None)
    costs = []
    for paper in (with_roundtable(small_paper(), 1, title="Recognising what newcomers could do"), changed_paper()):
        address = send(client, paper)["Location"]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address)
        costs.append(len(queries))

    assert costs[0] == costs[1]
