from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from people.editing import PortalAdmin, PortalTabularInline, english, every_language, other_languages
from people.spreadsheets import SheetAdmin

from ..models import Forum, ForumChair, Room, Venue
from ..resources import RoomSheet


class ForumChairInline(PortalTabularInline):
    model = ForumChair
    autocomplete_fields = ["party"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("party")


@admin.register(Forum)
class ForumAdmin(PortalAdmin):
    list_display = ["title", "city", "starts_on", "ends_on", "time_zone", "is_current"]
    search_fields = ["slug", *every_language("title", "name", "city")]
    inlines = [ForumChairInline]
    fieldsets = [
        (
            None,
            {"fields": [*english("title", "overarching_theme", "principles", "edition", "name", "acronym"), "slug"]},
        ),
        (_("When and where"), {"fields": [("starts_on", "ends_on"), *english("city"), "time_zone", "is_current"]}),
        (_("List of participants"), {"fields": ["corrections_until"]}),
        (_("Privacy notice"), {"fields": ["privacy_version", *english("privacy_notice")]}),
        (_("Letters"), {"fields": ["signatory_name", *english("signatory_function")]}),
        other_languages(
            "title",
            "overarching_theme",
            "principles",
            "edition",
            "name",
            "acronym",
            "city",
            "privacy_notice",
            "signatory_function",
        ),
    ]

    def get_readonly_fields(self, request, obj=None):
        """A release, and every print of it, names the address of its forum."""
        fixed = ["slug"] if obj and obj.releases.exists() else []
        return [*super().get_readonly_fields(request, obj), *fixed]


class RoomInline(PortalTabularInline):
    model = Room
    fields = ["position", *english("name"), "slug", "capacity", "capacity_confirmed"]
    prepopulated_fields = {"slug": english("name")}
    show_change_link = True


@admin.register(Venue)
class VenueAdmin(PortalAdmin):
    list_display = ["name", "city", "country", "time_zone", "forum"]
    list_filter = ["forum"]
    list_select_related = ["forum", "country"]
    search_fields = ["slug", *every_language("name", "city")]
    autocomplete_fields = ["country"]
    inlines = [RoomInline]
    fieldsets = [
        (None, {"fields": ["forum", *english("name", "city"), "slug", "country", "time_zone", *english("address")]}),
        other_languages("name", "city", "address"),
        (_("For organisers"), {"fields": ["note"]}),
    ]


@admin.register(Room)
class RoomAdmin(SheetAdmin, PortalAdmin):
    resource_classes = [RoomSheet]
    list_display = ["name", "venue", "capacity", "capacity_confirmed", "position"]
    list_filter = ["venue__forum", "venue", "capacity_confirmed"]
    list_select_related = ["venue"]
    search_fields = ["slug", *every_language("name")]
    autocomplete_fields = ["venue"]
    fieldsets = [
        (None, {"fields": ["venue", *english("name"), "slug", ("capacity", "capacity_confirmed"), "position"]}),
        other_languages("name"),
    ]
