from .door import check_in, check_in_sessions, count_plates, take_back
from .invitations import invitation_again, invitation_withdraw, invitations
from .invited import invitation
from .places import my, release, seat

__all__ = [
    "check_in",
    "check_in_sessions",
    "count_plates",
    "invitation",
    "invitation_again",
    "invitation_withdraw",
    "invitations",
    "my",
    "release",
    "seat",
    "take_back",
]
