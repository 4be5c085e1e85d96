"""How a delegation comes into being: the letter that names it, and invitations to take part."""

import hashlib
import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from .delegations import Delegate, Delegation


class LetterQuerySet(models.QuerySet["Letter"]):
    def visible_to(self, user):
        """To organisers all; to a focal point those of their own delegations."""
        if user.has_perm("registrations.view_letter"):
            return self
        return self.filter(delegation__in=Delegation.objects.looked_after_by(user))


class Letter(models.Model):
    """A note verbale or letter of nomination. Kept privately; served only to those who may see it."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="letters", verbose_name=_("delegation"))
    file = models.FileField(_("file"), upload_to="letters/")
    name = models.CharField(_("file name"), max_length=120, help_text=_("As it was when it came."))
    media_type = models.CharField(_("type"), max_length=20, help_text=_("As its first bytes say."))
    uploaded_at = models.DateTimeField(_("uploaded at"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("uploaded by")
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self):
        return f"{self.delegation_id}: {self.name}"


def digest_of(key: str) -> str:
    """What is stored of the key of an invitation: nobody who reads the database can accept one."""
    return hashlib.sha256(key.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self):
        return self.filter(accepted_at=None, withdrawn_at=None)

    def with_key(self, key: str):
        return self.filter(key_digest=digest_of(key))


class Invitation(models.Model):
    """Word by e-mail to take part in a delegation, or to be its focal point. Its key works once."""

    class Purpose(models.TextChoices):
        DELEGATE = "delegate", _("Delegate")
        FOCAL_POINT = "focal_point", _("Focal point")

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="invitations", verbose_name=_("delegation"))
    purpose = models.CharField(_("as"), max_length=12, choices=Purpose, default=Purpose.DELEGATE)
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    delegate = models.ForeignKey(
        Delegate,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="invitations",
        verbose_name=_("delegate"),
        help_text=_("Whose entry the invited person takes over; a new one is made when empty."),
    )
    key_digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_at = models.DateTimeField(_("invited at"))
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("invited by")
    )
    expires_at = models.DateTimeField(_("valid until"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("accepted by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-invited_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                "delegation",
                "purpose",
                Lower("email"),
                "delegate",
                condition=Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,
                name="invitation_pending_once",
                violation_error_message=_("An invitation to this address is on its way already."),
            ),
            models.CheckConstraint(
                condition=Q(accepted_at=None) | Q(withdrawn_at=None), name="invitation_accepted_or_withdrawn"
            ),
        ]

    def __str__(self):
        return f"{self.delegation_id}: {self.email}"

    def has_expired(self, now: datetime) -> bool:
        return self.expires_at <= now
