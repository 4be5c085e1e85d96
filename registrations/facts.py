"""What the rules look at, for many sessions and delegates at once. Reads only; the services ask under their locks."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from programme.models import PublishedSession

from .allowances import Allowance, places_of
from .models import Delegate, Delegation, Place, Registration, Seating, SeatingShare


@dataclass(frozen=True)
class Facts:
    taken: Mapping[tuple[int, str], int]  # seats, by seating and kind of place
    shares: Mapping[tuple[int, int], SeatingShare]  # by seating and category
    active: Mapping[tuple[int, int], Sequence[Registration]]  # by seating and delegation
    held: Mapping[int, Sequence[Registration]]  # by person, wherever it is

    def free(self, seating: Seating) -> dict[Place, int]:
        """Seats left of each kind, the table first."""
        return seating.left({place: self.taken.get((seating.pk, place), 0) for place in Place})

    def allowance(self, seating: Seating, delegation: Delegation) -> Allowance:
        share = self.shares.get((seating.pk, delegation.category_id), delegation.category)
        return Allowance(
            places=places_of(seating, share),
            active=tuple(self.active.get((seating.pk, delegation.pk), ())),
        )

    def in_the_way(self, delegate: Delegate, session: PublishedSession) -> Registration | None:
        """Another place of this person at the hours of `session`, for another delegation even in the same room."""
        hours = session.period
        if hours is None:
            return None
        here = (session.pk, delegate.pk)
        held = self.held.get(delegate.person_id, ())
        others = (one for one in held if (one.seating.session_id, one.delegate_id) != here)
        return next(
            (one for one in others if one.period.lower < hours.upper and hours.lower < one.period.upper),
            None,
        )


def gather(*, seatings: Collection[int], delegations: Collection[int], persons: Collection[int]) -> Facts:
    """Four queries, however many they are."""
    taken = Registration.objects.counted_in_seats().filter(seating__in=seatings).order_by()
    active: dict[tuple[int, int], list[Registration]] = defaultdict(list)
    for one in (
        Registration.objects.active()
        .filter(seating__in=seatings, delegation__in=delegations)
        .with_beyond_quota()
        .select_related("person", "reserved_for__person")
        .order_by("pk")
    ):
        active[one.seating_id, one.delegation_id].append(one)
    held: dict[int, list[Registration]] = defaultdict(list)
    for one in (
        Registration.objects.confirmed()
        .filter(person__in=persons, period__isnull=False)
        .select_related("seating__session__published")
        .order_by("period", "pk")
    ):
        held[one.person_id].append(one)
    return Facts(
        taken={
            (seating, place): n for seating, place, n in taken.values_list("seating", "place").annotate(n=Count("pk"))
        },
        shares={
            (share.seating_id, share.category_id): share for share in SeatingShare.objects.filter(seating__in=seatings)
        },
        active=active,
        held=held,
    )
