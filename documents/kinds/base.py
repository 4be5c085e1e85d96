"""What every kind of print says of itself. One module each; `documents.kinds` lists them."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from typing import Any, ClassVar, Generic, TypeVar

import msgspec
from django.core.files import File
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from programme.releases import Published
from programme.snapshot import Programme

from ..failures import Failure
from ..sheets import Ink, Sheet
from .extracts import Extract

E = TypeVar("E", bound=Extract)


@dataclass(frozen=True)
class Subject:
    """Something a kind can be printed of; `key` names it in rows, addresses and commands."""

    key: str
    label: str


@dataclass(frozen=True)
class Listed:
    """How a print stands in a tick list and on its separator sheet; `language` when it is not that of the list."""

    name: str
    party: str = ""
    function: str = ""
    language: str = ""


@dataclass(frozen=True)
class Tick:
    """A line of a tick list; `sheet` counts those of a file, `missing` says why a print is not there."""

    number: int
    name: str
    party: str = ""
    function: str = ""
    language: str = ""
    pages: int = 0
    sheet: int = 0
    missing: str = ""


@dataclass(frozen=True)
class Paper:
    """A print that goes into another one, named by what it is rather than by its row.

    With `listed` it is one among others that are handed out apart: behind a separator sheet. With an `extract` it shows
    that; else what the release says at its edition.
    """

    kind: str
    subject: str
    label: str
    listed: Listed | None = None
    extract: Extract | None = None


@dataclass(frozen=True)
class Attached:
    """A file that organisers have uploaded: a background paper of the session `subject`, in its own language."""

    subject: str
    label: str
    digest: str
    title: str
    language: str
    pages: int


@dataclass(frozen=True)
class Bound:
    """A paper as it stands in the pack: made, with its pages counted."""

    paper: Paper | Attached
    pages: int


class Audience(Enum):
    """Whom the prints of a kind are for. Staff may have each of them."""

    STAFF = auto()
    DELEGATE = auto()
    DELEGATION = auto()


class About(Enum):
    """What the subjects of a kind are, where one can tick them in a list of the administration."""

    SESSION = auto()
    ROOM = auto()


@dataclass(frozen=True)
class Marks:
    """What stands on every print: whose it is, which edition, and where to ask whether it holds.

    `edition_text` names the release, or for what shows the register alone the moment at which that was
    read; `register_text` is that moment, empty for a function of the release. Of an issued paper `date_text` is
    the day of the issue, and `only_text` names its languages where there are not all of them; what cannot be issued
    has no `status`.
    """

    title: str
    symbol: str
    distribution: str
    date_text: str
    original_language: str
    status: str
    edition_text: str
    verify_address: str
    verify_url: str
    qr: str
    forum_name: str
    forum_edition: str
    forum_place_dates: str
    register_text: str = ""
    draft_text: str = ""
    only_text: str = ""
    is_issued: bool = False
    sheet: Sheet = Sheet.A4
    ink: Ink = Ink.COLOUR


class Kind(ABC, Generic[E]):
    """A kind of print: what it can be made of, what it reads, and what its template is told.

    Everything it shows is in its extract, so that a print is a function of extract and edition.
    Texts are made in the language that is active. For a kind with an audience the subject is the UUID
    of the delegate or the delegation.
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    template: ClassVar[str]
    reads: ClassVar[type[Extract]]
    audience: ClassVar[Audience] = Audience.STAFF
    about: ClassVar[About | None] = None
    # Whether its last page is to be cut up, and so has a sheet of its own in a pack
    ends_in_cuttings: ClassVar[bool] = False
    # Whether a day cannot do without the prints of its own subjects: those that name it, and its sessions.
    daily: ClassVar[bool] = False
    sheets: ClassVar[tuple[Sheet, ...]] = (Sheet.A4,)
    # Style sheets of its own in documents/print, without their ending
    styles: ClassVar[tuple[str, ...]] = ()
    # Persons and places as they are when it is asked for: no function of the release alone.
    of_register: ClassVar[bool] = False
    # Whether sessions stand on it. What shows the register alone reads only the forum of a release.
    of_programme: ClassVar[bool] = True
    # Suffixes that also the first issue bears. Without any the first has none, and the next are revisions and the like.
    issued_as: ClassVar[tuple[str, ...]] = ()

    @property
    def missing(self) -> str:
        """Why there is nothing to print of a subject."""
        return _("There is no such session or day in the programme.")

    @abstractmethod
    def subjects(self, programme: Programme) -> list[Subject]:
        """All that it can be printed of. Empty for a kind whose subjects are searched for."""

    @abstractmethod
    def extract(self, published: Published, subject: str, language: str) -> E | None:
        """What the print shows of the release; None when there is no such subject."""

    def extracts(self, published: Published, subjects: Collection[str], language: str) -> dict[str, E]:
        """The same for many, in a number of queries that does not grow with them."""
        found = {subject: self.extract(published, subject, language) for subject in subjects}
        return {subject: extract for subject, extract in found.items() if extract is not None}

    def enter(self, published: Published, subject: str, now: datetime) -> None:
        """Put on record what has to be there before it is printed, within the transaction in which it is asked for."""
        return

    def readings(self, subject: str, extract: E) -> list[tuple[str, str]]:
        """Readers and subjects whose last change is the edition of this print."""
        return [(self.name, subject)] if not self.of_register else [("forum", "")]

    @abstractmethod
    def title(self, extract: E) -> str: ...

    def symbol(self, extract: E) -> str:
        return ""

    @abstractmethod
    def filename(self, subject: str, extract: E) -> str:
        """Without language and ending, and the same in each language as far as can be: see `naming`."""

    def listed(self, extract: E) -> Listed:
        """For runs of many."""
        return Listed(self.title(extract))

    def media(self, extract: E) -> Mapping[str, File]:
        """Files that the template shows as `media/<name>`."""
        return {}

    def refusal(self, extract: E) -> str:
        """Why it must not be printed and what to do about it, in a sentence; empty for what may."""
        return ""

    def printable(self, extract: E, unreadable: Collection[str]) -> E | Failure:
        """What of it can be printed when `unreadable` of its media are no pictures, or why nothing can."""
        return Failure.PHOTOGRAPH if unreadable else extract

    def pieces(self, extract: E) -> list[E]:
        """What is set apart and joined, for a print of so many pages that they would fill the memory."""
        return [extract]

    def papers(self, extract: E) -> Sequence[Paper | Attached]:
        """Prints and files that go behind this one."""
        return []

    @abstractmethod
    def context(self, extract: E, marks: Marks, papers: list[Bound]) -> dict[str, Any]: ...

    @abstractmethod
    def changes(self, old: E, new: E) -> list[str]:
        """What a holder of the old print should know, a short phrase each; nothing for what has no name here."""

    def changes_of_register(self, old: E, new: E) -> list[str]:
        """The same when the releases say of both the same."""
        return self.changes(old, new)

    def told(self, old: E, new: E) -> list[str]:
        """The changes, in general words at least."""
        return self.changes(old, new) or [_("names and headings")]

    def load(self, stored: Any) -> E:
        return msgspec.convert(stored, self.reads)  # type: ignore[return-value]


def series(acronym: str, starts_on: date, number: str) -> str:
    """The symbol of a paper, such as GFMD/2018/RT.2.2/1."""
    return f"{acronym}/{starts_on.year}/{number}"
