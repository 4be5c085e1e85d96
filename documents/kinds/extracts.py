"""What a print reads of a release: small frozen values, in the words of one language.

The digest of an extract decides whether a print is still current, so an extract holds exactly what
is shown, and no label of ours: a new translation of "Room" makes no print out of date.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import msgspec

from programme.snapshot import Programme, RoleNode, SessionNode, Text


class Extract(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    def encode(self) -> bytes:
        return msgspec.json.encode(self, order="deterministic")


class Wording(Extract, frozen=True, kw_only=True):
    """A text; `language` names its language when the print's own is missing."""

    text: str = ""
    language: str = ""


def wording(text: Text, language: str) -> Wording:
    if found := text.get(language):
        return Wording(text=found)
    fallback = text.get("en", "")
    return Wording(text=fallback, language="en" if fallback and language != "en" else "")


def untranslated(extract: Extract) -> int:
    """How many of its passages stand in English, because the language of the print lacks them."""
    found = 0
    for name in extract.__struct_fields__:
        value = getattr(extract, name)
        if name == "in_english":
            found += len(value)
        elif name == "language" or name.endswith("_language"):
            found += bool(value)
        else:
            parts = value if isinstance(value, tuple) else (value,)
            found += sum(untranslated(part) for part in parts if isinstance(part, Extract))
    return found


class ForumExtract(Extract, frozen=True, kw_only=True):
    slug: str
    acronym: str
    name: str
    edition: str
    title: str
    city: str
    starts_on: date
    ends_on: date
    zone: str


def forum_extract(programme: Programme, language: str) -> ForumExtract:
    forum = programme.forum
    return ForumExtract(
        slug=forum.slug,
        acronym=forum.acronym.get("en", ""),  # symbols are the same in all languages
        name=wording(forum.name, language).text,
        edition=wording(forum.edition, language).text,
        title=wording(forum.title, language).text,
        city=wording(forum.city, language).text,
        starts_on=forum.starts_on,
        ends_on=forum.ends_on,
        zone=forum.zone,
    )


class Holder(Extract, frozen=True, kw_only=True):
    role: str
    name: str
    language: str = ""  # of the name when the print's own is missing


class Slot(Extract, frozen=True, kw_only=True):
    """A session as it stands in a timetable. Instants are in UTC, `zone` is where they are shown.

    `in_english` are those of its fields that stand in English because the print's language lacks them.
    """

    uuid: str
    slug: str
    kind: str
    number: str = ""
    theme: int | None = None
    title: Wording
    host: str = ""
    parent: str = ""
    venue: str = ""
    city: str = ""
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
    entry_note: str = ""
    media: str = ""
    record: str = ""
    interpretation: tuple[str, ...] = ()
    in_english: tuple[str, ...] = ()

    @property
    def local_start(self) -> datetime | None:
        return self.starts_at.astimezone(ZoneInfo(self.zone)) if self.starts_at else None

    @property
    def local_end(self) -> datetime | None:
        return self.ends_at.astimezone(ZoneInfo(self.zone)) if self.ends_at else None

    @property
    def first_day(self) -> date | None:
        return self.local_start.date() if self.local_start else self.starts_on

    @property
    def last_day(self) -> date | None:
        return self.local_end.date() if self.local_end else self.ends_on


def slot(programme: Programme, session: SessionNode, language: str) -> Slot:
    venue, room = programme.place(session)
    names = {
        "host": session.host,
        "venue": venue.name if venue else {},
        "city": venue.city if venue else {},
        "room": room.name if room else {},
        "entry_note": session.entry_note,
    }
    found = {field: wording(text, language) for field, text in names.items()}
    return Slot(
        uuid=session.uuid,
        slug=session.slug,
        kind=session.kind,
        number=session.number,
        theme=session.theme,
        title=wording(session.title, language),
        host=found["host"].text,
        parent=session.parent,
        venue=found["venue"].text,
        city=found["city"].text,
        room=found["room"].text,
        zone=session.zone,
        timing=session.timing,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        starts_on=session.starts_on,
        ends_on=session.ends_on,
        day_part=session.day_part,
        month=session.month,
        to_confirm=session.to_confirm,
        cancelled_at=session.cancelled_at,
        entry=session.entry,
        entry_note=found["entry_note"].text,
        media=session.media,
        record=session.record,
        interpretation=session.interpretation,
        in_english=tuple(field for field, text in found.items() if text.language),
    )


# What is told of a session elsewhere. A personal programme hangs on who enters: what is open to all is on each.
NOT_IN_TIMETABLES = ("entry", "entry_note", "record", "interpretation")
NOT_IN_ITINERARIES = ("entry_note", "media", "record", "interpretation")


def without(place: Slot, *fields: str) -> Slot:
    """For a print that does not show these: a change of them leaves it alone."""
    blank = {field.name: field.default for field in msgspec.structs.fields(Slot) if field.name in fields}
    in_english = tuple(field for field in place.in_english if field not in fields)
    return msgspec.structs.replace(place, in_english=in_english, **blank)


def name_of(place: Slot) -> Slot:
    """For a print that shows neither when nor where it is."""
    return Slot(
        uuid=place.uuid,
        slug=place.slug,
        kind=place.kind,
        number=place.number,
        theme=place.theme,
        title=place.title,
        host=place.host,
        zone="",
        timing="",
        in_english=tuple(field for field in place.in_english if field == "host"),
    )


def holder(role: RoleNode, language: str) -> Holder:
    party = wording(role.party.name, language) if role.party else Wording()
    person = role.person.name if role.person else ""
    name = f"{person} ({party.text})" if person and party.text else person or party.text
    return Holder(role=role.kind, name=name, language=party.language)
