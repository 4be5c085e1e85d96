"""What happens to delegations, delegates and seats. Each either happens whole or is refused with its reasons."""

from ..problems import RegistrationRefused
from .accreditation import Decided, accept_list, accredit, decide, decide_each, open_to
from .exceptions import accept_overlap, grant_exception
from .following import follow_releases
from .heads import name_head
from .keeping import Unkept, arrange_places
from .membership import Profile, add_delegates, enrol, find_delegation, join_delegation, order_delegates
from .replacing import Standing, replace, standing
from .seats import fill_places, give_up, name, promote, register, release, swap, vacate

__all__ = [
    "Decided",
    "Profile",
    "RegistrationRefused",
    "Standing",
    "Unkept",
    "accept_list",
    "accept_overlap",
    "accredit",
    "add_delegates",
    "arrange_places",
    "decide",
    "decide_each",
    "enrol",
    "fill_places",
    "find_delegation",
    "follow_releases",
    "give_up",
    "grant_exception",
    "join_delegation",
    "name",
    "name_head",
    "open_to",
    "order_delegates",
    "promote",
    "register",
    "release",
    "replace",
    "standing",
    "swap",
    "vacate",
]
