"""What decides about one delegate at one session, read by one statement whose plan PostgreSQL keeps. Facts only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import islice
from typing import Any

from django.db import models

from people.models import Party, Person, User
from people.rows import Column, Statement, column, instance, relate, run, stored
from programme.models import PublishedSession
from schedule.models import Forum, Session

from .allowances import Allowance, active_of, places_of
from .models import Delegate, Delegation, DelegationCategory, Place, Seating, SeatingShare

# What `registrations_look` brings of each row, in its order; the rest is left to be fetched by those who ask for it
ROWS: Mapping[str, tuple[type[models.Model], str]] = {
    "seating": (Seating, "id session_id table_seats behind_seats observer_seats held_back opens_at closes_at"),
    "session": (
        PublishedSession,
        "forum_id session_id slug kind number title entry period starts_at ends_at cancelled_at zone",
    ),
    "delegate": (Delegate, "id person_id delegation_id starts_on ends_on state"),
    "delegation": (Delegation, "id forum_id party_id category_id"),
    "party": (Party, "id code short_name_en short_name_fr short_name_es short_name_ar"),
    "category": (
        DelegationCategory,
        "id is_government table_places behind_places observer_places places_are_kept open_kinds",
    ),
    "share": (SeatingShare, "id seating_id category_id table_places behind_places observer_places"),
    "person": (Person, "id honorific given_name family_name arabic_name erased_at"),
    "account": (User, "id email person_id language is_active"),
}
REST = ["forum_slug", "is_represented", "is_elsewhere", "is_waited_for", "taken", "is_locked", "seen"]


CHANGED = "40001"  # SQLSTATE


@dataclass(frozen=True)
class Case:
    """`session` is None when it is not in the programme, `is_elsewhere` when the hour is taken by another place."""

    seating: Seating
    session: PublishedSession | None
    delegate: Delegate
    allowed: Allowance
    free: Mapping[Place, int]  # seats left of each kind, the table first
    is_represented: bool  # the delegation holds a place there, or waits for one
    is_elsewhere: bool
    is_waited_for: bool
    is_locked: bool
    seen: int | None  # of one looked at with a lock in mind; another when what the look brings is another

    @property
    def is_plain(self) -> bool:
        """Nothing decides but what the look brings. Else more is to be read, which is sure only under the lock."""
        is_filled_first = self.is_waited_for and any(self.free.values())
        is_open = self.session and self.session.entry != Session.Entry.HEADS
        return bool(is_open and not (self.is_represented or self.is_elsewhere or is_filled_first))

    @property
    def still(self) -> Statement:
        """Locks the seating, and fails with `CHANGED` if the look would bring anything else now.

        That seats were taken meanwhile is nothing else, as long as there are still some left or still none.
        """
        return "SELECT registrations_still(%s, %s, %s)", [self.seating.pk, self.delegate.pk, self.seen]


class Lock(StrEnum):
    """Whether the seating is locked before anything is read."""

    NONE = ""
    FREE = "free"  # unless another holds the lock
    WAIT = "wait"


def look(*, seating: int, delegate: int, lock: Lock = Lock.NONE) -> Case:
    """The case as it stands."""
    with run("SELECT * FROM registrations_look(%s, %s, %s)", [seating, delegate, lock]) as cursor:
        row = cursor.fetchone()
    if row is None:
        raise Delegate.DoesNotExist(delegate)
    values = iter(row)
    rows: dict[str, Any] = {name: _row(*shape, values) for name, shape in _shapes().items()}
    found = dict(zip(REST, values, strict=True))
    return _case(rows, found)


def _case(rows: dict[str, Any], found: dict[str, Any]) -> Case:
    seating, delegate, delegation, person = rows["seating"], rows["delegate"], rows["delegation"], rows["person"]
    if session := rows["session"]:
        forum = stored(Forum, id=session.forum_id, slug=found["forum_slug"])
        of_seating = stored(Session, id=session.session_id, forum_id=forum.pk)
        relate(of_seating, forum=forum, published=session)
        relate(seating, session=of_seating)
        relate(session, session=of_seating)
    relate(delegation, category=rows["category"], party=rows["party"])
    relate(delegate, delegation=delegation, person=person)
    relate(person, user=rows["account"])
    if rows["account"]:
        relate(rows["account"], person=person)
    places = places_of(seating, rows["share"] or rows["category"])
    return Case(
        seating=seating,
        session=rows["session"],
        delegate=delegate,
        allowed=Allowance(places, active_of(seating, delegate) if found["is_represented"] else ()),
        free=seating.left(dict(zip(Place, found["taken"], strict=True))),
        is_represented=found["is_represented"],
        is_elsewhere=found["is_elsewhere"],
        is_waited_for=found["is_waited_for"],
        is_locked=found["is_locked"],
        seen=found["seen"],
    )


@cache
def _shapes() -> Mapping[str, tuple[type[models.Model], list[Column]]]:
    shapes = {}
    for name, (model, wanted) in ROWS.items():
        fields = {field.attname: field for field in model._meta.concrete_fields}
        shapes[name] = model, [column(fields[one]) for one in wanted.split()]
    return shapes


def _row(model: type[models.Model], columns: list[Column], values: Iterator[Any]) -> models.Model | None:
    """The next of `values` as an instance; None where there is no such row."""
    own = list(islice(values, len(columns)))
    return instance(model, columns, own) if own[0] is not None else None
