"""The one lock of this room, and what is done when two wait for each other."""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection

from ..models import Seating

P = ParamSpec("P")
T = TypeVar("T")

TRIES = 4
DEADLOCK = "40P01"


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


def retried(service: Callable[P, T]) -> Callable[P, T]:
    """Run again when PostgreSQL ended this side of a deadlock (two exclusion constraints waiting for each other)."""

    @wraps(service)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        for left in reversed(range(TRIES)):
            try:
                return service(*args, **kwargs)
            except OperationalError as error:
                # Inside a transaction of the caller there is nothing left to run again
                if getattr(error.__cause__, "pgcode", "") != DEADLOCK or connection.in_atomic_block or not left:
                    raise
        raise AssertionError("unreachable")

    return run


def broken(error: IntegrityError) -> str:
    """The name of the constraint that refused."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
