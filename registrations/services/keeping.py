"""Places that are kept: each delegation of such a category has its own from the start, “to be named”."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from programme.models import PublishedSession
from schedule.models import Forum

from .. import emails
from ..allowances import quota
from ..models import Delegation, Place, Registration, Seating
from ..rules import admits
from .filling import confirm, fill_locked
from .locks import lock, retried


@dataclass(frozen=True)
class Unkept:
    """Delegations that should have a place of this kind of their own, and for whom no seat is left."""

    seating: Seating
    place: Place
    delegations: tuple[Delegation, ...]


@dataclass(frozen=True)
class Arranged:
    """What no seat was left for, and who came off the waiting list."""

    unkept: list[Unkept]
    promoted: list[Registration]


@retried
@transaction.atomic
def arrange_places(*, forum: Forum, now: datetime) -> Arranged:
    """Give each delegation whose places are kept what it does not have yet, and then what is free to those who wait.

    To be called when limits, quotas or rules have changed. A place that a delegation released stays
    released. Who waits for a kept one of their own delegation gets it. Running twice does no harm.
    """
    seatings = lock(Seating.objects.filter(session__forum=forum).values_list("pk", flat=True))
    sessions = PublishedSession.objects.filter(forum=forum, cancelled_at=None).in_bulk()
    delegations = list(
        Delegation.objects.filter(forum=forum, category__places_are_kept=True)
        .select_related("category", "party")
        .order_by("category__position", "pk")
    )
    arranged = Arranged([], [])
    for seating in seatings:
        if session := sessions.get(seating.session_id):
            for place, lacking in _lacking(seating, session, delegations):
                promoted, without = _keep(seating, session, place, lacking, now)
                arranged.promoted.extend(promoted)
                if without:
                    arranged.unkept.append(Unkept(seating, place, tuple(without)))
    arranged.promoted.extend(fill_locked(seatings, now))
    return arranged


def _lacking(
    seating: Seating, session: PublishedSession, delegations: list[Delegation]
) -> Iterator[tuple[Place, list[Delegation]]]:
    """Kinds of place with the delegations that lack one of their own; once for each place they lack."""
    shares = {share.category_id: share for share in seating.shares.all()}
    had = Counter(
        Registration.objects.exclude(place="")
        .exclude(exceptions__beyond_quota=True)
        .filter(seating=seating)
        .order_by()
        .values_list("delegation", "place")
    )
    admitted = [delegation for delegation in delegations if admits(session, delegation.category)]
    for place in Place:
        lacking = []
        for delegation in admitted:
            share = shares.get(delegation.category_id, delegation.category)
            lacking += [delegation] * (quota(seating, share, place) - had[delegation.pk, place.value])
        yield place, lacking


def _keep(
    seating: Seating, session: PublishedSession, place: Place, lacking: list[Delegation], now: datetime
) -> tuple[list[Registration], list[Delegation]]:
    """Make places while seats are left; return the waiters who got one, and the delegations that go without."""
    left = seating.free_seats()[place]
    own = _waiters(seating, lacking)
    promoted, rows = [], []
    for delegation in lacking[:left]:
        waiter = own.pop(delegation.pk, None)
        if waiter and confirm(waiter, place, now):
            emails.promoted(waiter, session)
            promoted.append(waiter)
            continue
        rows.append(
            Registration(
                seating=seating,
                delegation=delegation,
                period=session.period,
                requested_at=now,
                status=Registration.Status.CONFIRMED,
                place=place,
                confirmed_at=now,
            )
        )
    Registration.objects.bulk_create(rows)
    return promoted, lacking[left:]


def _waiters(seating: Seating, lacking: list[Delegation]) -> dict[int, Registration]:
    """The first of each delegation who waits here and is nowhere else at this hour."""
    waiting = (
        Registration.objects.waiting()
        .filter(seating=seating, delegation__in=lacking)
        .without_overlap()
        .select_related("seating", "delegate__person__user", "delegate__delegation__party")
    )
    return {waiter.delegation_id: waiter for waiter in reversed(waiting)}
