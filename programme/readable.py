"""Changes as an organiser reads them: by session and field, times in their zone, rooms by name.

Values are plain text; templates escape them.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from people.foreign import in_language
from roundtables.models import ExpectedOutcome, GuidingQuestion
from schedule.models import LANGUAGE_CHOICES, BackgroundPaper, Forum, Role, Session, Venue
from themes.models import Commitment, Reference, Section, Theme

from . import dates
from .changes import renamed_places
from .compare import Change
from .reading import language, said
from .snapshot import Node, PaperNode, PartyNode, Programme, RoleNode, RoomNode, SessionNode

MODELS: dict[str, type[Model]] = {
    "session": Session,
    "forum": Forum,
    "theme": Theme,
    "section": Section,
    "reference": Reference,
    "commitment": Commitment,
    "venue": Venue,
}
NAMES = {"name": "short_name", "official": "official_name", "zone": "time_zone", "parent": "parent"}
LABELS = {
    "roles": gettext_lazy("roles"),
    "commitments": gettext_lazy("commitments"),
    "extra": gettext_lazy("partners or focus"),
    "rooms": gettext_lazy("rooms"),
    "co_chairs": gettext_lazy("co-chairs"),
    "questions": GuidingQuestion._meta.verbose_name,
    "papers": BackgroundPaper._meta.verbose_name_plural,
    "outcomes": ExpectedOutcome._meta.verbose_name,
}
LANGUAGES = dict(LANGUAGE_CHOICES)
CHOICES = {
    "kind": Session.Kind,
    "timing": Session.Timing,
    "day_part": Session.DayPart,
    "entry": Session.Entry,
    "media": Session.Media,
    "record": Session.Record,
}
LISTS: dict[str, dict[str, Any]] = {
    "to_confirm": dict(Session.Unconfirmed.choices),
    "floor_languages": LANGUAGES,
    "interpretation": LANGUAGES,
}
ROLES = dict(Role.Kind.choices)


@dataclass(frozen=True)
class Line:
    """One field: `old` struck, `new` marked; either may be empty. `language` is that of a text in four."""

    label: str
    old: str
    new: str
    is_public: bool = False
    language: str = ""

    @property
    def pieces(self) -> list[tuple[str, str]]:
        """Old and new word by word: ("same" | "old" | "new", text). Unlike values stand whole."""
        if not (self.old and self.new):
            return [("old", self.old)] * bool(self.old) + [("new", self.new)] * bool(self.new)
        before, after = (re.findall(r"\S+\s*", text) for text in (self.old, self.new))
        # A space is no word, and the last word none other for having none behind it; the end of a paragraph counts
        bare = [[word.rstrip(" ") for word in words] for words in (before, after)]
        matcher = SequenceMatcher(None, bare[0], bare[1], autojunk=False)
        if len(before) < 4 or matcher.quick_ratio() < 0.4 or matcher.ratio() < 0.4:
            return [("old", self.old), ("new", self.new)]
        found: list[tuple[str, str]] = []
        for tag, a, b, c, d in matcher.get_opcodes():
            was, now = "".join(before[a:b]), "".join(after[c:d])
            if tag == "equal":
                found.append(("same", now))
                continue
            found += [("old", was.rstrip(" "))] * (b > a) + [("new", now.rstrip(" "))] * (d > c)
            found += [("same", " ")] * (was + now).endswith(" ")
        return found


@dataclass(frozen=True)
class Subject:
    """All changes of one object. `uuid` is set for sessions: they can go out alone."""

    kind: str
    title: str
    uuid: str
    verbs: tuple[str, ...]
    lines: tuple[Line, ...]
    is_public: bool


def subjects(changes: Iterable[Change], old: Programme | None, new: Programme) -> list[Subject]:
    """The changes grouped by what changed, in the order in which `compare` gives them."""
    found = []
    renamed = {session.venue for session in renamed_places(old, new)} if old else set()
    for (kind, name), group in groupby(changes, key=lambda change: (change.kind, change.id)):
        own = list(group)
        lines = [line for change in own if change.field for line in _lines(change, old, new)]
        told = kind == "venue" and name in renamed
        if told:
            lines = [replace(line, is_public=True) for line in lines]
        found.append(
            Subject(
                kind=capfirst(str(MODELS[kind]._meta.verbose_name)),
                title=_title(own[0].node),
                uuid=name if kind == "session" else "",
                verbs=tuple(dict.fromkeys(str(change.verb.label) for change in own)),
                lines=tuple(lines),
                is_public=told or any(change.is_public for change in own),
            )
        )
    return found


def _title(node: Node) -> str:
    for field in ("title", "heading", "name", "text"):
        if text := getattr(node, field, None):
            number = getattr(node, "number", "") or getattr(node, "numeral", "")
            return f"{number} {said(text)}".strip()
    return str(getattr(node, "key", ""))


def _lines(change: Change, old: Programme | None, new: Programme) -> list[Line]:
    label, public = _label(change), change.is_public
    if change.field in ("questions", "outcomes"):
        return _numbered(change, label)
    before, after = change.old, change.new
    if isinstance(before, dict) or isinstance(after, dict):
        return _by_language(label, before or {}, after or {}, public)
    if change.field in ("roles", "rooms", "co_chairs", "papers"):
        return _one_by_one(label, [_words(node) for node in before or ()], [_words(node) for node in after or ()])
    was = old.by_uuid.get(change.id, change.node) if old else change.node
    return [
        Line(
            label, _value(change.field, before, was, old or new), _value(change.field, after, change.node, new), public
        )
    ]


def _label(change: Change) -> str:
    if change.field in LABELS:
        return capfirst(str(LABELS[change.field]))
    if change.kind == "session" and change.field == "zone":
        return capfirst(str(Venue._meta.get_field("time_zone").verbose_name))
    name = change.field if change.kind == "venue" else NAMES.get(change.field, change.field)
    model = MODELS[change.kind]
    known = {field.name: field for field in model._meta.get_fields()}
    field = known.get(name) or known.get(change.field)
    return capfirst(str(getattr(field, "verbose_name", change.field)))


def _numbered(change: Change, label: str) -> list[Line]:
    """A question or outcome: its number when that changed, its wording by language."""
    before, after = change.old or {}, change.new or {}
    label = f"{label} {change.within}"
    lines = []
    if before and after and before["position"] != after["position"]:
        lines.append(Line(_("%(what)s, number") % {"what": label}, str(before["position"]), str(after["position"])))
    lines += _by_language(label, before.get("text", {}), after.get("text", {}), public=False)
    was, now = (", ".join(side.get("commitments", ())) for side in (before, after))
    if was != now:
        lines.append(Line(_("%(what)s, commitments") % {"what": label}, was, now))
    return lines


def _by_language(label: str, before: dict[str, str], after: dict[str, str], public: bool) -> list[Line]:
    return [
        Line(
            in_language(label, code),
            before.get(code, ""),
            after.get(code, ""),
            public,
            code,
        )
        for code in LANGUAGES
        if before.get(code, "") != after.get(code, "")
    ]


def _one_by_one(label: str, before: Sequence[str], after: Sequence[str]) -> list[Line]:
    gone = [Line(label, one, "") for one in before if one not in after]
    come = [Line(label, "", one) for one in after if one not in before]
    return gone + come or [Line(label, "; ".join(before), "; ".join(after))]


def _words(node: Any) -> str:
    match node:
        case RoleNode():
            holder = node.person.name if node.person else ""
            party = said(node.party.name) if node.party else ""
            return (
                f"{ROLES.get(node.kind, node.kind)}: {f'{holder} ({party})' if holder and party else holder or party}"
            )
        case PaperNode():
            separator = pgettext("between the items of a list", ", ")
            about = [str(LANGUAGES[node.language]), node.digest[:8], *([_("in packs")] if node.in_packs else [])]
            return f"{node.title} ({separator.join(about)})"
        case RoomNode():
            seats = f" ({node.capacity})" if node.capacity else ""
            return f"{said(node.name)}{seats}"
        case PartyNode():
            return said(node.name)
    return str(node)


def _value(field: str, value: Any, node: Node, programme: Programme) -> str:
    if value in (None, "", ()):
        return ""
    if isinstance(node, SessionNode):
        if field == "venue":
            venue = programme.venue(value)
            return f"{said(venue.name)}, {said(venue.city)}" if venue else value
        if field == "room":
            room = programme.place(node)[1]
            return said(room.name) if room else value
        if field == "parent":
            parent = programme.by_uuid.get(value)
            return said(parent.title) if parent else value
        if isinstance(value, datetime):
            local = value.astimezone(ZoneInfo(node.zone))
            return f"{dates.day(local.date(), language(), year=True)}, {dates.clock(local)} ({dates.offset(local)})"
        if field == "month":
            return dates.month(value, language())
        if field in CHOICES:
            return str(CHOICES[field](value).label)
        if field in LISTS:
            return ", ".join(str(LISTS[field].get(one, one)) for one in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, date):
        return dates.day(value, language(), year=True)
    if isinstance(value, tuple):
        return ", ".join(str(one) for one in value)
    return str(value)
