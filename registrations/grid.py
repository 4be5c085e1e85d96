"""The places of one delegation: its delegates × the sessions of the release that are open to registration.

All is worked out from a fixed number of queries, to show it; what is asked for is decided by the services. Of many
delegates only those who have or await a place stand side by side; each session lists whom it could have besides.
"""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from programme.models import PublishedSession
from programme.releases import Published
from programme.slots import Slot, slots

from . import rules
from .allowances import Allowance
from .facts import Facts, gather
from .models import Delegate, Delegation, Place, Registration, Seating
from .problems import Code, Problem

MANY = 12  # delegates that stand side by side, whether they have places or not

SEAT = {
    Place.TABLE: gettext_lazy("Seat at the table"),
    Place.BEHIND: gettext_lazy("Seat behind it"),
    Place.OBSERVER: gettext_lazy("Seat as observer"),
}


@dataclass(frozen=True)
class Act:
    """What can be done in a cell: `take` a place of the session, `name` for a place, or `out` of one."""

    verb: str
    subject: UUID  # of the session, or of the place
    words: str


@dataclass(frozen=True)
class Cell:
    """One delegate at one session. `problem` says why there is no place, or none yet."""

    seating: int
    delegate: Delegate
    registration: Registration | None
    problem: Problem | None
    acts: tuple[Act, ...]

    @property
    def key(self) -> str:
        return key(self.seating, self.delegate)

    @property
    def ways_in(self) -> tuple[Act, ...]:
        return tuple(act for act in self.acts if act.verb != "out")

    @property
    def state(self) -> tuple[object, ...]:
        one = self.registration
        held = (one.status, one.place, one.overlap) if one else ()
        return (self.key, *held, str(self.problem or ""), *((act.verb, str(act.subject)) for act in self.acts))


@dataclass(frozen=True)
class Row:
    """One session. `shut` says why nobody of the delegation can take a place there now."""

    delegation: Delegation
    slot: Slot
    session: PublishedSession
    seating: Seating
    allowance: Allowance
    free: dict[Place, int]
    shut: Problem | None
    cells: tuple[Cell, ...] = ()
    shown: tuple[Cell, ...] = ()

    @property
    def key(self) -> str:
        return row_key(self.seating.pk)

    @property
    def choice(self) -> list[tuple[str, list[tuple[str, Delegate]]]]:
        """Whom the session could have, under the words for the seat: what the choice would ask for, and for whom."""
        found: dict[str, list[tuple[str, Delegate]]] = {}
        for cell in self.cells:
            for act in cell.ways_in:
                asked = f"{act.verb} {act.subject} {cell.delegate.uuid}"
                found.setdefault(act.words, []).append((asked, cell.delegate))
        return list(found.items())

    @property
    def choice_key(self) -> str:
        """Differs whenever there is another choice."""
        return f"o{self.seating.pk}-{_digest([(words, [asked for asked, _who in who]) for words, who in self.choice])}"

    @property
    def left(self) -> int:
        """Places that can be given now: those to be named, and what could be taken of the seats that are free."""
        unnamed = [one for one in self.allowance.unnamed if not one.is_beyond_quota]
        return len(unnamed) + self.allowance.takeable(self.free)

    @property
    def used_up(self) -> Problem | None:
        """Why no place is left to give: who has those of the delegation, or that the seats are taken."""
        if self.shut or self.left:
            return None
        if self.allowance.is_used_up:
            return rules.at_quota(self.delegation, self.allowance)
        return rules.all_taken(self.delegation)

    @property
    def seats(self) -> list[str]:
        """What is free, for each kind of seat that there is."""
        words = {
            Place.TABLE: lambda n: ngettext("{n} seat free at the table", "{n} seats free at the table", n),
            Place.BEHIND: lambda n: ngettext("{n} seat free behind the table", "{n} seats free behind the table", n),
            Place.OBSERVER: lambda n: ngettext("{n} observers’ seat free", "{n} observers’ seats free", n),
        }
        there = [place for place in Place if self.seating.limit(place)]
        return [words[place](self.free[place]).format(n=self.free[place]) for place in there]

    @property
    def state(self) -> tuple[object, ...]:
        unnamed = [(one.pk, one.reserved_for_id) for one in self.allowance.unnamed]
        return (
            self.session.pk,
            str(self.shut or self.used_up or ""),
            self.left,
            *self.seats,
            unnamed,
            *(one.state for one in self.cells),
        )


@dataclass(frozen=True)
class Day:
    day: date | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Grid:
    """`delegates` are those who stand side by side."""

    delegation: Delegation
    members: tuple[Delegate, ...]
    delegates: tuple[Delegate, ...]
    days: tuple[Day, ...]

    @property
    def has_many(self) -> bool:
        return len(self.members) > MANY

    @property
    def seen(self) -> str:
        """Differs whenever the grid reads otherwise."""
        rows = [row.state for day in self.days for row in day.rows]
        return _digest((rows, [one.pk for one in self.delegates]))


def _digest(state: object) -> str:
    return f"{zlib.crc32(repr(state).encode()):08x}"


def key(seating: int, delegate: Delegate) -> str:
    """Where the cell is on the page."""
    return f"c{seating}-{delegate.pk}"


def row_key(seating: int) -> str:
    return f"s{seating}"


def grid(*, delegation: Delegation, release: Published | None, now: datetime, beside: str = "") -> Grid:
    """`beside` is the key of a cell that is shown whoever is in it."""
    members = tuple(
        Delegate.objects.present().filter(delegation=delegation).select_related("person").prefetch_related("headships")
    )
    for delegate in members:
        delegate.delegation = delegation
    open_here = Seating.objects.filter(
        session__published__forum=delegation.forum_id, session__published__listed=True
    ).select_related("session__published")
    seatings = {str(seating.session.uuid): seating for seating in open_here}
    facts = gather(
        seatings={seating.pk for seating in seatings.values()},
        delegations={delegation.pk},
        persons={delegate.person_id for delegate in members},
    )
    nodes = [node for node in release.programme.sessions if node.uuid in seatings] if release else []
    rows = [
        _row(slot, seatings[slot.session.uuid], delegation, members, facts, now)
        for slot in (slots(release, sorted(nodes, key=lambda node: node.sort_key)) if release else [])
    ]
    placed = {cell.delegate.pk for row in rows for cell in row.cells if cell.registration or cell.key == beside}
    delegates = tuple(one for one in members if len(members) <= MANY or one.pk in placed)
    of_day: dict[date | None, list[Row]] = {}
    for row in rows:
        shown = tuple(cell for cell in row.cells if cell.delegate in delegates)
        of_day.setdefault(row.slot.session.first_day, []).append(replace(row, shown=shown))
    return Grid(delegation, members, delegates, tuple(Day(day, tuple(rows)) for day, rows in of_day.items()))


def _row(
    slot: Slot, seating: Seating, delegation: Delegation, delegates: tuple[Delegate, ...], facts: Facts, now: datetime
) -> Row:
    session = seating.session.published
    shut = rules.closed_to(session, delegation) or next(rules.of_session(seating, session, now), None)
    row = Row(delegation, slot, session, seating, facts.allowance(seating, delegation), facts.free(seating), shut)
    return replace(row, cells=tuple(_cell(row, delegate, facts) for delegate in delegates))


def _cell(row: Row, delegate: Delegate, facts: Facts) -> Cell:
    registration = row.allowance.of(delegate)
    acts: tuple[Act, ...]
    if registration and registration.is_confirmed:
        acts = () if registration.attended_at else (Act("out", registration.uuid, _("Take out")),)
        return Cell(row.seating.pk, delegate, registration, None, acts)
    problem = row.shut or next(_problems(row, delegate, facts), None)
    acts = () if problem else tuple(_places(row, delegate, waits=registration is not None))
    if registration:
        registration.delegation, registration.seating = delegate.delegation, row.seating
        held_by = rules.of_another(rules.why_waiting(registration, delegate, facts))
        leave = Act("out", registration.uuid, _("Take off the list"))
        return Cell(row.seating.pk, delegate, registration, held_by, (*acts, leave))
    if not acts and not problem:
        problem = Problem(Code.AT_QUOTA, _("No place left."))
    return Cell(row.seating.pk, delegate, None, problem, acts)


def _problems(row: Row, delegate: Delegate, facts: Facts) -> Iterator[Problem]:
    """As `rules.problems` has them, without a query."""
    for problem in (*rules.admission(row.session, delegate), *rules.accreditation(delegate)):
        yield rules.of_another(problem)
    if other := facts.in_the_way(delegate, row.session):
        yield rules.of_another(rules.slot_taken(other.published))


def _places(row: Row, delegate: Delegate, *, waits: bool) -> Iterator[Act]:
    """Those to be named, one of each kind; else one of the session, or a turn on its waiting list."""
    unnamed = {Place(one.place): one for one in reversed(row.allowance.open_to(delegate))}
    yield from (Act("name", unnamed[place].uuid, str(SEAT[place])) for place in Place if place in unnamed)
    if unnamed or waits or row.allowance.is_used_up:
        return
    place = next((place for place, left in row.free.items() if left and row.allowance.left(place)), None)
    yield Act("take", row.session.session.uuid, str(SEAT[place]) if place else _("Put on the waiting list"))
