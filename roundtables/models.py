import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schedule.models import Session
from themes.models import Commitment, Theme


class Roundtable(Session):
    """Where governments discuss a theme. Its number, "1.2", is theme and position."""

    KIND = Session.Kind.ROUNDTABLE

    theme = models.ForeignKey(Theme, models.PROTECT, related_name="roundtables", verbose_name=_("theme"))
    place = models.PositiveSmallIntegerField(_("position within the theme"))

    class Meta:
        verbose_name = _("roundtable")
        verbose_name_plural = _("roundtables")
        constraints = [
            models.UniqueConstraint(
                fields=["theme", "place"],
                name="roundtable_place_unique",
                violation_error_message=_("This theme has a roundtable at this position."),
            ),
            models.CheckConstraint(condition=Q(place__gte=1), name="roundtable_place_from_one"),
        ]

    def __str__(self):
        return f"{self.number} {self.title}"

    @property
    def number(self) -> str:
        return f"{self.theme.number}.{self.place}"


class ExpectedOutcome(models.Model):
    """A paragraph of what the roundtable is to bring about."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    roundtable = models.ForeignKey(
        Roundtable, models.CASCADE, related_name="expected_outcomes", verbose_name=_("roundtable")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("expected outcome")
        verbose_name_plural = _("expected outcomes")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["roundtable", "position"],
                name="expected_outcome_position_unique",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Another expected outcome stands at this position."),
            ),
        ]

    def __str__(self):
        return f"{self.roundtable_id}, {self.position}"


class GuidingQuestion(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    roundtable = models.ForeignKey(
        Roundtable, models.CASCADE, related_name="guiding_questions", verbose_name=_("roundtable")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    text = models.TextField(_("text"))
    commitments: models.ManyToManyField = models.ManyToManyField(
        Commitment, blank=True, related_name="guiding_questions", verbose_name=_("commitments")
    )

    class Meta:
        verbose_name = _("guiding question")
        verbose_name_plural = _("guiding questions")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["roundtable", "position"],
                name="guiding_question_position_unique",
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Another guiding question stands at this position."),
            ),
            models.CheckConstraint(condition=Q(position__gte=1), name="guiding_question_position_from_one"),
        ]

    def __str__(self):
        return f"{self.roundtable_id}, {self.position}"
