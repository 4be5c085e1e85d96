from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from people.editing import PortalAdmin, ReadOnly
from people.foreign import as_given

from ..models import PlateCount


@admin.register(PlateCount)
class PlateCountAdmin(ReadOnly, PortalAdmin):
    """Every count of plates, the newest first. They are made at the door."""

    list_display = ["where", "plates", "counted_at", "counted_by"]
    list_filter = ["session__forum", "session__kind"]
    list_select_related = ["session", "counted_by"]
    ordering = ["-counted_at", "-pk"]
    fields = ["where", "plates", "counted_at", "counted_by"]

    @admin.display(description=_("session"), ordering="session")
    def where(self, count):
        return as_given(count.session)
