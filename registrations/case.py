"""What decides about one delegate at one session, read by one statement whose plan PostgreSQL keeps. Facts only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from django.db import models
from psycopg2.extras import DateTimeTZRange

from people.models import Party, Person, User
from people.rows import Columns, Statement, column, instance, read, relate, stored
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
REST = ["forum_slug", "is_represented", "is_elsewhere", "is_waited_for", "versions", "taken"]

LOOK = "SELECT * FROM registrations_look(%s, %s, %s)"
STILL = "SELECT registrations_still(%s, %s, %s, %s, %s, %s, %s)"
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
    versions: str  # of the rows; others when one of them was written meanwhile
    is_locked: bool

    @property
    def is_plain(self) -> bool:
        """Nothing decides but what the look brings. Else more is to be read, which is sure only under the lock."""
        is_filled_first = self.is_waited_for and any(self.free.values())
        is_open = self.session and self.session.entry != Session.Entry.HEADS
        return bool(is_open and not (self.is_represented or self.is_elsewhere or is_filled_first))

    def still(self, *, is_for_a_place: bool) -> Statement:
        """Locks the seating, and fails with `CHANGED` if the look would bring anything else now.

        That seats were taken meanwhile is nothing else, as long as there are still some left or still none. For a place
        neither they nor the hour are looked at again: constraints refuse a seat too many and two places at once.
        """
        facts: list[Any] = [self.versions, self.is_represented, self.is_waited_for]
        kept = [None, None] if is_for_a_place else [self.is_elsewhere, [left > 0 for left in self.free.values()]]
        return STILL, [self.seating.pk, self.delegate.pk, *facts, *kept]


def look(*, seating: int, delegate: int, locked: bool = False) -> Case:
    """The case as it stands; with the seating locked before anything is read."""
    with read(LOOK, [seating, delegate, locked]) as cursor:
        row = cursor.fetchone()
    if row is None:
        raise Delegate.DoesNotExist(delegate)
    rows: dict[str, Any] = {name: _row(*shape, row) for name, shape in _shapes().items()}
    found = dict(zip(REST, row[-len(REST) :], strict=True))
    return _case(rows, found, locked)


def _case(rows: dict[str, Any], found: dict[str, Any], locked: bool) -> Case:
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
        versions=found["versions"],
        is_locked=locked,
    )


@cache
def _shapes() -> Mapping[str, tuple[type[models.Model], Columns, slice]]:
    """And where the values of each row stand."""
    shapes, start = {}, 0
    for name, (model, wanted) in ROWS.items():
        fields = {field.attname: field for field in model._meta.concrete_fields}
        columns = [column(fields[one]) for one in wanted.split()]
        if name == "session":
            columns = [(one, _as_period if one == "period" else convert) for one, convert in columns]
        shapes[name] = model, Columns.of(columns), slice(start, start + len(columns))
        start += len(columns)
    return shapes


def _as_period(text: str | None, *_how: object) -> DateTimeTZRange | None:
    return None if text is None else _period(text)


@lru_cache(maxsize=1024)
def _period(text: str) -> DateTimeTZRange:
    """Of the few sessions there are many ask; the driver would read their hours anew for each."""
    ends = text[1:-1].replace('"', "").split(",")
    return DateTimeTZRange(*(datetime.fromisoformat(end) if end else None for end in ends))


def _row(model: type[models.Model], columns: Columns, at: slice, values: Sequence[Any]) -> models.Model | None:
    """As an instance; None where there is no such row."""
    own = values[at]
    return instance(model, columns, own) if own[0] is not None else None
