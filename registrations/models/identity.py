"""Who is who among the persons of a forum, and who asked to be erased."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from people.models import Person


class DistinctPersons(models.Model):
    """Two persons of like names whom an organiser found to be two; `first` has the lower number."""

    first = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("person"))
    second = models.ForeignKey(Person, models.CASCADE, related_name="+", verbose_name=_("other person"))
    decided_at = models.DateTimeField(_("decided at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("decided by")
    )

    class Meta:
        verbose_name = _("two persons")
        verbose_name_plural = _("two persons")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="distinct_persons_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_persons_in_order"),
        ]

    def __str__(self):
        return f"{self.first_id} ≠ {self.second_id}"


class ErasureRequest(models.Model):
    """A person asked that what is held about them be erased."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="erasure_requests", verbose_name=_("person"))
    asked_at = models.DateTimeField(_("asked at"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("done by")
    )

    class Meta:
        verbose_name = _("request for erasure")
        verbose_name_plural = _("requests for erasure")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(done_at=None),
                name="erasure_asked_once",
                violation_error_message=_("The request is with the organisers already."),
            )
        ]

    def __str__(self):
        return f"{self.person_id}: {self.asked_at:%Y-%m-%d}"
