"""Concept note of a roundtable, workshop or side-event."""

from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from people.direction import plain
from programme import dates
from programme.releases import Published
from programme.snapshot import CommitmentNode, Programme, SessionNode, Text
from themes.models import Commitment

from . import prose, words
from .base import About, Bound, Kind, Marks, Subject, series
from .extracts import Extract, ForumExtract, Holder, Slot, Wording, forum_extract, holder, slot, wording
from .footnotes import Footnote, footnotes, segments

UNPRINTED = ("coordinator", "team_member")  # who prepares it; the print names who acts in it
SERIES = {"roundtable": "RT", "workshop": "WS", "side_event": "SE"}


class Served(Wording, frozen=True, kw_only=True):
    """A commitment by its name, and what it is in which instrument; an instrument has no `number`."""

    kind: str = ""
    number: str = ""
    instrument: str = ""


class NoteExtract(Extract, frozen=True, kw_only=True):
    forum: ForumExtract
    slot: Slot
    serial: str
    theme_title: Wording
    summary: Wording
    partners: str = ""
    partners_language: str = ""
    roles: tuple[Holder, ...] = ()
    outcomes: tuple[Wording, ...] = ()
    questions: tuple[Wording, ...] = ()
    footnotes: tuple[Footnote, ...] = ()
    commitments: tuple[Served, ...] = ()


@dataclass(frozen=True)
class Fact:
    label: str
    text: str
    to_confirm: str = ""


@dataclass(frozen=True)
class Note:
    theme: int | None
    number_text: str
    title: str
    title_language: str
    theme_text: str
    cancelled: str
    facts: list[Fact]
    summary: list[prose.Paragraph]
    outcomes: list[prose.Paragraph]
    questions: list[prose.Paragraph]
    commitments: list[prose.Paragraph]


class ConceptNote(Kind[NoteExtract]):
    name = "concept_note"
    label = gettext_lazy("Concept note")
    template = "documents/print/concept_note.html"
    reads = NoteExtract
    about = About.SESSION

    def subjects(self, programme: Programme) -> list[Subject]:
        language = get_language() or "en"
        return [
            Subject(session.slug, named(slot(programme, session, language)))
            for kind in SERIES
            for session in of_kind(programme, kind)
        ]

    def extract(self, published: Published, subject: str, language: str) -> NoteExtract | None:
        programme = published.programme
        session = programme.by_slug.get(subject)
        if session is None or not session.listed or session.kind not in SERIES:
            return None
        theme = programme.theme(session.theme) if session.theme else None
        partners = wording(session.extra, language)
        return NoteExtract(
            forum=forum_extract(programme, language),
            slot=slot(programme, session, language),
            serial=_serial(programme, session),
            theme_title=wording(theme.title, language) if theme else Wording(),
            summary=wording(session.summary, language),
            partners=partners.text,
            partners_language=partners.language,
            roles=tuple(holder(role, language) for role in session.roles if role.kind not in UNPRINTED),
            outcomes=tuple(wording(outcome.text, language) for outcome in session.outcomes),
            questions=tuple(wording(question.text, language) for question in session.questions),
            footnotes=footnotes(programme, texts(session), language),
            commitments=tuple(_served(programme, node, language) for node in programme.committed(_keys(session))),
        )

    def title(self, extract: NoteExtract) -> str:
        return _("Concept note, %(session)s") % {"session": named(extract.slot)}

    def symbol(self, extract: NoteExtract) -> str:
        number = f"{SERIES[extract.slot.kind]}.{extract.serial}/1"
        return series(extract.forum.acronym, extract.forum.starts_on, number)

    def filename(self, subject: str, extract: NoteExtract) -> str:
        return f"concept-note-{extract.slot.number or extract.slot.slug}"

    def context(self, extract: NoteExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        notes = segments(extract.footnotes)
        place = extract.slot
        return {
            "print": marks,
            "note": Note(
                theme=place.theme,
                number_text=words.name(place),
                title=place.title.text,
                title_language=place.title.language,
                theme_text=_theme(extract),
                cancelled=words.cancelled(place, extract.forum),
                facts=_facts(extract),
                summary=prose.paragraphs(extract.summary, notes),
                outcomes=[part for text in extract.outcomes for part in prose.paragraphs(text, notes)],
                questions=[
                    prose.paragraph(text, notes, number=number) for number, text in enumerate(extract.questions, 1)
                ],
                commitments=[prose.paragraph(_said(one), {}) for one in extract.commitments],
            ),
        }

    def changes(self, old: NoteExtract, new: NoteExtract) -> list[str]:
        found = words.changes(old.slot, new.slot, new.forum)
        for field, phrase in (
            ("outcomes", _("expected outcomes")),
            ("questions", _("guiding questions")),
            ("footnotes", _("references")),
            ("commitments", _("commitments")),
            ("roles", _("roles")),
            ("summary", _("summary")),
        ):
            if getattr(old, field) != getattr(new, field):
                found.append(phrase)
        return found


def of_kind(programme: Programme, kind: str) -> list[SessionNode]:
    if kind == "roundtable":
        return list(programme.roundtables)
    return [session for session in programme.listed if session.kind == kind]


def _serial(programme: Programme, session: SessionNode) -> str:
    """Its number; for those without one their place in the year."""
    return session.number or str(of_kind(programme, session.kind).index(session) + 1)


def named(place: Slot) -> str:
    """In plain text: prints are called by it."""
    name = words.name(place)
    return plain(words.labelled(name, place.title.text) if place.title.text else name)


def texts(session: SessionNode) -> list[Text]:
    """All that may cite a reference, in the order of the note."""
    return [session.summary, *(part.text for part in session.outcomes), *(part.text for part in session.questions)]


def _keys(session: SessionNode) -> tuple[str, ...]:
    """Commitments of the session and of its questions, in the order of the forum's list."""
    return (*session.commitments, *(key for question in session.questions for key in question.commitments))


def _served(programme: Programme, node: CommitmentNode, language: str) -> Served:
    name = wording(node.name, language)
    if node.kind == Commitment.Kind.INSTRUMENT or not node.number:
        return Served(text=name.text, language=name.language)
    (instrument,) = programme.committed((node.instrument,)) or (None,)
    return Served(
        text=name.text,
        language=name.language,
        kind=node.kind,
        number=node.number,
        instrument=wording(instrument.name, language).text if instrument else node.instrument,
    )


def _said(one: Served) -> Wording:
    """“Sustainable Development Goals, target 8.8: Labour rights”."""
    if not one.number:
        return one
    text = _("{instrument}, {place} {number}: {name}").format(
        instrument=one.instrument,
        place=str(Commitment.Kind(one.kind).label).lower(),
        number=f"\u2066{one.number}\u2069",
        name=one.text,
    )
    return Wording(text=text, language=one.language)


def _theme(extract: NoteExtract) -> str:
    if not extract.slot.theme:
        return ""
    title = words.marked(extract.theme_title.text.rstrip("."), extract.theme_title.language)
    return format_html(_("Theme {number}. {title}"), number=extract.slot.theme, title=title)


def _facts(extract: NoteExtract) -> list[Fact]:
    place = extract.slot
    facts = [
        Fact(
            _("Day"),
            dates.capital(words.when(place, extract.forum)),
            words.to_confirm(place, "session", "day", "hours"),
        ),
        Fact(_("Place"), words.place(place), words.to_confirm(place, "room") if place.room else ""),
        *(Fact(label, names) for label, names in words.holders(extract.roles).items()),
    ]
    if place.kind == "roundtable" and not any(role.role == "co_chair" for role in extract.roles):
        facts.append(Fact(_("Co-chairs"), _("To be announced")))
    for label, text in (
        (_("Partners"), words.marked(extract.partners, extract.partners_language)),
        (_("Who enters"), words.entry(place)),
        (_("Record"), words.record(place)),
        (_("Interpretation"), words.languages(place.interpretation)),
    ):
        if text:
            facts.append(Fact(label, text))
    return facts
