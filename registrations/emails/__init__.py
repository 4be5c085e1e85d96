"""One function for each mail."""

from .decisions import decided
from .delegations import withdrawn
from .invitations import invited
from .places import place_confirmed, programme_changed, promoted, taken_out, waitlisted
from .sending import inert

__all__ = [
    "decided",
    "inert",
    "invited",
    "place_confirmed",
    "programme_changed",
    "promoted",
    "taken_out",
    "waitlisted",
    "withdrawn",
]
