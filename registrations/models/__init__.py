"""Delegations and their people; seats and who holds them."""

from .attendance import PlateCount
from .delegations import (
    AccreditationChange,
    Delegate,
    Delegation,
    DelegationCategory,
    DelegationHead,
    FocalPoint,
)
from .draws import LetterDraw
from .identity import DistinctPersons, ErasureRequest
from .nominations import Invitation, Letter
from .seats import Place, Registration, ReleaseCursor, SeatException, Seating, SeatingShare

__all__ = [
    "AccreditationChange",
    "Delegate",
    "Delegation",
    "DelegationCategory",
    "DelegationHead",
    "DistinctPersons",
    "ErasureRequest",
    "FocalPoint",
    "Invitation",
    "Letter",
    "LetterDraw",
    "Place",
    "PlateCount",
    "Registration",
    "ReleaseCursor",
    "SeatException",
    "Seating",
    "SeatingShare",
]
