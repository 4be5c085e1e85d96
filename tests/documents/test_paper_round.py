"""The whole way round: a paper becomes tables, a release, and a printed paper that says the same."""

import re
from dataclasses import replace

import pytest
from django.core.management import call_command

from documents import building, services
from people.models import User
from programme.concept_paper.tree import Footnote, Passage
from programme.services import publish
from schedule.models import Forum
from tests.documents.test_kinds import pages_of
from tests.programme.concept_paper.small_forum import (
    FIRST_QUESTIONS,
    as_text,
    in_word,
    small_forum,
    small_paper,
    with_roundtable,
)

QUESTIONS = [
    FIRST_QUESTIONS[3],
    "Skills fade when nobody asks for them.[^2] Who asks, and how often?",
    FIRST_QUESTIONS[0],
    "Which doors open by themselves, and which need a push?",
]
OUTCOMES = ["A map of doors that open.", "A second paragraph, on those “that stay shut”."]


def rich_paper():
    """Other words, another order, a new footnote inside a question, two paragraphs of outcomes."""
    paper = small_paper()
    first, second = paper.footnotes
    notes = (first, Footnote(line=20, number=2, text="Atlas of lost skills, 2026."), replace(second, number=3))
    rationale = Passage(line=51, text="Transfers feed families.[^3]\n\nFees starve them.")
    paper = replace(paper, footnotes=notes, themes=(paper.themes[0], replace(paper.themes[1], rationale=rationale)))
    return with_roundtable(
        paper, 1, title="Recognising all that newcomers can do", outcomes=OUTCOMES, questions=QUESTIONS
    )


def texts(paper):
    """Everything the paper says, in its order; a text with notes in the pieces between them."""
    yield from (section.heading for section in paper.sections)
    for theme in paper.themes:
        yield from (f"Theme {theme.number}: {theme.title}", *theme.rationale.text.split("\n\n"))
        for one in theme.roundtables:
            passages = [passage.text for passage in (*one.outcomes, *one.questions)]
            yield from (f"Roundtable {one.number}: {one.title}", *passages)
    yield from (note.text for note in paper.footnotes)
    yield from (event.title for event in paper.events)


@pytest.fixture(params=[("paper.txt", as_text), ("paper.docx", in_word)], ids=["text", "word"])
def printed(db, tmp_path, request):
    """The text of the print of the paper, in one line."""
    small_forum()
    Forum.objects.update(is_current=True)
    name, make = request.param
    path = tmp_path / name
    path.write_bytes(make(rich_paper()))
    call_command("import_concept_paper", str(path), "--apply")
    publish(forum=Forum.objects.get(), by=None, base=None)
    desk = User.objects.create_superuser("desk@example.org", "a good password")
    row = services.request_document(kind="concept_paper", subject="", language="en", by=desk)
    building.build(str(row.uuid))
    row.refresh_from_db()
    assert row.state == "ready", row.error
    with row.file.open() as file:
        return " ".join(pages_of(file.read()))


def test_print_says_what_the_paper_says(printed):
    pieces = [piece for text in texts(rich_paper()) for piece in re.split(r"\[\^\d+\]", text)]

    assert [piece for piece in pieces if piece.strip() not in printed] == []
    asked = [printed.rindex(question.split("[^")[0]) for question in QUESTIONS]
    assert asked == sorted(asked)
    assert printed.count(FIRST_QUESTIONS[1]) == 0
