"""Chosen changes of a paper go into the tables whole, and come out whole."""

import threading
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.utils import timezone

from programme.concept_paper.applying import apply
from programme.concept_paper.comparing import compare
from programme.concept_paper.rows import ImportRefused
from programme.concept_paper.tree import Event, Footnote, Passage, Roundtable, Section, Theme, When
from programme.concept_paper.undoing import undo
from programme.draft import draft
from programme.models import Import
from programme.services import publish
from roundtables.models import GuidingQuestion
from schedule.models import Forum, Role, Session
from themes.models import Commitment, Reference
from themes.models import Section as SectionRow
from themes.models import Theme as ThemeRow
from workshops.models import Workshop

from .small_forum import (
    FIRST_QUESTIONS,
    SECOND_QUESTIONS,
    passages,
    questions_of,
    small_forum,
    small_paper,
    with_roundtable,
)


@pytest.fixture
def forum(db):
    return small_forum()


def upload_for(forum, language="en"):
    return Import.objects.create(
        forum=forum, file_name="Paper.docx", digest="0", language=language, data=b"paper", uploaded_at=timezone.now()
    )


def everything(change):
    return True


def take(forum, paper, choose=everything):
    forum.refresh_from_db()
    chosen = [change.id for change in compare(paper, draft(forum)).changes if choose(change)]
    return apply(
        upload=upload_for(forum, paper.language), paper=paper, chosen=chosen, by=None, now=timezone.now()
    )  # fmt: skip


def left(forum, paper):
    forum.refresh_from_db()
    return compare(paper, draft(forum)).changes


def rich_paper():
    """Something of every kind: words, a footnote, order, new and missing rows, times, places, a link."""
    paper = small_paper(
        overarching_theme="Opening safe roads so that people on the move can build what they dream of",
        footnotes=(
            Footnote(line=9, number=1, text="Ochieng A. (2026) Roads.", urls=("https://example.org/roads",)),
            Footnote(line=10, number=2, text="Census of all newcomers.", urls=("https://example.org/census",)),
            Footnote(line=60, number=3, text="Fees of transfers, a survey of 2025."),
        ),
    )
    first, fourth = paper.sections
    paper = replace(
        paper,
        sections=(
            replace(first, body=Passage(line=2, text="The forum[^1] meets for the third time.[^2]")),
            Section(line=70, numeral="II", heading="Nairobi 2027", body=Passage(line=71, text="Target 10.7 of SDGs.")),
            replace(fourth, heading="Common Space for all"),
        ),
        themes=(
            *(replace(theme, rationale=Passage(line=9, text=f"Of {theme.title}.[^3]")) for theme in paper.themes),
            Theme(
                line=66,
                number=3,
                title="Doors",
                rationale=Passage(line=67, text="Doors open: target 10.7 of the SDGs."),
                roundtables=(
                    Roundtable(
                        line=68, theme=3, place=1, title="Keys", outcomes=passages("Keys."), questions=passages("Who?")
                    ),
                ),
            ),
        ),
        events=(
            replace(
                paper.events[0],
                city="Lima",
                when=When(written="TBC, May", timing="month", month=date(2027, 5, 1), to_confirm=True),
            ),
            paper.events[1],
            Event(
                line=72,
                kind="workshop",
                title="Children on the road",
                city="Mombasa",
                when=When(
                    written="3rd May", timing="dated", starts_on=date(2027, 5, 3), ends_on=date(2027, 5, 3)
                ),
            ),
        ),
    )  # fmt: skip
    return with_roundtable(
        paper,
        1,
        outcomes=["An atlas of doors.", "A list of good practices on Recognising what newcomers can do."],
        questions=[
            FIRST_QUESTIONS[3],
            "Why do bridges of trade outlast those of stone?",
            FIRST_QUESTIONS[0] + " And who asks?",
        ],
    )


def test_everything_taken_over_leaves_nothing_to_change(forum):
    paper = rich_paper()
    done = take(forum, paper)

    assert {change.verb for change in left(forum, paper)} == {"linked"}  # for what is new, on a second reading
    assert questions_of(1) == [passage.text for passage in paper.themes[0].roundtables[0].questions]
    assert list(Reference.objects.order_by("number").values_list("key", "number")) == [
        ("ochieng-roads-2026", 1), ("census", 2), ("fees", 3),
    ]  # fmt: skip
    assert (
        SectionRow.objects.get(numeral="I").body_en
        == "The forum[^ochieng-roads-2026] meets for the third time.[^census]"
    )
    assert list(SectionRow.objects.order_by("position").values_list("numeral", flat=True)) == ["I", "II", "IV"]
    data = Workshop.objects.get(slug="data")
    assert (data.timing, data.month, data.to_confirm) == ("month", date(2027, 5, 1), ["session", "day"])
    assert data.zone.key == "America/Lima"
    children = Workshop.objects.get(title_en="Children on the road")
    assert (children.timing, children.starts_on, children.venue.slug) == ("dated", date(2027, 5, 3), "mombasa")
    assert (done.data, done.applied_at is not None) == (None, True)


def test_undo_gives_everything_back(forum):
    before = draft(forum)
    done = take(forum, rich_paper())

    undo(done=done, by=None, now=timezone.now())

    forum.refresh_from_db()
    assert draft(forum) == before
    with pytest.raises(ImportRefused, match="nothing to undo"):
        undo(done=done, by=None, now=timezone.now())


def test_only_what_is_chosen_is_taken(forum):
    new = "Why do bridges of trade outlast those of stone?"
    first, second, third, fourth = FIRST_QUESTIONS
    paper = with_roundtable(small_paper(), 1, title="Of skills", questions=[fourth, new, second + " Or not?", first])
    done = take(forum, paper, lambda change: change.verb in ("added", "changed") and change.field != "title")

    assert questions_of(1) == [first, second + " Or not?", third, fourth, new]
    assert Session.objects.get(slug="roundtable-1-1").title_en == "Recognising what newcomers can do"
    undo(done=done, by=None, now=timezone.now())
    assert questions_of(1) == FIRST_QUESTIONS


def test_question_that_moves_to_another_roundtable_stays_itself(forum):
    moving = GuidingQuestion.objects.get(text_en=FIRST_QUESTIONS[0])
    moving.commitments.add(Commitment.objects.get())
    paper = with_roundtable(small_paper(), 1, questions=FIRST_QUESTIONS[1:])
    paper = with_roundtable(paper, 2, questions=[SECOND_QUESTIONS[0], FIRST_QUESTIONS[0], SECOND_QUESTIONS[1]])
    done = take(forum, paper)

    assert questions_of(1) == FIRST_QUESTIONS[1:]
    assert questions_of(2) == [SECOND_QUESTIONS[0], FIRST_QUESTIONS[0], SECOND_QUESTIONS[1]]
    assert GuidingQuestion.objects.get(pk=moving.pk).commitments.count() == 1
    undo(done=done, by=None, now=timezone.now())
    assert (questions_of(1), questions_of(2)) == (FIRST_QUESTIONS, SECOND_QUESTIONS)


def test_removed_question_comes_back_with_its_commitments(forum):
    gone = GuidingQuestion.objects.get(text_en=FIRST_QUESTIONS[2])
    gone.commitments.add(Commitment.objects.get())
    done = take(forum, with_roundtable(small_paper(), 1, questions=[*FIRST_QUESTIONS[:2], FIRST_QUESTIONS[3]]))
    assert not GuidingQuestion.objects.filter(uuid=gone.uuid).exists()

    undo(done=done, by=None, now=timezone.now())

    assert questions_of(1) == FIRST_QUESTIONS
    assert GuidingQuestion.objects.get(uuid=gone.uuid).commitments.count() == 1


def test_edit_since_the_preview_refuses_all(forum):
    paper = with_roundtable(small_paper(), 1, title="Of skills")
    chosen = [change.id for change in compare(paper, draft(forum)).changes]
    Session.objects.filter(slug="roundtable-1-1").update(title_en="Of other skills")

    with pytest.raises(ImportRefused, match="edited since these changes were shown"):
        apply(upload=upload_for(forum), paper=paper, chosen=chosen, by=None, now=timezone.now())


def test_edit_elsewhere_does_not_refuse(forum):
    paper = with_roundtable(small_paper(), 1, title="Of skills")
    chosen = [change.id for change in compare(paper, draft(forum)).changes]
    Session.objects.filter(slug="roundtable-2-1").update(note="Called by the chair")

    apply(upload=upload_for(forum), paper=paper, chosen=chosen, by=None, now=timezone.now())
    assert Session.objects.get(slug="roundtable-1-1").title_en == "Of skills"


def test_text_that_cites_a_footnote_left_out_is_refused(forum):
    with pytest.raises(ImportRefused, match="cites footnote 1, which is not"):
        take(forum, rich_paper(), lambda change: change.kind != "reference")
    assert SectionRow.objects.get(numeral="I").body_en.startswith("The forum meets")


def test_roundtable_without_its_theme_is_refused(forum):
    with pytest.raises(ImportRefused, match=r"Roundtable 3\.1 belongs to theme 3"):
        take(forum, rich_paper(), lambda change: change.kind == "roundtable")


def test_what_the_database_holds_no_room_for_is_refused_whole(forum):
    paper = with_roundtable(small_paper(overarching_theme=small_paper().overarching_theme + "!"), 1, title="x" * 301)
    with pytest.raises(ImportRefused, match="at most 300 characters"):
        take(forum, paper)
    assert Forum.objects.get(pk=forum.pk).overarching_theme_en == small_paper().overarching_theme


def test_undo_names_what_was_edited_since(forum):
    done = take(forum, rich_paper())
    Session.objects.filter(slug="data").update(month=date(2027, 6, 1))
    Role.objects.create(
        session=Session.objects.get(title_en="Children on the road"),
        kind="speaker",
        party=Session.objects.get(slug="data").venue.country,
    )
    before = draft(forum)

    with pytest.raises(ImportRefused) as refused:
        undo(done=done, by=None, now=timezone.now())

    assert refused.value.sentences == (
        "“Data for fair policies” was edited since: Month.",
        "Something was added to “Children on the road”, which is new.",
    )
    assert draft(forum) == before


def test_undo_leaves_later_edits_of_other_fields(forum):
    done = take(forum, with_roundtable(small_paper(), 1, title="Of skills"))
    Session.objects.filter(slug="roundtable-1-1").update(note="Called by the chair")

    undo(done=done, by=None, now=timezone.now())

    row = Session.objects.get(slug="roundtable-1-1")
    assert (row.title_en, row.note) == ("Recognising what newcomers can do", "Called by the chair")


def test_event_that_was_published_meanwhile_is_cancelled_by_undo(forum):
    done = take(forum, rich_paper())
    publish(forum=forum, by=None, base=None)

    undo(done=done, by=None, now=timezone.now())

    assert Session.objects.get(title_en="Children on the road").is_cancelled
    assert Session.objects.get(slug="roundtable-1-1").title_en == "Recognising what newcomers can do"


def test_french_paper_fills_the_french_and_leaves_the_english(forum):
    """A new theme may have no English: it is shown as without a source by the report of translations."""
    paper = small_paper(
        language="fr", overarching_theme="Ouvrir des voies sûres", sections=(), events=(), footnotes=(),
        themes=(
            Theme(line=1, number=1, title="Des savoirs qui voyagent"),
            Theme(line=2, number=3, title="Des portes", rationale=Passage(line=3, text="Elles s’ouvrent.")),
        ),
    )  # fmt: skip
    done = take(forum, paper)

    theme = ThemeRow.objects.get(number=1)
    assert (theme.title_fr, theme.title_en) == ("Des savoirs qui voyagent", "Skills that travel")
    assert ThemeRow.objects.get(number=3).title_fr == "Des portes"
    assert left(forum, paper) == ()
    undo(done=done, by=None, now=timezone.now())
    assert ThemeRow.objects.filter(number=3).count() == 0
    assert not ThemeRow.objects.get(number=1).title_fr


@pytest.mark.django_db(transaction=True)
def test_two_organisers_at_once_take_it_over_once():
    forum = small_forum()
    paper = with_roundtable(small_paper(), 1, questions=[*FIRST_QUESTIONS, "Why do bridges outlast stone?"])
    chosen = [change.id for change in compare(paper, draft(forum)).changes]
    uploads = [upload_for(forum), upload_for(forum)]
    gate, said = threading.Barrier(2), []

    def go(upload):
        gate.wait()
        try:
            apply(upload=upload, paper=paper, chosen=chosen, by=None, now=timezone.now())
            said.append("done")
        except ImportRefused as refused:
            said.append(str(refused))
        connection.close()

    threads = [threading.Thread(target=go, args=[upload]) for upload in uploads]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == ["The programme was edited since these changes were shown. Look at them again.", "done"]
    assert questions_of(1) == [*FIRST_QUESTIONS, "Why do bridges outlast stone?"]
