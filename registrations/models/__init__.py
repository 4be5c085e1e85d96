"""Delegations and their people; seats and who holds them."""

from .delegations import (
    AccreditationChange,
    Delegate,
    Delegation,
    DelegationCategory,
    DelegationHead,
    FocalPoint,
)
from .seats import Place, Registration, ReleaseCursor, SeatException, Seating, SeatingShare

__all__ = [
    "AccreditationChange",
    "Delegate",
    "Delegation",
    "DelegationCategory",
    "DelegationHead",
    "FocalPoint",
    "Place",
    "Registration",
    "ReleaseCursor",
    "SeatException",
    "Seating",
    "SeatingShare",
]
