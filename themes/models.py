"""The paper: themes, sections, references, and the commitments they serve."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schedule.models import Forum, Session


class Theme(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="themes", verbose_name=_("forum"))
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=300)
    rationale = models.TextField(_("rationale"), blank=True)

    class Meta:
        verbose_name = _("theme")
        verbose_name_plural = _("themes")
        ordering = ["forum", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["forum", "number"],
                name="theme_number_unique",
                violation_error_message=_("This forum has a theme with this number."),
            ),
            models.CheckConstraint(condition=Q(number__gte=1), name="theme_number_from_one"),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"


class Section(models.Model):
    """A heading with its text: of the concept paper (with a numeral) or of practical information."""

    class Kind(models.TextChoices):
        PAPER = "paper", _("Concept paper")
        PRACTICAL = "practical", _("Practical information")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="sections", verbose_name=_("forum"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PAPER)
    slug = models.SlugField(_("address"))
    numeral = models.CharField(_("numeral"), max_length=8, blank=True, help_text=_("Such as IV."))
    position = models.PositiveSmallIntegerField(_("position"))
    heading = models.CharField(_("heading"), max_length=300)
    body = models.TextField(_("text"))

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["forum", "kind", "position"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "slug"], name="section_slug_unique"),
            models.UniqueConstraint(
                fields=["forum", "kind", "position"],
                name="section_position_unique",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Another section stands at this position."),
            ),
        ]

    def __str__(self):
        return f"{self.numeral} {self.heading}".strip()


class Reference(models.Model):
    """A footnote of the paper. Texts cite it as `[^key]`; numbered in order of first citation."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    forum = models.ForeignKey(Forum, models.PROTECT, related_name="references", verbose_name=_("forum"))
    key = models.SlugField(_("key"), help_text=_("Texts cite it as [^key]."))
    number = models.PositiveSmallIntegerField(_("number"))
    text = models.TextField(_("text"))
    urls = models.TextField(_("addresses"), blank=True, help_text=_("One a line, http or https."))

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["forum", "number"]
        constraints = [
            models.UniqueConstraint(fields=["forum", "key"], name="reference_key_unique"),
            models.UniqueConstraint(
                fields=["forum", "number"],
                name="reference_number_unique",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Another reference has this number."),
            ),
            models.CheckConstraint(
                condition=Q(urls="") | Q(urls__regex=r"^(https?://\S+\s*)+$"),
                name="reference_addresses_are_web_addresses",
                violation_error_message=_("Each line must be an address that starts with http:// or https://."),
            ),
        ]

    def __str__(self):
        return f"[{self.number}] {self.key}"


class Commitment(models.Model):
    """An instrument, or a place in one (SDG 10.7, GCM objective 19), linked to what cites it."""

    class Kind(models.TextChoices):
        INSTRUMENT = "instrument", _("Instrument")
        GOAL = "goal", _("Goal")
        TARGET = "target", _("Target")
        OBJECTIVE = "objective", _("Objective")
        GUIDING_PRINCIPLE = "guiding_principle", _("Guiding principle")
        PARAGRAPH = "paragraph", _("Paragraph")

    key = models.CharField(_("key"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind)
    instrument = models.CharField(_("instrument"), max_length=20)
    number = models.CharField(_("number"), max_length=20, blank=True)
    position = models.PositiveSmallIntegerField(_("position"))
    short_name = models.CharField(_("short name"), max_length=300)
    official_name = models.CharField(_("official name"), max_length=400, blank=True)
    note = models.TextField(_("note for organisers"), blank=True)
    sections: models.ManyToManyField = models.ManyToManyField(
        Section, blank=True, related_name="commitments", verbose_name=_("sections")
    )
    themes: models.ManyToManyField = models.ManyToManyField(
        Theme, blank=True, related_name="commitments", verbose_name=_("themes")
    )
    sessions: models.ManyToManyField = models.ManyToManyField(
        Session, blank=True, related_name="commitments", verbose_name=_("sessions")
    )

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["position", "pk"]

    def __str__(self):
        return f"{self.key}: {self.short_name}"
