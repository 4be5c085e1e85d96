"""Everything on the agenda beside roundtables that has a kind of its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from schedule.models import Session


class Workshop(Session):
    """A thematic workshop ahead of the summit."""

    KIND = Session.Kind.WORKSHOP

    partners = models.CharField(_("partners"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("workshop")
        verbose_name_plural = _("workshops")


class SideEvent(Session):
    """Held beside the official agenda by others, or by the forum elsewhere."""

    KIND = Session.Kind.SIDE_EVENT

    partners = models.CharField(_("partners"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("side-event")
        verbose_name_plural = _("side-events")


class CommonSpaceSession(Session):
    """Where governments, civil society, business and local authorities meet: plenary and breakouts."""

    KIND = Session.Kind.COMMON_SPACE

    focus = models.CharField(_("focus"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("Common Space session")
        verbose_name_plural = _("Common Space sessions")


class SpecialSession(Session):
    """Of the forum on itself: its future, its Platform for Partnerships, its review."""

    KIND = Session.Kind.SPECIAL_SESSION

    focus = models.CharField(_("focus"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("special session")
        verbose_name_plural = _("special sessions")
