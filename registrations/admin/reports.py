"""An action calls one service for each row, and says what was done and what was left and why."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import ngettext

from ..services import RegistrationRefused, Unkept


def each(request: HttpRequest, rows: Iterable[Any], service: Callable[[Any], object]) -> int:
    """Call `service` with every row; a refusal is shown and stops nothing. Returns how many were done."""
    done = 0
    for row in rows:
        try:
            service(row)
        except RegistrationRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            done += 1
    return done


def warn_of_unkept(request: HttpRequest, unkept: Iterable[Unkept]) -> None:
    """Delegations whose place is to be kept, where no seat is left for it."""
    for found in unkept:
        message = ngettext(
            "“%(session)s”, %(place)s: no seat is left to keep for %(n)s delegation.",
            "“%(session)s”, %(place)s: no seat is left to keep for %(n)s delegations.",
            len(found.delegations),
        )
        messages.warning(
            request,
            message % {"session": found.seating.session, "place": found.place.label, "n": len(found.delegations)},
        )
