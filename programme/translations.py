"""The texts of a programme that lack a language, and those without the English that others fall back on.

Names and functions of persons are no part of it: they stay as they were given.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from people.models import Party
from roundtables.models import ExpectedOutcome, GuidingQuestion
from schedule.models import LANGUAGE_CHOICES, Forum, Room, Session, Venue
from themes.models import Commitment, Reference, Section, Theme
from workshops.models import Workshop

from .reading import FALLBACK, say
from .snapshot import ParagraphNode, PartyNode, Programme, QuestionNode, SessionNode, Text

# Other than the name of the field in a snapshot
FIELDS = {(Commitment, "name"): "short_name", (Commitment, "official"): "official_name", (Party, "name"): "short_name"}
KEYS: dict[type[Model], str] = {Forum: "slug", Commitment: "key", Venue: "slug", Party: "code"}
Pages = dict[tuple[type[Model], str], str]
TARGETS = {code: name for code, name in LANGUAGE_CHOICES if code != FALLBACK}


@dataclass(frozen=True)
class Row:
    """A line of the report: a text, where it is edited, and the languages in question."""

    url: str
    title: SafeString
    label: str
    number: int | None
    text: str
    code: str
    languages: list[str]


@dataclass(frozen=True)
class Group:
    name: str
    rows: list[Row]


@dataclass(frozen=True)
class Content:
    """One text of one row. `key` is what a snapshot knows the row by; `number` is of its place within the row."""

    model: type[Model]
    key: str
    title: Text
    label: str
    text: Text
    number: int | None = None

    @property
    def lacks(self) -> list[str]:
        """Codes of the languages that show English in its place; none where there is no English either."""
        return [code for code in TARGETS if code not in self.text] if FALLBACK in self.text else []

    def row(self, urls: Pages, languages: Iterable[str]) -> Row:
        code = FALLBACK if FALLBACK in self.text else next(iter(self.text))
        names = [str(TARGETS[language]) for language in languages]
        return Row(urls[self.model, self.key], say(self.title), self.label, self.number, self.text[code], code, names)


def contents(programme: Programme) -> Iterator[Content]:
    """Every text of the programme that is not empty, row by row."""
    forum = programme.forum
    names = ("acronym", "name", "edition", "title", "overarching_theme", "principles", "city")
    yield from _of(Forum, forum.slug, forum.title, {name: getattr(forum, name) for name in names})
    for theme in programme.themes:
        yield from _of(Theme, theme.uuid, theme.title, {"title": theme.title, "rationale": theme.rationale})
    for section in programme.sections:
        yield from _of(Section, section.uuid, section.heading, {"heading": section.heading, "body": section.body})
    for session in programme.sessions:
        yield from _of_session(session)
    for venue in programme.venues:
        yield from _of(
            Venue, venue.slug, venue.name, {"name": venue.name, "city": venue.city, "address": venue.address}
        )
        for room in venue.rooms:
            yield from _of(Room, room.uuid, room.name, {"name": room.name})
    for reference in programme.references:
        yield from _of(Reference, reference.uuid, {FALLBACK: reference.key}, {"text": reference.text})
    for commitment in programme.committed(_cited(programme)):
        yield from _of(
            Commitment,
            commitment.key,
            {FALLBACK: commitment.key},
            {"name": commitment.name, "official": commitment.official},
        )
    for party in _appearing(programme):
        yield from _of(Party, party.code, party.name, {"name": party.name})


def count_lacking(programme: Programme) -> list[tuple[str, str, int]]:
    """Code and name of each language, and how many texts lack it."""
    lacking = [code for content in contents(programme) for code in content.lacks]
    return [(code, str(name), lacking.count(code)) for code, name in TARGETS.items()]


def missing(programme: Programme, urls: Pages, *, languages: Collection[str]) -> dict[str, Any]:
    """`groups`: by model, what lacks one of these languages; `sourceless`: what stands in them without English."""
    groups: dict[type[Model], list[Row]] = {}
    sourceless = []
    for content in contents(programme):
        if lacks := [code for code in content.lacks if code in languages]:
            groups.setdefault(content.model, []).append(content.row(urls, lacks))
        elif FALLBACK not in content.text and (has := [code for code in languages if code in content.text]):
            sourceless.append(content.row(urls, has))
    named = [Group(capfirst(str(model._meta.verbose_name_plural)), rows) for model, rows in groups.items()]
    return {"groups": named, "sourceless": sourceless}


def pages(forum: Forum) -> Pages:
    """Where each row of the forum is edited, by model and key: one query per model."""
    of_forum: dict[str, object] = {"forum": forum}
    wanted: list[tuple[type[Model], dict[str, object]]] = [
        (Forum, {"pk": forum.pk}),
        (Theme, of_forum),
        (Section, of_forum),
        (Venue, of_forum),
        (Room, {"venue__forum": forum}),
        (Reference, of_forum),
        (Commitment, {}),
        (Party, {}),
    ]
    found = {}
    for model, conditions in wanted:
        rows = model._default_manager.filter(**conditions).order_by().values_list(KEYS.get(model, "uuid"), "pk")
        found.update({(model, str(key)): _change_page(model, pk) for key, pk in rows})
    for uuid, kind, pk in Session.objects.filter(forum=forum).order_by().values_list("uuid", "kind", "pk"):
        found[Session, str(uuid)] = _change_page(Session.own_models().get(kind, Session), pk)
    return found


def _change_page(model: type[Model], pk: int) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[pk])


def _of(model: type[Model], key: str, title: Text, texts: dict[str, Text]) -> Iterator[Content]:
    for name, text in texts.items():
        if text:
            yield Content(model, key, title or {FALLBACK: key}, _label(model, FIELDS.get((model, name), name)), text)


def _of_session(session: SessionNode) -> Iterator[Content]:
    names = ("title", "summary", "host", "entry_note")
    yield from _of(Session, session.uuid, session.title, {name: getattr(session, name) for name in names})
    title = session.title or {FALLBACK: session.slug}
    if session.extra:
        model = Session.own_models().get(session.kind, Workshop)
        field = "partners" if hasattr(model, "partners") else "focus"
        yield Content(Session, session.uuid, title, _label(model, field), session.extra)
    parts: list[tuple[type[Model], Sequence[ParagraphNode | QuestionNode]]] = [
        (ExpectedOutcome, session.outcomes),
        (GuidingQuestion, session.questions),
    ]
    for part, numbered in parts:
        for number, node in enumerate(numbered, 1):
            if node.text:
                label = capfirst(str(part._meta.verbose_name))
                yield Content(Session, session.uuid, title, label, node.text, number)


def _label(model: type[Model], field: str) -> str:
    return capfirst(str(getattr(model._meta.get_field(field), "verbose_name", field)))


def _cited(programme: Programme) -> tuple[str, ...]:
    """Keys of the commitments that something in the programme cites."""
    keys = [theme.commitments for theme in programme.themes]
    keys += [section.commitments for section in programme.sections]
    for session in programme.sessions:
        keys += [session.commitments, *(question.commitments for question in session.questions)]
    return tuple(chain.from_iterable(keys))


def _appearing(programme: Programme) -> Iterable[PartyNode]:
    """The parties that chair the forum or have a role in it, each once."""
    roles = [role.party for session in programme.sessions for role in session.roles]
    return {party.code: party for party in (*programme.forum.co_chairs, *roles) if party}.values()
