from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from programme import releases
from schedule.models import Forum

from .. import troubles
from ..models import Registration

FOUND_BY = {
    "session": troubles.without_session,
    "admission": troubles.not_admitted,
    "room": troubles.beyond_room,
}


class ToSettle(admin.SimpleListFilter):
    """Places of the current forum that the release in view leaves in trouble."""

    title = _("what is to settle")
    parameter_name = "settle"

    def lookups(self, request, model_admin):
        return [
            ("overlap", _("Two places at one hour")),
            ("session", _("Session cancelled or taken out")),
            ("admission", _("Session not open to the delegate")),
            ("room", _("Beyond what the room holds")),
        ]

    def queryset(self, request, queryset):
        if self.value() == "overlap":
            return queryset.filter(pk__in=Registration.objects.flagged())
        find = FOUND_BY.get(self.value() or "")
        if find is None:
            return queryset
        release, forum = releases.current(), Forum.objects.filter(is_current=True).first()
        if release is None or forum is None:
            return queryset.none()
        found = find(troubles.read(forum, release.programme))
        return queryset.filter(pk__in=[place.pk for trouble in found for place in trouble.places])
