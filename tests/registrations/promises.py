"""What this room promises about seats, asked of the rows themselves and not of the services that made them."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from django.db import connection
from post_office.models import Email

from programme.models import PublishedSession
from registrations import rules
from registrations.models import Delegate, Delegation, DelegationHead, Place, Registration, Seating, SeatingShare
from schedule.models import Forum, Session

MAILS = {
    "Your place is confirmed": "confirmed",
    "A place has become free": "promoted",
    "You are on the waiting list": "waitlisted",
    "You are accredited": "accredited",
    "Changed:": "changed",
}


@dataclass(frozen=True)
class World:
    """Everything about the seats of a forum at one moment."""

    seatings: dict[int, Seating]
    sessions: dict[int, PublishedSession]
    shares: dict[tuple[int, int], SeatingShare]
    rows: dict[int, Registration]
    delegations: tuple[Delegation, ...]
    delegates: tuple[Delegate, ...]
    heads: tuple[DelegationHead, ...]
    mails: Counter[tuple[str, str]]

    @classmethod
    def read(cls, forum: Forum) -> "World":
        connection.check_constraints()  # those that wait for the end of the transaction
        rows = Registration.objects.filter(seating__session__forum=forum).select_related(
            "seating__session__forum", "seating__session__venue",
            "person", "delegate__person__user", "delegate__delegation__category", "delegate__delegation__party",
            "delegation__category", "reserved_for",
        )  # fmt: skip
        return cls(
            seatings={seating.pk: seating for seating in Seating.objects.filter(session__forum=forum).order_by("pk")},
            sessions=PublishedSession.objects.filter(forum=forum).in_bulk(),
            shares={(share.seating_id, share.category_id): share for share in SeatingShare.objects.order_by("pk")},
            rows={row.pk: row for row in rows.prefetch_related("exceptions").order_by("pk")},
            delegations=tuple(Delegation.objects.filter(forum=forum).select_related("category").order_by("pk")),
            delegates=tuple(Delegate.objects.filter(delegation__forum=forum).select_related("person").order_by("pk")),
            heads=tuple(DelegationHead.objects.filter(delegation__forum=forum).order_by("pk")),
            mails=Counter((mail.to[0], _kind(mail.subject)) for mail in Email.objects.only("to", "subject")),
        )

    @property
    def active(self) -> list[Registration]:
        return [row for row in self.rows.values() if row.status != "released"]

    @property
    def confirmed(self) -> list[Registration]:
        return [row for row in self.active if row.is_confirmed]

    @property
    def waiting(self) -> list[Registration]:
        return [row for row in self.active if row.is_waiting]

    def facts(self) -> object:
        """What must be the same after a refusal."""
        rows = [(row.pk, row.status, row.place, row.delegate_id, row.reserved_for_id, row.overlap, str(row.period),
                 row.exceptions.all().count()) for row in self.rows.values()]  # fmt: skip
        seats = [(one.pk, one.table_seats, one.behind_seats, one.observer_seats, one.held_back)
                 for one in self.seatings.values()]  # fmt: skip
        return rows, seats, [(head.pk, head.delegate_id, str(head.period)) for head in self.heads], self.mails

    # Seats and quotas

    def quota(self, seating: Seating, delegation: Delegation, place: str) -> int:
        share = self.shares.get((seating.pk, delegation.category_id), delegation.category)
        return getattr(share, f"{place}_places")

    def free(self, seating: Seating, place: str) -> int:
        taken = [row for row in self.confirmed if row.seating_id == seating.pk and row.place == place]
        return seating.limit(place) - len([row for row in taken if not beyond(row, "seats")])

    def held(self, seating: Seating, delegation: int, place: str) -> list[Registration]:
        return [
            row
            for row in self.confirmed
            if (row.seating_id, row.delegation_id, row.place) == (seating.pk, delegation, place)
            and not beyond(row, "quota")
        ]

    def may_have(self, waiter: Registration, place: str, without: Registration | None = None) -> bool:
        """Whether a free seat of this kind could be the waiter's; as if `without` were not there."""
        seating, session = self.seatings[waiter.seating_id], self.sessions.get(waiter.seating.session_id)
        if session is None or session.cancelled_at or not getattr(seating, f"{place}_seats"):
            return False
        held = [row for row in self.held(seating, waiter.delegation_id, place) if row != without]
        if len(held) >= self.quota(seating, waiter.delegation, place):
            return False
        if any(overlap(row, waiter) for row in self.confirmed if row not in (waiter, without)):
            return False
        assert waiter.delegate
        return not any(rules.admission(session, waiter.delegate))


def _kind(subject: str) -> str:
    return next((kind for start, kind in MAILS.items() if subject.startswith(start)), "other")


def beyond(row: Registration, what: str) -> bool:
    return any(getattr(exception, f"beyond_{what}") for exception in row.exceptions.all())


def overlap(one: Registration, other: Registration) -> bool:
    return bool(
        one.person_id
        and one.person_id == other.person_id
        and one.period
        and other.period
        and one.period.lower < other.period.upper
        and other.period.lower < one.period.upper
    )


# What holds at every moment


def broken_promises(world: World) -> list[str]:
    return [line for promise in PROMISES for line in promise(world)]


def never_oversold(world: World) -> Iterator[str]:
    for seating in world.seatings.values():
        for place in Place.values:
            if world.free(seating, place) < 0:
                yield f"{seating} is oversold, {place}"


def never_over_quota(world: World) -> Iterator[str]:
    for seating in world.seatings.values():
        for delegation in world.delegations:
            for place in Place.values:
                if len(world.held(seating, delegation.pk, place)) > world.quota(seating, delegation, place):
                    yield f"{delegation} has too many places in {seating}, {place}"


def one_place_at_a_time(world: World) -> Iterator[str]:
    """Only marked places overlap, and only places that overlap bear the mark of a release."""
    overlapping: set[int] = set()
    of_person: dict[int, list[Registration]] = {}
    for row in world.confirmed:
        if row.person_id:
            of_person.setdefault(row.person_id, []).append(row)
    for rows in of_person.values():
        for one, other in combinations(rows, 2):
            if overlap(one, other):
                overlapping |= {one.pk, other.pk}
                if not (one.overlap or other.overlap):
                    yield f"{one.delegate} is in two places at once: {one.seating} and {other.seating}"
    for row in world.confirmed:
        if row.overlap == "release" and row.pk not in overlapping:
            yield f"{row.delegate} is marked in {row.seating} and overlaps nothing"


def one_active_each(world: World) -> Iterator[str]:
    for (seating, delegate), times in Counter((row.seating_id, row.delegate_id) for row in world.active).items():
        if delegate and times > 1:
            yield f"delegate {delegate} has {times} rows in seating {seating}"


def only_the_accredited(world: World) -> Iterator[str]:
    for row in world.active:
        if row.delegate and row.delegate.state != Delegate.State.ACCREDITED and not row.attended_at:
            yield f"{row.delegate} is {row.delegate.state} and has a place in {row.seating}"
        if row.reserved_for and not row.reserved_for.is_present:
            yield f"a place in {row.seating} is reserved for {row.reserved_for}, who left"
        if row.is_waiting and row.delegate is None:
            yield f"nobody waits in {row.seating}, yet there is a row"


def hours_are_the_published(world: World) -> Iterator[str]:
    for row in world.active:
        session = world.sessions.get(row.seating.session_id)
        if row.period != (session.period if session else None):
            yield f"row {row.pk} in {row.seating} has the hours {row.period}"


def free_seats_go_to_who_waits(world: World) -> Iterator[str]:
    seats = {
        (pk, place): world.free(seating, place) for pk, seating in world.seatings.items() for place in Place.values
    }
    for waiter in world.waiting:
        for place in Place.values:
            if seats[waiter.seating_id, place] > 0 and world.may_have(waiter, place):
                yield f"{waiter.delegate} waits in {waiter.seating} while a seat is free, {place}"


def one_head_at_a_time(world: World) -> Iterator[str]:
    for one, other in combinations(world.heads, 2):
        if (
            one.delegation_id == other.delegation_id
            and _begins_before_end(one, other)
            and _begins_before_end(other, one)
        ):
            yield f"delegation {one.delegation_id} has two heads at once"


def _begins_before_end(one: DelegationHead, other: DelegationHead) -> bool:
    return one.period.lower is None or other.period.upper is None or one.period.lower < other.period.upper


def the_erased_are_gone(world: World) -> Iterator[str]:
    """Out of the delegations, out of what is to come, and nothing personal has come back since."""
    for delegate in world.delegates:
        person = delegate.person
        if not person.erased_at:
            continue
        if delegate.is_present:
            yield f"person {person.pk} is erased and {delegate.state} in {delegate.delegation_id}"
        if any((person.given_name, person.family_name, person.arabic_name, person.honorific, person.photograph)):
            yield f"person {person.pk} is erased and has a name or a face"
        if any((delegate.function, delegate.needs, delegate.languages, delegate.starts_on, delegate.ends_on)):
            yield f"person {person.pk} is erased, and their entry {delegate.pk} is not"
    for row in world.active:
        if row.person and row.person.erased_at and not row.attended_at:
            yield f"person {row.person_id} is erased and has the row {row.pk}"


PROMISES = [
    never_oversold,
    never_over_quota,
    one_place_at_a_time,
    one_active_each,
    only_the_accredited,
    hours_are_the_published,
    free_seats_go_to_who_waits,
    one_head_at_a_time,
    the_erased_are_gone,
]


# What holds from one moment to the next


def lost(
    before: World,
    after: World,
    *,
    given_up: Collection[int],
    left: Collection[int],
    joined: Mapping[int, int] | None = None,
) -> Iterator[str]:
    """Places that somebody lost though the act does not say so.

    `given_up` are released, `left` to be named; `joined` leads from a delegate to the one they are now.
    """
    for pk, old in before.rows.items():
        new = after.rows[pk]
        if old.status == "released":
            if new.status != "released":
                yield f"{pk} was released and is {new.status}"
        elif new.status == "released":
            if pk not in given_up:
                yield f"{old.delegate or 'nobody'} lost the row {pk} in {old.seating}"
        elif old.is_confirmed and (not new.is_confirmed or new.place != old.place):
            yield f"{pk} was confirmed {old.place} and is {new.status} {new.place}"
        elif (
            old.delegate_id
            and new.delegate_id != (joined or {}).get(old.delegate_id, old.delegate_id)
            and (new.delegate_id or pk not in left)
        ):
            yield f"{old.delegate} lost the place {pk} in {old.seating}"
        if old.attended_at and new.attended_at and (new.status, new.delegate_id) != (old.status, old.delegate_id):
            yield f"{old.delegate} was there, and {pk} says so no longer"


def overtaken(before: World, after: World, *, by_hand: Iterable[Registration | None]) -> Iterator[str]:
    """Those who wait on while somebody behind them got a seat that could have been theirs."""
    exempt = {row.pk for row in by_hand if row}
    for row in after.confirmed:
        old = before.rows.get(row.pk)
        if (old and old.is_confirmed) or row.pk in exempt:
            continue
        for waiter in after.waiting:
            if waiter.seating_id == row.seating_id and waiter.pk < row.pk and after.may_have(waiter, row.place, row):
                yield f"{waiter.delegate} was passed by {row.delegate} in {row.seating}"


def unkept(world: World) -> Iterator[str]:
    """Kept places that could be there and were never given. Released ones count as had."""
    had = Counter(
        (row.seating_id, row.delegation_id, row.place) for row in world.rows.values() if not beyond(row, "quota")
    )
    for seating in world.seatings.values():
        session = world.sessions.get(seating.session_id)
        if session is None or session.cancelled_at or session.entry == Session.Entry.INVITATION:
            continue
        for delegation in world.delegations:
            category = delegation.category
            if not category.places_are_kept:
                continue
            for place in Place.values:
                lacks = world.quota(seating, delegation, place) - had[seating.pk, delegation.pk, place]
                if lacks > 0 and world.free(seating, place) > 0:
                    yield f"{delegation} lacks a kept place in {seating}, {place}"


def mails_due(before: World, after: World, *, granted: Registration | None = None) -> Counter[tuple[str, str]]:
    """One mail for each place that somebody got, or began to wait for."""
    due: Counter[tuple[str, str]] = Counter()
    for row in after.active:
        old, user = before.rows.get(row.pk), getattr(row.delegate and row.delegate.person, "user", None)
        if user is None:
            continue
        if row.is_waiting:
            kind = "" if old else "waitlisted"
        elif old and old.is_waiting:
            kind = "confirmed" if row == granted else "promoted"
        else:
            kind = "confirmed" if old is None or old.delegate_id is None else ""
        if kind:
            due[user.email, kind] += 1
    return due
