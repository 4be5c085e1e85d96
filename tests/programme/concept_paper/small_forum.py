"""A small forum and its concept paper, in our own words, for what takes papers over."""

import re
from dataclasses import replace
from datetime import date

from people.models import Party
from programme.concept_paper.tree import (
    Event,
    Footnote,
    Paper,
    Passage,
    Roundtable,
    Section,
    Theme,
    When,
)
from roundtables.models import ExpectedOutcome, GuidingQuestion
from roundtables.models import Roundtable as RoundtableRow
from schedule.models import Forum, Session, Venue
from themes.models import Commitment, Reference
from themes.models import Section as SectionRow
from themes.models import Theme as ThemeRow
from workshops.models import SideEvent, Workshop

from .wordfile import as_word

OVERARCHING = "Opening safe paths so that people on the move can build what they dream of"
FIRST_QUESTIONS = [
    "Which skills do newcomers bring that no diploma shows?",
    "How can cities learn from one another about housing for newcomers?",
    "What can employers do so that recruitment costs workers nothing?",
    "What can employers do so that recruitment agencies are held to account?",
]
SECOND_QUESTIONS = [
    "Which savings do families make when fees for transfers fall?",
    "Who speaks for seasonal workers when rules are written?",
]


def small_forum() -> Forum:
    """Two themes, two roundtables, two sections, two footnotes, a workshop and a side-event; English only."""
    kenya, _made = Party.objects.get_or_create(code="KEN", defaults={"kind": "member_state", "short_name_en": "Kenya"})
    forum = Forum.objects.create(
        slug="nairobi-2027", acronym_en="FMP", name_en="Forum on Moving People", edition_en="Third Forum",
        title_en="Third Forum, Nairobi 2027", overarching_theme_en=OVERARCHING, city_en="Nairobi",
        starts_on=date(2027, 10, 5), ends_on=date(2027, 10, 7), time_zone="Africa/Nairobi",
        privacy_version="1", privacy_notice_en="None.",
    )  # fmt: skip
    venue = {"forum": forum, "country": kenya, "name_en": "To be announced"}
    Venue.objects.create(**venue, slug="mombasa", city_en="Mombasa", time_zone="Africa/Nairobi")
    Venue.objects.create(**venue, slug="lima", city_en="Lima", city_fr="Lima", time_zone="America/Lima")
    Reference.objects.create(
        forum=forum, key="census", number=1, text_en="Census of newcomers, 2020.", urls="https://example.org/census"
    )
    Reference.objects.create(forum=forum, key="fees", number=2, text_en="Fees of transfers, a survey of 2024.")
    Commitment.objects.create(key="SDG.10.7", kind="target", instrument="SDG", position=1, short_name_en="Orderly")
    sections = (
        ("I", 1, "Introduction", "The forum meets for the third time.[^census]\n\nIt has grown."),
        ("IV", 4, "Common Space", "All meet in one hall."),
    )
    for numeral, position, heading, body in sections:
        SectionRow.objects.create(
            forum=forum, numeral=numeral, position=position, slug=numeral.lower(), heading_en=heading, body_en=body
        )
    first = ThemeRow.objects.create(
        forum=forum, number=1, title_en="Skills that travel", rationale_en="Skills cross borders with their owners."
    )
    second = ThemeRow.objects.create(
        forum=forum, number=2, title_en="Money that comes home", rationale_en="Transfers feed families.[^fees]"
    )
    days = {"timing": "dated", "starts_on": forum.starts_on, "ends_on": forum.ends_on}
    for theme, title, questions in (
        (first, "Recognising what newcomers can do", FIRST_QUESTIONS),
        (second, "Making transfers cheaper for families", SECOND_QUESTIONS),
    ):
        row = RoundtableRow.objects.create(
            forum=forum, theme=theme, place=1, slug=f"roundtable-{theme.number}-1", title_en=title, **days
        )
        ExpectedOutcome.objects.create(roundtable=row, position=1, text_en=f"A list of good practices on {title}.")
        for position, text in enumerate(questions, 1):
            GuidingQuestion.objects.create(roundtable=row, position=position, text_en=text)
    Workshop.objects.create(
        forum=forum, slug="data", title_en="Data for fair policies", venue=Venue.objects.get(slug="mombasa"),
        timing="dated", starts_on=date(2027, 4, 18), ends_on=date(2027, 4, 19),
    )  # fmt: skip
    SideEvent.objects.create(
        forum=forum, slug="villages", title_en="Villages and those who left them",
        venue=Venue.objects.get(slug="lima"), timing="month", month=date(2027, 7, 1),
        to_confirm=["session", "day"],
    )  # fmt: skip
    return forum


def passages(*texts: str, line: int = 50) -> tuple[Passage, ...]:
    return tuple(Passage(line=line + place, text=text) for place, text in enumerate(texts))


def small_paper(**changes) -> Paper:
    """What the tables of `small_forum` say, as the paper would: the same, unless told otherwise."""
    first, second = (
        Roundtable(
            line=30 * theme,
            theme=theme,
            place=1,
            title=title,
            outcomes=passages(f"A list of good practices on {title}.", line=31 * theme),
            questions=passages(*questions),
        )
        for theme, title, questions in (
            (1, "Recognising what newcomers can do", FIRST_QUESTIONS),
            (2, "Making transfers cheaper for families", SECOND_QUESTIONS),
        )
    )
    paper = Paper(
        title="Third Forum on Moving People – Nairobi 2027",
        language="en",
        overarching_theme=OVERARCHING,
        sections=(
            Section(
                line=1,
                numeral="I",
                heading="Introduction",
                body=Passage(line=2, text="The forum meets for the third time.[^1]\n\nIt has grown."),
            ),
            Section(line=80, numeral="IV", heading="Common Space", body=Passage(line=81, text="All meet in one hall.")),
        ),
        themes=(
            Theme(
                line=20,
                number=1,
                title="Skills that travel",
                rationale=Passage(line=21, text="Skills cross borders with their owners."),
                roundtables=(first,),
            ),
            Theme(
                line=50,
                number=2,
                title="Money that comes home",
                rationale=Passage(line=51, text="Transfers feed families.[^2]"),
                roundtables=(second,),
            ),
        ),
        events=(
            Event(
                line=70,
                kind="workshop",
                title="Data for fair policies",
                city="Mombasa",
                when=When(
                    written="18th and 19th April",
                    timing="dated",
                    starts_on=date(2027, 4, 18),
                    ends_on=date(2027, 4, 19),
                ),
            ),
            Event(
                line=71,
                kind="side_event",
                title="Villages and those who left them",
                city="Lima",
                when=When(written="TBC, July", timing="month", month=date(2027, 7, 1), to_confirm=True),
            ),
        ),
        footnotes=(
            Footnote(line=10, number=1, text="Census of newcomers, 2020.", urls=("https://example.org/census",)),
            Footnote(line=60, number=2, text="Fees of transfers, a survey of 2024."),
        ),
    )
    return replace(paper, **changes)


def with_roundtable(paper: Paper, theme: int, **changes) -> Paper:
    """The same paper with other fields of the roundtable of this theme; texts for outcomes and questions."""
    texts = {name: passages(*changes.pop(name)) for name in ("outcomes", "questions") if name in changes}
    themes = [
        replace(one, roundtables=(replace(one.roundtables[0], **changes, **texts),)) if one.number == theme else one
        for one in paper.themes
    ]
    return replace(paper, themes=tuple(themes))


def questions_of(theme: int) -> list[str]:
    rows = GuidingQuestion.objects.filter(
        roundtable__theme__number=theme, roundtable__theme__forum__slug="nairobi-2027"
    )
    return list(rows.order_by("position").values_list("text_en", flat=True))


def session(title: str) -> Session:
    return Session.objects.get(title_en=title)


def as_text(paper: Paper) -> bytes:
    """The paper as it comes out of a PDF: footnote digits glued to words, questions behind a lost bullet."""
    opening, closing = (
        [section for section in paper.sections if (section.numeral == "I") is first] for first in (True, False)
    )
    parts = [_section(section) for section in opening]
    parts.append(f"II. {paper.title}\n\nOverarching Theme: “{paper.overarching_theme}”")
    for theme in paper.themes:
        parts += [f"Theme {theme.number}: {theme.title}", theme.rationale.text if theme.rationale else ""]
        for one in theme.roundtables:
            questions = "\n".join(f" {question.text}" for question in one.questions)
            outcomes = "\n\n".join(outcome.text for outcome in one.outcomes)
            parts += [
                f"Roundtable {one.number}: {one.title}",
                "Expected outcomes",
                outcomes,
                "Guiding questions",
                questions,
            ]
    notes = "\n".join(f"{note.number} {note.text} {' '.join(note.urls)}" for note in paper.footnotes)
    parts.append(f"{' ' * 30}\n{notes}")
    if paper.events:
        parts.append("\n III. Other planned thematic workshops and side-events")
    for kind, words in (
        ("workshop", "Workshops are planned in 2027:"),
        ("side_event", "Side-events are also planned:"),
    ):
        events = [event for event in paper.events if event.kind == kind]
        lines = [f" {event.title} ({event.when.written if event.when else ''} in {event.city})" for event in events]
        parts.append("\n".join([words, *lines] if lines else []))
    parts += [_section(section) for section in closing]
    return re.sub(r"\[\^(\d+)\]", r"\1", "\n\n".join(part for part in parts if part)).encode()


def _section(section: Section) -> str:
    return f"{section.numeral}. {section.heading}\n\n{section.body.text if section.body else ''}"


def in_word(paper: Paper) -> bytes:
    """The same as a Word file, with the heading under which it names the forum."""
    own = Section(line=0, numeral="II", heading=paper.title)
    events = [
        replace(event, when=replace(event.when, written=f"{event.when.written} in {event.city}"))
        for event in paper.events
        if event.when
    ]
    return as_word(replace(paper, sections=(*paper.sections[:1], own, *paper.sections[1:]), events=tuple(events)))
