"""Many prints for the printer at once."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from schedule.models import Forum

from ..builds import Build
from .prints import Document


class PrintRun(models.Model):
    """Many prints of one kind for the printer, in an order that is never altered once it is made.

    Each print is pinned to its row, so that a run shows what it showed. Without a `language` each print is in that of
    its delegate's account; tick lists and separator sheets are in `words_in`. `chosen` says in codes what it was asked
    for, a supplement which run it is of. A trigger refuses every change but the erasure of a person.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="print_runs", verbose_name=_("forum"))
    kind = models.CharField(_("kind"), max_length=30)
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, blank=True)
    words_in = models.CharField(_("language of lists"), max_length=2, choices=settings.LANGUAGES)
    chosen = models.JSONField(_("chosen"), default=dict, blank=True)
    has_separators = models.BooleanField(_("separator sheets"), default=True)
    is_duplex = models.BooleanField(_("both sides"), default=True)
    supplement_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="supplements", verbose_name=_("supplement of")
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked for by")
    )
    created_at = models.DateTimeField(_("asked for at"))

    class Meta:
        verbose_name = _("print run")
        verbose_name_plural = _("print runs")
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.kind} {self.created_at:%Y-%m-%d %H:%M}"

    def get_absolute_url(self):
        return reverse("documents:run", args=[self.uuid])


class PrintRunPart(Build):
    """A file of a run: as many prints as memory holds.

    `places` says for each position the page at which its separator or print begins, counted from 1, and how many
    pages the print has; `missing` why a print is not in it, as a code of `Failure`.
    """

    run = models.ForeignKey(PrintRun, models.PROTECT, related_name="parts", verbose_name=_("print run"))
    number = models.PositiveSmallIntegerField(_("number"))
    places = models.JSONField(_("places"), default=dict, blank=True)
    missing = models.JSONField(_("missing"), default=dict, blank=True)

    class Meta(Build.Meta):
        verbose_name = _("file of a print run")
        verbose_name_plural = _("files of print runs")
        ordering = ["run", "number"]
        constraints = [
            *Build.Meta.constraints,
            models.UniqueConstraint(fields=["run", "number"], name="print_run_part_once"),
        ]

    def __str__(self):
        return f"{self.run_id}, {self.number} ({self.state})"

    @property
    def sheets(self) -> int:
        pages = self.pages or 0
        return -(-pages // 2) if self.run.is_duplex else pages


class PrintRunItem(models.Model):
    """A print at its place in a run. The document is empty once the person it was for has been erased."""

    part = models.ForeignKey(PrintRunPart, models.PROTECT, related_name="items", verbose_name=_("file"))
    position = models.PositiveIntegerField(_("position"))
    document = models.ForeignKey(
        Document, models.SET_NULL, null=True, related_name="run_items", verbose_name=_("document")
    )

    class Meta:
        verbose_name = _("print of a run")
        verbose_name_plural = _("prints of runs")
        ordering = ["part", "position"]
        constraints = [models.UniqueConstraint(fields=["part", "position"], name="print_run_item_once")]

    def __str__(self):
        return f"{self.part_id}: {self.position}"
