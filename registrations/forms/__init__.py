"""What people type, turned into types."""

from .delegation import EntryForm, HeadForm, KeyForm, LetterForm, MendForm
from .door import CheckInForm, PlatesForm
from .invitations import AcceptForm, InvitedSignupForm, InviteForm
from .joining import DelegateForm, KeyField, SignupForm
from .sheet import RowForm, SheetForm

__all__ = [
    "AcceptForm",
    "CheckInForm",
    "DelegateForm",
    "EntryForm",
    "HeadForm",
    "InviteForm",
    "InvitedSignupForm",
    "KeyField",
    "KeyForm",
    "LetterForm",
    "MendForm",
    "PlatesForm",
    "RowForm",
    "SheetForm",
    "SignupForm",
]
