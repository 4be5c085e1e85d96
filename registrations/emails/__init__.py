"""One function for each mail."""

from .delegations import withdrawn
from .places import accredited, place_confirmed, programme_changed, promoted, waitlisted
from .sending import inert

__all__ = ["accredited", "inert", "place_confirmed", "programme_changed", "promoted", "waitlisted", "withdrawn"]
