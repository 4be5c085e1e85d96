"""What lies between a paper and the tables: typed, placed, and never guessed."""

from dataclasses import replace
from datetime import date

import pytest

from programme.concept_paper.changes import NotThisForum
from programme.concept_paper.comparing import compare
from programme.concept_paper.tree import Event, Footnote, Passage, Roundtable, Section, Theme, When
from programme.draft import draft
from schedule.models import Session
from themes.models import Commitment
from themes.models import Theme as ThemeRow

from .small_forum import FIRST_QUESTIONS, SECOND_QUESTIONS, passages, small_forum, small_paper, with_roundtable


@pytest.fixture
def programme(db):
    return draft(small_forum())


def said(comparison):
    """Verb, kind, number and field of every change."""
    return [
        (str(change.verb), change.kind, " ".join(filter(None, [change.number, change.title])), change.field)
        for change in comparison.changes
    ]


def test_same_paper_changes_nothing(programme):
    found = compare(small_paper(), programme)

    assert (found.changes, found.absent, found.unplaced) == ((), (), ())


def test_one_other_word_in_a_title_is_a_change_with_its_line(programme):
    paper = with_roundtable(small_paper(), 1, title="Recognising what newcomers could do")
    [change] = compare(paper, programme).changes

    assert (change.verb, change.kind, change.number, change.field) == ("changed", "roundtable", "1.1", "title")
    assert (change.old, change.new) == ("Recognising what newcomers can do", "Recognising what newcomers could do")
    assert change.line == 30


def test_white_space_is_no_change(programme):
    paper = with_roundtable(small_paper(), 1, questions=[text.replace(" ", "  ") for text in FIRST_QUESTIONS])

    assert compare(paper, programme).changes == ()


def test_questions_nearly_alike_stay_two(programme):
    """The third and fourth differ in two words. The third gets a word, the fourth loses its place."""
    first, second, third, fourth = FIRST_QUESTIONS
    reworded = third.replace("workers", "migrant workers")
    found = compare(with_roundtable(small_paper(), 1, questions=[first, fourth, second, reworded]), programme)

    assert said(found) == [("changed", "question", "1.1 4", "text"), ("moved", "question", "1.1 2", "position")]
    assert [found.changes[0].old, found.changes[0].new] == [third, reworded]
    assert [found.changes[1].old, found.changes[1].new] == ["4", "2"]


def test_new_and_missing_questions(programme):
    new = "Why do bridges of trade outlast those of stone?"
    found = compare(with_roundtable(small_paper(), 1, questions=[new, *FIRST_QUESTIONS[:3]]), programme)

    assert said(found) == [("added", "question", "1.1 1", ""), ("missing", "question", "1.1 4", "text")]
    assert [change.is_ticked for change in found.changes] == [True, False]


def test_question_that_went_to_another_roundtable_has_moved(programme):
    paper = with_roundtable(small_paper(), 1, questions=FIRST_QUESTIONS[1:])
    found = compare(with_roundtable(paper, 2, questions=[*SECOND_QUESTIONS, FIRST_QUESTIONS[0]]), programme)

    [change] = found.changes
    assert (change.verb, change.old, change.new) == ("moved", "1.1, 1", "2.1, 3")


def test_footnotes_keep_their_keys_and_new_ones_get_one(programme):
    """Numbers of the paper shift by the new note; the keys in the texts do not."""
    paper = small_paper()
    notes = (
        Footnote(line=9, number=1, text="Ochieng A. and Wafula B. (2026) Roads and rails."),
        replace(paper.footnotes[0], number=2, text="Census of all newcomers, 2020."),
        replace(paper.footnotes[1], number=3),
    )
    body = Passage(line=2, text="The forum[^1] meets for the third time.[^2]\n\nIt has grown.")
    themes = (
        paper.themes[0],
        replace(paper.themes[1], rationale=Passage(line=51, text="Transfers feed families.[^3]")),
    )
    sections = (replace(paper.sections[0], body=body), paper.sections[1])
    found = compare(replace(paper, footnotes=notes, sections=sections, themes=themes), programme)

    assert said(found) == [
        ("added", "reference", "1", ""),
        ("changed", "reference", "2", "text"),
        ("changed", "section", "I", "body"),
    ]
    assert found.changes[0].new["key"] == "ochieng-and-2026"
    assert found.changes[2].new == "The forum[^ochieng-and-2026] meets for the third time.[^census]\n\nIt has grown."


def test_new_objects_come_whole_and_missing_ones_are_only_reported(programme):
    paper = small_paper()
    third = Theme(
        line=66,
        number=3,
        title="Doors",
        rationale=Passage(line=67, text="Doors open."),
        roundtables=(Roundtable(line=68, theme=3, place=1, title="Keys to doors", questions=passages("Who?")),),
    )
    new = Section(line=90, numeral="V", heading="Business", body=Passage(line=91, text="Trade."))
    found = compare(replace(paper, themes=(paper.themes[0], third), sections=(paper.sections[0], new)), programme)

    assert said(found) == [
        ("added", "section", "V", ""),
        ("added", "theme", "3", ""),
        ("added", "roundtable", "3.1", ""),
    ]
    assert [(one.kind, one.number) for one in found.absent] == [
        ("section", "IV"),
        ("theme", "2"),
        ("roundtable", "2.1"),
    ]


def test_times_and_places_of_events(programme):
    paper = small_paper()
    workshop, side_event = paper.events
    dated = When(written="3rd May", timing="dated", starts_on=date(2027, 5, 3), ends_on=date(2027, 5, 3))
    events = (
        replace(workshop, when=dated, title="Data for fairer policies", city="Lima"),
        side_event,
        Event(line=72, kind="workshop", title="Children on the road", city="Atlantis", when=dated),
        Event(line=73, kind="workshop", title="Undated gathering of mayors", city="Lima", when=None),
    )
    found = compare(replace(paper, events=events), programme)

    assert [(one[0], one[1], one[3]) for one in said(found)] == [
        ("changed", "workshop", "title"),
        ("changed", "workshop", "timing"),
        ("changed", "workshop", "venue"),
        ("added", "workshop", ""),
    ]
    timing = found.changes[1]
    assert (timing.old["starts_on"], timing.new["starts_on"], timing.new["to_confirm"]) == (
        "2027-04-18",
        "2027-05-03",
        [],
    )
    assert found.changes[3].new["venue"] == ""
    assert [(one.line, one.reason) for one in found.unplaced] == [
        (72, "The portal has no venue in this city. Add one, then read the paper again."),
        (73, "No date could be read. Enter this event by hand."),
    ]


def test_what_the_portal_knows_more_closely_stays(programme):
    """A paper that says July does not undo the day; one that says the day does not undo the hours."""
    Session.objects.filter(slug="villages").update(
        timing="dated", month=None, starts_on=date(2027, 7, 13), ends_on=date(2027, 7, 13), to_confirm=[]
    )
    Session.objects.filter(slug="data").update(
        timing="timed", starts_on=None, ends_on=None,
        starts_at="2027-04-18T09:00+03:00", ends_at="2027-04-19T17:00+03:00",
    )  # fmt: skip
    forum = Session.objects.get(slug="data").forum

    assert compare(small_paper(), draft(forum)).changes == ()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": "Fourth Forum on Moving People – Lima 2028"}, "it is for 2028"),
        ({"overarching_theme": "Rivers", "themes": ()}, "neither its overarching theme nor its themes"),
    ],
)
def test_paper_of_another_forum_is_refused(programme, changes, sentence):
    with pytest.raises(NotThisForum, match=sentence):
        compare(small_paper(**changes), programme)


def test_citations_are_suggested_once(programme):
    texts = [
        "A list of good practices on Making transfers cheaper for families.",
        "It serves SDG target 10.7 and 99.9.",
    ]
    question = "How does target 10.7 of the SDGs help?"
    paper = with_roundtable(small_paper(), 2, outcomes=texts, questions=[*SECOND_QUESTIONS, question])
    found = compare(paper, programme)

    links = [change for change in found.changes if change.verb == "linked"]
    assert [(one.kind, one.number, one.new, one.is_ticked) for one in links] == [
        ("roundtable", "2.1", "SDG.10.7", False)
    ]
    Commitment.objects.get(key="SDG.10.7").sessions.add(Session.objects.get(slug="roundtable-2-1"))
    again = compare(paper, draft(Session.objects.get(slug="data").forum))
    assert [change.verb for change in again.changes] == ["added", "added"]


def test_french_paper_is_compared_with_the_french(programme):
    ThemeRow.objects.filter(number=1).update(title_fr="Des compétences qui voyagent")
    forum = Session.objects.get(slug="data").forum
    type(forum).objects.update(overarching_theme_fr="Ouvrir des voies sûres", title_fr="Troisième Forum")
    paper = small_paper(
        language="fr", overarching_theme="Ouvrir des voies sûres", sections=(), events=(), footnotes=(),
        themes=(Theme(line=1, number=1, title="Des savoirs qui voyagent"),),
    )  # fmt: skip
    forum.refresh_from_db()
    found = compare(paper, draft(forum)).changes

    assert [(one.old, one.new) for one in found] == [("Des compétences qui voyagent", "Des savoirs qui voyagent")]


def test_id_is_the_same_until_the_row_is_edited(programme):
    paper = with_roundtable(small_paper(), 1, title="Recognising what newcomers could do")
    forum = Session.objects.get(slug="data").forum
    before = compare(paper, programme).changes[0].id

    assert compare(paper, draft(forum)).changes[0].id == before
    Session.objects.filter(slug="roundtable-1-1").update(title_en="Recognising what newcomers do")
    assert compare(paper, draft(forum)).changes[0].id != before
