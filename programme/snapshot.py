"""The whole programme of a forum as one frozen value: what a release holds and a preview shows.

Every node carries the UUID of its row. Texts hold a value per language, without fallback: the
reader chooses and marks. Instants are aware, in UTC; `zone` names where they are shown.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

SCHEMA = 2

Text = dict[str, str]


class Node(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """Base of all nodes. `dict=True` only so that derived values can be cached."""


class PartyNode(Node, frozen=True, kw_only=True):
    code: str
    kind: str
    name: Text
    sort_key: Text = {}


class PersonNode(Node, frozen=True, kw_only=True):
    uuid: str
    honorific: str = ""
    given_name: str = ""
    family_name: str
    arabic_name: str = ""

    @property
    def name(self) -> str:
        return " ".join(filter(None, [self.honorific, self.given_name, self.family_name]))


class RoleNode(Node, frozen=True, kw_only=True):
    kind: str
    party: PartyNode | None = None
    person: PersonNode | None = None


class RoomNode(Node, frozen=True, kw_only=True):
    uuid: str
    slug: str
    name: Text
    capacity: int | None = None
    capacity_confirmed: bool = False


class VenueNode(Node, frozen=True, kw_only=True):
    slug: str
    name: Text
    city: Text
    zone: str
    address: Text = {}
    rooms: tuple[RoomNode, ...] = ()


class CommitmentNode(Node, frozen=True, kw_only=True):
    key: str
    kind: str
    instrument: str
    number: str = ""
    name: Text
    official: Text = {}


class ReferenceNode(Node, frozen=True, kw_only=True):
    uuid: str
    key: str
    number: int
    text: Text
    urls: tuple[str, ...] = ()


class ParagraphNode(Node, frozen=True, kw_only=True):
    """An expected outcome."""

    uuid: str
    text: Text


class QuestionNode(Node, frozen=True, kw_only=True):
    uuid: str
    text: Text
    commitments: tuple[str, ...] = ()


class PaperNode(Node, frozen=True, kw_only=True):
    """A background paper of a session in one language; versions of one paper have the same position.

    `digest` is that of the file and names it in the storage.
    """

    uuid: str
    position: int
    language: str
    title: str
    digest: str
    pages: int
    in_packs: bool = False


class SectionNode(Node, frozen=True, kw_only=True):
    uuid: str
    kind: str
    slug: str
    numeral: str = ""
    heading: Text
    body: Text
    commitments: tuple[str, ...] = ()


class ThemeNode(Node, frozen=True, kw_only=True):
    uuid: str
    number: int
    title: Text
    rationale: Text
    commitments: tuple[str, ...] = ()


class SessionNode(Node, frozen=True, kw_only=True):
    """One slot. Fields of a roundtable are empty for every other kind.

    `timing` is "timed" (starts_at, ends_at), "dated" (starts_on, ends_on, both included, perhaps
    day_part) or "month" (first of that month). `venue` and `room` are slugs.
    """

    uuid: str
    kind: str
    slug: str
    title: Text
    summary: Text = {}
    host: Text = {}
    parent: str = ""  # UUID of the session it is a part of
    position: int = 1
    venue: str = ""
    room: str = ""
    zone: str
    timing: str
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    day_part: str = ""
    month: date | None = None
    to_confirm: tuple[str, ...] = ()
    cancelled_at: datetime | None = None
    entry: str = ""
    entry_note: Text = {}
    media: str = ""
    record: str = ""
    floor_languages: tuple[str, ...] = ()
    interpretation: tuple[str, ...] = ()
    listed: bool = True
    roles: tuple[RoleNode, ...] = ()
    commitments: tuple[str, ...] = ()
    extra: Text = {}  # partners of a workshop, focus of a Common Space
    papers: tuple[PaperNode, ...] = ()
    # Roundtables
    theme: int | None = None
    number: str = ""
    outcomes: tuple[ParagraphNode, ...] = ()
    questions: tuple[QuestionNode, ...] = ()

    @property
    def is_cancelled(self) -> bool:
        return self.cancelled_at is not None

    @cached_property
    def local_start(self) -> datetime | None:
        return self.starts_at.astimezone(ZoneInfo(self.zone)) if self.starts_at else None

    @cached_property
    def local_end(self) -> datetime | None:
        return self.ends_at.astimezone(ZoneInfo(self.zone)) if self.ends_at else None

    @property
    def first_day(self) -> date | None:
        """The first local day; None when only the month is known."""
        return self.local_start.date() if self.local_start else self.starts_on

    @property
    def last_day(self) -> date | None:
        return self.local_end.date() if self.local_end else self.ends_on

    def is_on(self, day: date) -> bool:
        return bool(self.first_day and self.last_day and self.first_day <= day <= self.last_day)

    def roles_of(self, kind: str) -> tuple[RoleNode, ...]:
        return tuple(role for role in self.roles if role.kind == kind)

    @property
    def sort_key(self) -> tuple[Any, ...]:
        """By day, those with hours after those that fill the day, then hour and position."""
        parts = ["", "morning", "midday", "afternoon", "evening"]
        hours = {"": "", "morning": "09:00", "midday": "12:00", "afternoon": "14:00", "evening": "18:00"}
        start = self.local_start
        return (
            self.first_day or self.month or date.max,
            start.strftime("%H:%M") if start else hours[self.day_part],
            parts.index(self.day_part),
            self.position,
            self.number,
            self.uuid,
        )


class ForumNode(Node, frozen=True, kw_only=True):
    slug: str
    acronym: Text
    name: Text
    edition: Text
    title: Text
    overarching_theme: Text
    principles: Text = {}
    city: Text
    starts_on: date
    ends_on: date
    zone: str
    co_chairs: tuple[PartyNode, ...] = ()


class Programme(Node, frozen=True, kw_only=True):
    """The whole, with the look-ups that pages and prints ask for. Sessions are in order of time."""

    schema: int = 1  # what a snapshot that does not say it has
    forum: ForumNode
    venues: tuple[VenueNode, ...] = ()
    themes: tuple[ThemeNode, ...] = ()
    sessions: tuple[SessionNode, ...] = ()
    sections: tuple[SectionNode, ...] = ()
    references: tuple[ReferenceNode, ...] = ()
    commitments: tuple[CommitmentNode, ...] = ()

    @cached_property
    def listed(self) -> tuple[SessionNode, ...]:
        """The sessions that may stand in a public view."""
        return tuple(session for session in self.sessions if session.listed)

    @cached_property
    def by_uuid(self) -> dict[str, SessionNode]:
        return {session.uuid: session for session in self.sessions}

    @cached_property
    def by_slug(self) -> dict[str, SessionNode]:
        return {session.slug: session for session in self.sessions}

    @cached_property
    def roundtables(self) -> tuple[SessionNode, ...]:
        found = (session for session in self.listed if session.kind == "roundtable")
        return tuple(sorted(found, key=lambda session: session.number))

    def roundtable(self, number: str) -> SessionNode | None:
        return next((session for session in self.roundtables if session.number == number), None)

    def theme(self, number: int) -> ThemeNode | None:
        return next((theme for theme in self.themes if theme.number == number), None)

    @cached_property
    def _parts(self) -> dict[str, list[SessionNode]]:
        found = defaultdict(list)
        for session in self.listed:
            found[session.parent].append(session)
        return dict(found)

    def parts(self, session: SessionNode) -> tuple[SessionNode, ...]:
        return tuple(self._parts.get(session.uuid, ()))

    def venue(self, slug: str) -> VenueNode | None:
        return next((venue for venue in self.venues if venue.slug == slug), None)

    def place(self, session: SessionNode) -> tuple[VenueNode | None, RoomNode | None]:
        venue = self.venue(session.venue)
        room = next((room for room in venue.rooms if room.slug == session.room), None) if venue else None
        return venue, room

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Local days in the weeks around the summit that have a listed session, in order."""
        near = {
            session.first_day
            for session in self.listed
            if session.first_day and abs((session.first_day - self.forum.starts_on).days) <= 7
        }
        return tuple(sorted(near))

    def on(self, day: date) -> tuple[SessionNode, ...]:
        return tuple(session for session in self.listed if session.is_on(day))

    @cached_property
    def reference_numbers(self) -> dict[str, int]:
        return {reference.key: reference.number for reference in self.references}

    def committed(self, keys: tuple[str, ...]) -> tuple[CommitmentNode, ...]:
        wanted = set(keys)
        return tuple(commitment for commitment in self.commitments if commitment.key in wanted) if wanted else ()

    def encode(self) -> bytes:
        """Canonical bytes: the same programme always gives the same."""
        return msgspec.json.encode(self, order="deterministic")


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# From an older schema to the next: one small tested function per version.
LIFTS: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {
    1: lambda stored: {**stored, "schema": 2},  # sessions had no papers yet
}


def load(stored: dict[str, Any]) -> Programme:
    """Read a stored snapshot of any schema up to the current one.

    Raises `msgspec.ValidationError` when it is not one.
    """
    while (version := stored.get("schema", 1)) < SCHEMA:
        stored = LIFTS[version](stored)
    return msgspec.convert(stored, Programme)
