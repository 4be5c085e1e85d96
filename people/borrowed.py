"""Strings of the libraries that our catalogues say anew.

What a library shows in a language is its own translation. Where that is missing, wrong or not in our
words, the string stands here, exactly as the library has it, so that `makemessages` collects it: our
catalogues win over those of the libraries. Nothing imports this module.
"""

from django.utils.translation import gettext_noop, ngettext_lazy, pgettext_lazy

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

# The administration: Django
gettext_noop("Reset password")
gettext_noop("Select %s to change")
gettext_noop("Select %s to view")
gettext_noop("Select %s")
gettext_noop("The {name} “{obj}” was added successfully.")
gettext_noop("You may edit it again below.")
gettext_noop("The {name} “{obj}” was added successfully. You may add another {name} below.")
gettext_noop("The {name} “{obj}” was changed successfully.")
gettext_noop("The {name} “{obj}” was changed successfully. You may edit it again below.")
gettext_noop("The {name} “{obj}” was changed successfully. You may add another {name} below.")
gettext_noop("The %(name)s “%(obj)s” was deleted successfully.")

# The administration: django-import-export
gettext_noop("Import")
gettext_noop("File to import")
gettext_noop("This importer will import the following fields: ")
gettext_noop("This exporter will export the following fields: ")

# The administration: django-post-office, whose mails organisers look at
gettext_noop("Post Office")
pgettext_lazy("Email address", "Email")
pgettext_lazy("Email addresses", "Emails")
gettext_noop("Subject")
gettext_noop("Status")
gettext_noop("sent")
gettext_noop("failed")
gettext_noop("queued")
gettext_noop("requeued")

# The administration: names of groups and texts of the log, which stand in the database
gettext_noop("organiser")
gettext_noop("staff")
gettext_noop("Cancelled.")
gettext_noop("Held again.")
gettext_noop("Published.")
gettext_noop("Withdrawn.")

# Regional groups of the United Nations, which stand in the database
gettext_noop("African States")
gettext_noop("Asia-Pacific States")
gettext_noop("Eastern European States")
gettext_noop("Latin American and Caribbean States")
gettext_noop("Western European and other States")

# Django: months, which in Arabic have two names each
gettext_noop("January")
gettext_noop("February")
gettext_noop("March")
gettext_noop("April")
gettext_noop("May")
gettext_noop("June")
gettext_noop("July")
gettext_noop("August")
gettext_noop("September")
gettext_noop("October")
gettext_noop("November")
gettext_noop("December")
pgettext_lazy("abbrev. month", "Jan.")
pgettext_lazy("abbrev. month", "Feb.")
pgettext_lazy("abbrev. month", "March")
pgettext_lazy("abbrev. month", "April")
pgettext_lazy("abbrev. month", "May")
pgettext_lazy("abbrev. month", "June")
pgettext_lazy("abbrev. month", "July")
pgettext_lazy("abbrev. month", "Aug.")
pgettext_lazy("abbrev. month", "Sept.")
pgettext_lazy("abbrev. month", "Oct.")
pgettext_lazy("abbrev. month", "Nov.")
pgettext_lazy("abbrev. month", "Dec.")
