"""What people type, turned into types."""

from .delegation import EntryForm, HeadForm, KeyForm, LetterForm, MendForm
from .door import CheckInForm, PlatesForm
from .joining import DelegateForm, KeyField, SignupForm

__all__ = [
    "CheckInForm",
    "DelegateForm",
    "EntryForm",
    "HeadForm",
    "KeyField",
    "KeyForm",
    "LetterForm",
    "MendForm",
    "PlatesForm",
    "SignupForm",
]
