"""The forum, where and when its sessions are, and who does what in them."""

from .forum import Forum, ForumChair, validate_time_zone
from .papers import BackgroundPaper, stored_as
from .places import Room, Venue
from .sessions import LANGUAGE_CHOICES, Role, Session, SessionQuerySet, TsTzRange

__all__ = [
    "LANGUAGE_CHOICES",
    "BackgroundPaper",
    "Forum",
    "ForumChair",
    "Role",
    "Room",
    "Session",
    "SessionQuerySet",
    "TsTzRange",
    "Venue",
    "stored_as",
    "validate_time_zone",
]
