"""What people type, turned into types."""

from .door import CheckInForm, PlatesForm
from .joining import DelegateForm, KeyField, SignupForm

__all__ = ["CheckInForm", "DelegateForm", "KeyField", "PlatesForm", "SignupForm"]
