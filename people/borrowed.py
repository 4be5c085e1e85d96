"""Strings of the libraries that our catalogues say anew.

What a library shows in a language is its own translation. Where that is missing, wrong or not in our
words, the string stands here, exactly as the library has it, so that `makemessages` collects it: our
catalogues win over those of the libraries. Nothing imports this module.
"""

from django.utils.translation import gettext_noop, ngettext_lazy

# django-allauth: forms and pages of accounts
gettext_noop("Forgot your password?")
gettext_noop("Use your password")
gettext_noop("You must type the same password each time.")

# Django: what a password must be
gettext_noop("Your password can’t be too similar to your other personal information.")
gettext_noop("Your password can’t be a commonly used password.")
gettext_noop("Your password can’t be entirely numeric.")
gettext_noop("The password is too similar to the %(verbose_name)s.")
gettext_noop("This password is too common.")
gettext_noop("This password is entirely numeric.")
ngettext_lazy(
    "Your password must contain at least %(min_length)d character.",
    "Your password must contain at least %(min_length)d characters.",
    0,
)
ngettext_lazy(
    "This password is too short. It must contain at least %d character.",
    "This password is too short. It must contain at least %d characters.",
    0,
)

# Django: fields of forms
gettext_noop("Enter a valid email address.")
gettext_noop("Null characters are not allowed.")
ngettext_lazy(
    "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
    "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
    0,
)
