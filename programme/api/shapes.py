"""The answers, as the document of the interface describes them."""

from datetime import date, datetime

from ninja import Schema
from pydantic import Field

from .fields import (
    CommitmentKind,
    DayPart,
    Entry,
    Kind,
    Language,
    Media,
    Pages,
    Record,
    RoleKind,
    Texts,
    Timing,
    Unconfirmed,
)


class Party(Schema):
    """A State or an organisation."""

    code: str
    name: Texts


class Person(Schema):
    """Somebody who has a part in a session, by the name that the pages show."""

    name: str
    arabic_name: str | None


class Role(Schema):
    """Who does what in a session: a party, a person, or a person of a party."""

    kind: RoleKind
    party: Party | None
    person: Person | None


class Place(Schema):
    """Where it is. Without a room: somewhere in the house, or still open (`to_confirm`)."""

    venue: str
    venue_name: Texts
    city: Texts
    room: str | None
    room_name: Texts | None


class Slot(Schema):
    """When and where a session is. Which fields have a value is said by `timing`: "timed" has `starts_at` and
    `ends_at`; "dated" has `starts_on` and `ends_on`, both included, and perhaps `day_part`; "month" has `month`."""

    uuid: str = Field(description="Stays, whatever else changes.")
    slug: str
    kind: Kind
    number: str | None = Field(description="Of a roundtable, such as 2.2.")
    title: Texts
    timing: Timing
    starts_at: datetime | None
    ends_at: datetime | None
    starts_on: date | None
    ends_on: date | None
    day_part: DayPart | None
    month: str | None = Field(description="Such as 2018-07.")
    time_zone: str
    to_confirm: list[Unconfirmed]
    cancelled_at: datetime | None
    place: Place | None


class Outcome(Schema):
    uuid: str
    text: Texts
    references: list[int]


class Question(Schema):
    """A guiding question. On the page of its roundtable it is `#q` and its number."""

    uuid: str
    number: int
    text: Texts
    commitments: list[str]
    references: list[int]


class Paper(Schema):
    """A background paper, as a PDF file."""

    language: Language
    title: str
    pages: int
    file: str


class Session(Slot):
    """A session with all that its page shows. Outcomes and questions are those of roundtables."""

    url: str
    page: Pages
    theme: int | None
    part_of: str | None = Field(description="The slug of the session it is a part of.")
    summary: Texts
    host: Texts
    entry: Entry | None
    entry_note: Texts
    media: Media | None
    record: Record | None
    floor_languages: list[Language]
    interpretation: list[Language]
    roles: list[Role]
    commitments: list[str]
    references: list[int]
    outcomes: list[Outcome]
    questions: list[Question]
    papers: list[Paper]


class Theme(Schema):
    url: str
    page: Pages
    uuid: str
    number: int
    title: Texts
    rationale: Texts
    roundtables: list[str] = Field(description="Numbers of its roundtables.")
    commitments: list[str]
    references: list[int]


class Room(Schema):
    """A room in which something is held."""

    uuid: str
    slug: str
    name: Texts
    capacity: int | None = Field(description="Null while it is not confirmed.")
    venue: str
    venue_name: Texts
    city: Texts
    address: Texts
    time_zone: str


class Asked(Schema):
    roundtable: str
    question: int


class Commitment(Schema):
    """A place of an international instrument, and what in the programme serves it."""

    key: str
    kind: CommitmentKind
    instrument: str
    number: str | None
    name: Texts
    official: Texts
    themes: list[int]
    sessions: list[str]
    questions: list[Asked]


class Reference(Schema):
    """A footnote of the texts."""

    number: int
    text: Texts
    urls: list[str]


class Release(Schema):
    """A programme as it was published. It is never altered; the newest one in view is what all else shows."""

    url: str
    page: Pages
    number: int
    published_at: datetime
    note: str
    is_newest: bool
    changes: str | None = Field(description="What it changed, against the one before it.")


class Forum(Schema):
    url: str
    page: Pages
    slug: str
    is_current: bool
    release: int
    published_at: datetime
    acronym: Texts
    name: Texts
    edition: Texts
    title: Texts
    overarching_theme: Texts
    principles: Texts
    city: Texts
    starts_on: date
    ends_on: date
    time_zone: str
    co_chairs: list[Party]


class Change(Schema):
    """What changed for readers in one session. `before` is null when it was added, `after` when it was taken out."""

    verbs: list[str] = Field(description="added, removed, cancelled, restored, retimed, moved, reworded")
    before: Slot | None
    after: Slot | None


class Changes(Schema):
    """Changes of time, room and title, cancellations, and what came and went."""

    release: int
    since: int | None = Field(description="The release it is compared with; null for the first one.")
    published_at: datetime
    changes: list[Change]


class OneSession(Schema):
    release: int
    session: Session


class OneTheme(Schema):
    release: int
    theme: Theme


class Listing(Schema):
    """One page of a list."""

    release: int = Field(description="The number of the release that is shown.")
    count: int = Field(description="How many there are on all pages.")
    page: int
    pages: int
    next: str | None
    previous: str | None


class Sessions(Listing):
    items: list[Session]


class Themes(Listing):
    items: list[Theme]


class Rooms(Listing):
    items: list[Room]


class Commitments(Listing):
    items: list[Commitment]


class References(Listing):
    items: list[Reference]


class Releases(Listing):
    items: list[Release]


class Forums(Schema):
    items: list[Forum]


class Problem(Schema):
    """Why there is no answer (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
