import uuid
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

from people.models import Party

from .forum import Forum, validate_time_zone


class Venue(models.Model):
    """A place with rooms, in one time zone."""

    forum = models.ForeignKey(Forum, models.PROTECT, related_name="venues", verbose_name=_("forum"))
    slug = models.SlugField(_("address"))
    name = models.CharField(_("name"), max_length=200)
    city = models.CharField(_("city"), max_length=100)
    country = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("country"))
    time_zone = models.CharField(_("time zone"), max_length=60, validators=[validate_time_zone])
    address = models.TextField(_("postal address"), blank=True)
    note = models.TextField(_("note for organisers"), blank=True)

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["city", "name"]
        constraints = [models.UniqueConstraint(fields=["forum", "slug"], name="venue_slug_unique")]

    def __str__(self):
        return f"{self.name}, {self.city}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


class Room(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    venue = models.ForeignKey(Venue, models.PROTECT, related_name="rooms", verbose_name=_("venue"))
    slug = models.SlugField(_("address"))
    name = models.CharField(_("name"), max_length=100)
    capacity = models.PositiveIntegerField(_("capacity"), null=True, blank=True)
    capacity_confirmed = models.BooleanField(_("capacity confirmed"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["venue", "position", "name"]
        constraints = [models.UniqueConstraint(fields=["venue", "slug"], name="room_slug_unique")]

    def __str__(self):
        return self.name
