"""What lies between a concept paper and the tables, as values: the comparison makes them, the other steps read them."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from .tree import Unplaced


class NotThisForum(Exception):
    """The paper is that of another forum; the sentence says by what that was seen."""


class Verb(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    MISSING = "missing"  # from the paper
    MOVED = "moved"
    LINKED = "linked"  # suggested: a commitment that a text cites


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change that can be chosen by itself. All values are plain JSON.

    `object` is the UUID of the row ("" for a new one), `within` that of the roundtable it belongs to,
    `number` what readers know it by ("1.2", "IV", "3"). `new` of an added object holds its fields.
    `line` is 0 for what the paper does not have.
    """

    verb: Verb
    kind: str
    object: str = ""
    field: str = ""
    within: str = ""
    number: str = ""
    title: str = ""
    old: Any = None
    new: Any = None
    line: int = 0

    @cached_property
    def id(self) -> str:
        """The same for the same change, whenever it is found; another one once the row was edited."""
        said = [self.verb, self.kind, self.object, self.field, self.within, self.number, self.title, self.old, self.new]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:20]

    @property
    def is_ticked(self) -> bool:
        """Offered as chosen. What takes something away, and links, are for the organiser to tick."""
        return self.makes_whole and self.verb is not Verb.MISSING

    @property
    def makes_whole(self) -> bool:
        """Needed for the tables to say what the paper says: all but links, and days where there are hours."""
        return self.verb is not Verb.LINKED and not (self.field == "timing" and self.old["timing"] == "timed")


@dataclass(frozen=True, kw_only=True)
class Absent:
    """An object of the forum that the paper does not have. It is reported only: nothing takes it away."""

    kind: str
    number: str = ""
    title: str = ""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """`orders` gives, for each list that has places, the UUIDs and ids of changes in the order of the paper."""

    language: str
    changes: tuple[Change, ...] = ()
    absent: tuple[Absent, ...] = ()
    unplaced: tuple[Unplaced, ...] = ()
    orders: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
