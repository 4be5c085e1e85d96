"""Why a print could not be made: stored as a code, worded in the language of who reads it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Failure(TextChoices):
    FILE = "file", _("The print asked for a file it may not load")
    CHARACTERS = "characters", _("No typeface for prints has these characters")
    TYPESETTING = "typesetting", _("The print could not be typeset")
    FOREIGN = "foreign", _("A background paper cannot be read: upload it anew")
    IDENTIFIER = "identifier", _("Two parts of the pack use the same identifier")
    LINK = "link", _("The pack links to a paper that is not in it")
    NAME = "name", _("There is no name in Latin letters. Enter it first")
    PHOTOGRAPH = "photograph", _("The photograph cannot be read. Enter another one, or take it out")
    SPACE = "space", _("The texts do not fit even in the smallest letters. Shorten the function or the name")
    PAPER = "paper", _("A paper of the pack could not be made")
    WAITING = "waiting", _("A paper of the pack is still being made")
    TIME = "time", _("The print took too long.")
    MEMORY = "memory", _("The print needs more memory than a print may take.")
    STOPPED = "stopped", _("The worker stopped each time it was making this print.")
    UNFORESEEN = "unforeseen", _("Something unforeseen went wrong; it has been noted for those who run the portal.")
