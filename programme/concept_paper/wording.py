"""Changes as an organiser reads them: by object, word by word, each with its line in the paper. Plain text."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from people.direction import isolated
from programme import dates
from programme.models import Import
from programme.readable import Line
from programme.reading import language, said
from programme.snapshot import Programme
from roundtables.models import ExpectedOutcome, GuidingQuestion, Roundtable
from schedule.models import Forum, Session
from themes.models import Reference, Section, Theme
from workshops.models import SideEvent, Workshop

from .applying import MODELS
from .changes import Absent, Change, Comparison, Verb
from .tree import Paper

VERBS = {
    Verb.ADDED: gettext_lazy("Added"),
    Verb.CHANGED: gettext_lazy("Changed"),
    Verb.MISSING: gettext_lazy("Missing from the paper"),
    Verb.MOVED: gettext_lazy("Moved"),
    Verb.LINKED: gettext_lazy("Suggested link"),
}
# In the order of a paper: an object with all that hangs on it
ORDER = ("forum", "section", "theme", "workshop", "side_event", "reference")
NUMBERED = ("theme", "roundtable", "outcome", "question")
LISTS = ("outcome", "question")


@dataclass(frozen=True)
class Entry:
    """A change with the box that chooses it."""

    change: Change
    verb: str
    line: Line


@dataclass(frozen=True)
class Group:
    title: str
    entries: tuple[Entry, ...]


def groups(comparison: Comparison, programme: Programme) -> list[Group]:
    words = _Words(comparison.language, programme)
    changes = sorted(comparison.changes, key=_place)
    return [
        Group(title, tuple(words.entry(change) for change in own)) for title, own in groupby(changes, key=words.object)
    ]


def absent(one: Absent) -> str:
    name = _object(one.kind, one.number)
    return pgettext("number and title of a roundtable", "{name}: {title}").format(name=name, title=isolated(one.title))


def _place(change: Change) -> tuple[Any, ...]:
    """A theme, then its roundtables, each with its own texts first."""
    if change.kind in NUMBERED:
        number = [int(part) for part in change.number.split(".")]
        return (ORDER.index("theme"), number, NUMBERED.index(change.kind), change.line)
    return (ORDER.index(change.kind), [], 0, change.line)


def _object(kind: str, number: str, title: str = "") -> str:
    number = isolated(number)
    match kind:
        case "forum":
            return capfirst(str(Forum._meta.verbose_name))
        case "section":
            return _("Section %(numeral)s") % {"numeral": number}
        case "theme":
            return _("Theme %(number)s") % {"number": number}
        case "reference":
            return _("Footnote %(number)s") % {"number": number}
        case "workshop" | "side_event":
            name = str(Session.Kind(kind).label)
            words = pgettext("number and title of a roundtable", "{name}: {title}")
            return words.format(name=name, title=isolated(title)) if title else name
    return _("Roundtable %(number)s") % {"number": number}


@dataclass(frozen=True)
class _Words:
    language: str  # of the paper
    programme: Programme

    def object(self, change: Change) -> str:
        events = ("workshop", "side_event")
        return _object(change.kind, change.number, change.title if change.kind in events else "")

    def entry(self, change: Change) -> Entry:
        old, new = (self._value(change, value) for value in (change.old, change.new))
        text = change.verb in (Verb.ADDED, Verb.CHANGED, Verb.MISSING) and change.field not in (
            "timing",
            "venue",
            "urls",
        )
        line = Line(self._label(change), old, new, language=self.language if text else "")
        return Entry(change, str(VERBS[change.verb]), line)

    def _label(self, change: Change) -> str:
        model: type[Model] = MODELS.get(change.kind, Forum)
        if change.kind in LISTS:
            name = f"{capfirst(str(model._meta.verbose_name))} {change.title}"
            return name if change.verb is not Verb.LINKED else _("%(what)s, commitments") % {"what": name}
        if change.field in ("", "commitments"):
            return _("As a whole") if change.verb is Verb.ADDED else _("Commitments")
        if change.field == "position":
            return _("Number")
        if change.field == "timing":
            return _("When")
        return capfirst(str(getattr(model._meta.get_field(change.field), "verbose_name", change.field)))

    def _value(self, change: Change, value: Any) -> str:
        match value:
            case None | "":
                return ""
            case dict() if change.field == "timing":
                return _when(value)
            case dict():
                return "\n\n".join(self._parts(value))
            case list():
                return "\n".join(value)
        if change.field == "venue":
            return self._venue(value)
        if change.verb is Verb.LINKED:
            names = {one.key: said(one.name) for one in self.programme.commitments}
            return f"{value}: {names[value]}"
        return str(value)

    def _parts(self, new: dict[str, Any]) -> Iterator[str]:
        for name, value in new.items():
            if name == "venue" and value:
                yield self._venue(value)
            elif name == "timing":
                yield _when(new)
            elif name in ("title", "heading", "summary", "rationale", "body", "text") and value:
                yield value
            elif name in ("outcomes", "questions", "urls"):
                yield from value

    def _venue(self, slug: str) -> str:
        venue = self.programme.venue(slug)
        return f"{said(venue.name)}, {said(venue.city)}" if venue else ""


def _when(timing: dict[str, Any]) -> str:
    """“18–19 April 2018”, “July 2018, to be confirmed”; of what has hours the days and that it has them."""
    if timing["timing"] == "month":
        words = dates.month(date.fromisoformat(timing["month"]), language())
    elif timing["timing"] == "dated":
        words = _days(timing["starts_on"], timing["ends_on"])
    else:
        days = _days(timing["starts_at"][:10], timing["ends_at"][:10])
        words = f"{days} ({Session.Timing.TIMED.label})"
    doubts = timing["to_confirm"]
    if Session.Unconfirmed.SESSION in doubts:
        doubts = [Session.Unconfirmed.SESSION]  # that says it all
    separator = pgettext("between the items of a list", ", ")
    return separator.join([words, *(str(Session.Unconfirmed(one).label) for one in doubts)])


def _days(first: str, last: str) -> str:
    return dates.days(date.fromisoformat(first), date.fromisoformat(last), language())


def counts(paper: Paper) -> list[tuple[str, int]]:
    """How many of everything the paper has, for those who know what it should have."""
    roundtables = [roundtable for theme in paper.themes for roundtable in theme.roundtables]
    found: list[tuple[type[Model], int]] = [
        (Section, len(paper.sections)),
        (Theme, len(paper.themes)),
        (Roundtable, len(roundtables)),
        (ExpectedOutcome, sum(len(one.outcomes) for one in roundtables)),
        (GuidingQuestion, sum(len(one.questions) for one in roundtables)),
        (Reference, len(paper.footnotes)),
        (Workshop, sum(event.kind == "workshop" for event in paper.events)),
        (SideEvent, sum(event.kind == "side_event" for event in paper.events)),
    ]
    return [(capfirst(str(model._meta.verbose_name_plural)), number) for model, number in found]


def tally(upload: Import) -> list[tuple[str, int]]:
    """How many rows of each kind the import did something to."""
    rows = {(step["model"], step["key"]) for step in upload.applied}
    found = Counter(model for model, _key in rows)
    names = {model: capfirst(str(apps.get_model(model)._meta.verbose_name_plural)) for model in found}
    return sorted((names[model], number) for model, number in found.items())
