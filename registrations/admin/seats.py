from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from people.editing import PortalAdmin, PortalTabularInline

from ..checks import more_seats_than_room
from ..models import Seating, SeatingShare
from ..services import arrange_places
from .registrations import numbered
from .reports import tell_of_places


class ShareInline(PortalTabularInline):
    model = SeatingShare

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("category")


@admin.register(Seating)
class SeatingAdmin(PortalAdmin):
    list_display = ["numbered", "at_table", "behind", "observers", "held_back", "waiting", "opens_at"]
    list_filter = ["session__forum", "session__kind"]
    list_select_related = ["session__published"]
    search_fields = [
        "session__slug",
        "session__published__number",
        "session__title_en",
        "session__title_fr",
        "session__title_es",
        "session__title_ar",
    ]
    autocomplete_fields = ["session"]
    fields = [
        "session",
        ("table_seats", "held_back"),
        ("behind_seats", "observer_seats"),
        "accessible_seats",
        ("opens_at", "closes_at"),
    ]
    inlines = [ShareInline]

    def get_queryset(self, request):
        """A query that counts is in no order of its own, and the field that searches asks for none."""
        return Seating.objects.with_counts().select_related("session__published").order_by("session__starts_at", "pk")

    def get_readonly_fields(self, request, obj=None):
        return ["session"] if obj else []

    def save_related(self, request, form, formsets, change):
        """Raised limits go to those who wait. More seats than the room holds are pointed out."""
        super().save_related(request, form, formsets, change)
        session = form.instance.session
        if session.room and (
            words := more_seats_than_room(
                session=str(session), seats=form.instance.seats, room=str(session.room), capacity=session.room.capacity
            )
        ):
            messages.warning(request, words)
        tell_of_places(request, arrange_places(forum=session.forum, now=timezone.now()))

    @admin.display(description=_("session"), ordering="session")
    def numbered(self, seating):
        return numbered(seating.session)

    @admin.display(description=_("at the table"))
    def at_table(self, seating):
        return _taken(seating.at_table, seating.table_seats)

    @admin.display(description=_("behind it"))
    def behind(self, seating):
        return _taken(seating.behind, seating.behind_seats)

    @admin.display(description=_("observers"))
    def observers(self, seating):
        return _taken(seating.observers, seating.observer_seats)

    @admin.display(description=_("waiting"))
    def waiting(self, seating):
        return seating.waiting


def _taken(n: int, of: int) -> str:
    return _("%(n)s of %(of)s") % {"n": n, "of": of} if n or of else "–"
