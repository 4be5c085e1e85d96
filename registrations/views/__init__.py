from .door import check_in, check_in_sessions, count_plates, take_back
from .grid import delegation_places, place_release
from .invitations import invitation_again, invitation_withdraw, invitations
from .invited import invitation
from .places import my, release, seat
from .sheet import delegation_import, delegation_import_template

__all__ = [
    "check_in",
    "check_in_sessions",
    "count_plates",
    "delegation_import",
    "delegation_import_template",
    "delegation_places",
    "invitation",
    "invitation_again",
    "invitation_withdraw",
    "invitations",
    "my",
    "place_release",
    "release",
    "seat",
    "take_back",
]
