"""What happens to delegations, delegates and seats. Each either happens whole or is refused with its reasons."""

from ..problems import RegistrationRefused
from .accreditation import accredit, decide
from .following import follow_releases
from .membership import Profile, find_delegation, join_delegation
from .seats import fill_places, grant_exception, name, register, release

__all__ = [
    "Profile",
    "RegistrationRefused",
    "accredit",
    "decide",
    "fill_places",
    "find_delegation",
    "follow_releases",
    "grant_exception",
    "join_delegation",
    "name",
    "register",
    "release",
]
