"""What people type, turned into types."""

from .joining import DelegateForm, KeyField, SignupForm

__all__ = ["DelegateForm", "KeyField", "SignupForm"]
