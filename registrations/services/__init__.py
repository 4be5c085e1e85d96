"""What happens to delegations, delegates and seats. Each either happens whole or is refused with its reasons."""

from ..problems import RegistrationRefused
from .accreditation import Decided, accept_list, accredit, accredit_on_the_spot, decide, decide_each, open_to
from .attendance import CheckIn, Verdict, check_in, count_plates, take_back
from .draws import draw_letter
from .exceptions import accept_overlap, grant_exception
from .following import follow_releases
from .heads import name_head
from .invitations import accept_invitation, find_invitation, invite, withdraw_invitation
from .keeping import Arranged, Unkept, arrange_places
from .membership import Profile, add_delegates, enrol, find_delegation, join_delegation, order_delegates
from .merging import same_person, two_persons
from .nominations import (
    edit_delegate,
    is_spoken_for,
    names_are_open,
    remove_letter,
    send_again,
    speak_for,
    upload_letter,
)
from .replacing import Standing, replace, standing
from .seats import give_up, hand_back, name, promote, register, release, swap, take_out, vacate

__all__ = [
    "Arranged",
    "CheckIn",
    "Decided",
    "Profile",
    "RegistrationRefused",
    "Standing",
    "Unkept",
    "Verdict",
    "accept_invitation",
    "accept_list",
    "accept_overlap",
    "accredit",
    "accredit_on_the_spot",
    "add_delegates",
    "arrange_places",
    "check_in",
    "count_plates",
    "decide",
    "decide_each",
    "draw_letter",
    "edit_delegate",
    "enrol",
    "find_delegation",
    "find_invitation",
    "follow_releases",
    "give_up",
    "grant_exception",
    "hand_back",
    "invite",
    "is_spoken_for",
    "join_delegation",
    "name",
    "name_head",
    "names_are_open",
    "open_to",
    "order_delegates",
    "promote",
    "register",
    "release",
    "remove_letter",
    "replace",
    "same_person",
    "send_again",
    "speak_for",
    "standing",
    "swap",
    "take_back",
    "take_out",
    "two_persons",
    "upload_letter",
    "vacate",
    "withdraw_invitation",
]
