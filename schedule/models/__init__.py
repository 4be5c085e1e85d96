"""The forum, where and when its sessions are, and who does what in them."""

from .forum import Forum, ForumChair, validate_time_zone
from .places import Room, Venue
from .sessions import LANGUAGE_CHOICES, Role, Session, SessionQuerySet, TsTzRange

__all__ = [
    "LANGUAGE_CHOICES",
    "Forum",
    "ForumChair",
    "Role",
    "Room",
    "Session",
    "SessionQuerySet",
    "TsTzRange",
    "Venue",
    "validate_time_zone",
]
