"""The locks of this room, and what is done when two wait for each other."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection

from people.rows import insert, together

from .. import rules
from ..case import CHANGED, Case
from ..models import Delegate, Delegation, Registration, Seating
from ..problems import RegistrationRefused

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 4
DEADLOCK = "40P01"
ONE_PLACE_AT_A_TIME = "person_is_in_one_place_at_a_time"
NEVER_OVERSOLD = "seating_is_never_oversold"


class HourLost(Exception):
    """The same person was given a place at this hour in the same moment: the database refused the second."""

    def __init__(self, person: int, period: Any):
        self.person, self.period = person, period


class Overtaken(Exception):
    """What was decided before the lock would be decided otherwise under it."""


def lock(ids: Iterable[int]) -> list[Seating]:
    """Lock seatings, always in the order of their ids, and return them as they are now.

    Everything that could matter under the lock is read after this. The lock lets foreign keys be
    checked meanwhile.
    """
    return list(
        Seating.objects.select_for_update(no_key=True, of=("self",))
        .select_related("session__forum", "session__venue")
        .filter(pk__in=set(ids))
        .order_by("pk")
    )


def lock_delegates(ids: Iterable[int]) -> None:
    """Lock delegates, then their delegations: before seatings, where many change at once."""
    rows = Delegate.objects.select_for_update(no_key=True).filter(pk__in=set(ids)).order_by("pk")
    delegations = {delegate.delegation_id for delegate in rows.only("pk", "delegation_id")}
    list(Delegation.objects.select_for_update(no_key=True).filter(pk__in=delegations).order_by("pk").values_list("pk"))


@contextmanager
def saved(registration: Registration, case: Case | None = None) -> Iterator[None]:
    """Writes a registration; a new one by one message with the mails of the block, which is a transaction by itself.

    `case` is what was decided upon. Where it is not locked it is now: raises `Overtaken` if it is another by then.
    Raises `HourLost`, of which `retried` makes a refusal. After either the transaction is to be rolled back.
    """
    ahead = None
    if case and not case.is_locked:
        ahead = case.still(is_for_a_place=registration.is_confirmed)
    try:
        with together(ahead=ahead):
            if registration._state.adding:
                insert(registration)
            else:
                registration.save()
            yield
    except IntegrityError as error:
        if ahead and broken(error) == NEVER_OVERSOLD:
            raise Overtaken from error
        if broken(error) != ONE_PLACE_AT_A_TIME or registration.person_id is None:
            raise
        raise HourLost(registration.person_id, registration.period) from error
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") != CHANGED:
            raise
        raise Overtaken from error


def retried(service: Callable[P, T]) -> Callable[P, T]:
    """Stands around `transaction.atomic`: runs the service again when another was in its way for a moment.

    PostgreSQL ends one side of a deadlock (two exclusion constraints waiting for each other). Whoever
    lost the hour to another request is refused with the session that is in the way.
    """

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for left in reversed(range(TRIES)):
            try:
                return service(*args, **kwargs)
            except OperationalError as error:
                # Inside a transaction of the caller there is nothing left to run again
                if getattr(error.__cause__, "pgcode", "") != DEADLOCK or connection.in_atomic_block or not left:
                    raise
            except HourLost as lost:
                other = Registration.objects.in_the_way_of(lost.person, lost.period)
                if first := other.select_related("seating__session__published").first():
                    raise RegistrationRefused(rules.slot_taken(first.published)) from lost
                if not left:
                    raise
        raise AssertionError("unreachable")

    return run


def broken(error: IntegrityError) -> str:
    """The name of the constraint that refused."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
