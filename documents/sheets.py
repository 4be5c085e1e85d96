"""On what a print is made."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sheet(models.TextChoices):
    A4 = "a4", _("A4")
    A4_JOINED = "a4-joined", _("A4, sheets that join")
    A4_FOUR = "a4-four", _("A4, four on a sheet, with crop marks")
    A3 = "a3", _("A3")
    A6 = "a6", _("A6")


class Ink(models.TextChoices):
    COLOUR = "colour", _("In colour")
    BLACK = "black", _("Black and white")
