from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from schedule.models import Session


class PlateCount(models.Model):
    """Delegations whose plate was taken up at the table, counted by hand; the newest of a session holds.

    Heads and ministers are not scanned at the door: this number stands for them.
    """

    session = models.ForeignKey(Session, models.PROTECT, related_name="plate_counts", verbose_name=_("session"))
    plates = models.PositiveSmallIntegerField(_("plates"))
    counted_at = models.DateTimeField(_("counted at"))
    counted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("counted by")
    )

    class Meta:
        verbose_name = _("count of plates")
        verbose_name_plural = _("counts of plates")
        ordering = ["session", "-counted_at", "-pk"]

    def __str__(self):
        return f"{self.session_id}: {self.plates}"
