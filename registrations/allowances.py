"""What one delegation may have at one session."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import models

from people.rows import prepared

from .models import Delegate, DelegationCategory, Place, Registration, Seating, SeatingShare


@dataclass(frozen=True)
class Allowance:
    """The places of one delegation at one session. Exceptions stand beside it."""

    places: Mapping[Place, int]
    active: tuple[Registration, ...]

    def of(self, delegate: Delegate) -> Registration | None:
        return next((one for one in self.active if one.delegate_id == delegate.pk), None)

    @property
    def unnamed(self) -> tuple[Registration, ...]:
        """Places of the delegation that are to be named."""
        return tuple(one for one in self.active if one.is_confirmed and one.delegate_id is None)

    def open_to(self, delegate: Delegate) -> tuple[Registration, ...]:
        """Places of the delegation in which this delegate may sit at once."""
        return tuple(one for one in self.unnamed if one.reserved_for_id in (None, delegate.pk))

    def to_be_named(self, delegate: Delegate) -> Registration | None:
        """The first of them."""
        return next(iter(self.open_to(delegate)), None)

    def left(self, place: Place) -> int:
        held = [one for one in self.active if one.place == place and not one.is_beyond_quota]
        return max(0, self.places[place] - len(held))

    @property
    def total(self) -> int:
        return sum(self.places.values())

    @property
    def used(self) -> int:
        """Places held or waited for."""
        return len([one for one in self.active if not one.is_beyond_quota])

    def takeable(self, free: Mapping[Place, int]) -> int:
        """How many more the delegation could take at once of the seats that are free."""
        seats = sum(min(self.left(place), free[place]) for place in Place)
        return max(0, min(seats, self.total - self.used))

    @property
    def is_used_up(self) -> bool:
        return self.used >= self.total


def allowance(seating: Seating, delegate: Delegate) -> Allowance:
    category = delegate.delegation.category
    share = seating.shares.filter(category=category).first() or category
    return Allowance(places_of(seating, share), active_of(seating, delegate))


def places_of(seating: Seating, share: SeatingShare | DelegationCategory) -> dict[Place, int]:
    """Places of each kind for one delegation."""
    return {place: quota(seating, share, place) for place in Place}


def active_of(seating: Seating, delegate: Delegate) -> tuple[Registration, ...]:
    """What the delegation holds and waits for at `seating`."""
    return tuple(_active(seating.pk, delegate.delegation_id))


@prepared
def _active(seating: int, delegation: int) -> models.QuerySet[Registration]:
    active = Registration.objects.active().filter(seating=seating, delegation=delegation)
    return active.with_beyond_quota().order_by("pk")


def quota(seating: Seating, share: SeatingShare | DelegationCategory, place: Place) -> int:
    """Places of one kind for one delegation; none where no such seat stands."""
    return getattr(share, f"{place}_places") if getattr(seating, f"{place}_seats") else 0
