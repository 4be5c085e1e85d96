"""An action calls one service for each row, and says what was done and what was left and why."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from ..services import RegistrationRefused


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
