from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from people.editing import PortalAdmin, english, every_language, other_languages
from people.foreign import as_given, name_of
from schedule.models import Forum

from .models import Commitment, Reference, Section, Theme


class OfForumAdmin(PortalAdmin):
    """Rows that belong to a forum: a new one to the current."""

    list_select_related = ["forum"]

    def get_changeform_initial_data(self, request):
        current = Forum.objects.filter(is_current=True).values_list("pk", flat=True).first()
        return {"forum": current, **super().get_changeform_initial_data(request)}


@admin.register(Theme)
class ThemeAdmin(OfForumAdmin):
    list_display = ["title", "number", "forum"]
    list_filter = ["forum"]
    search_fields = ["number", *every_language("title", "rationale")]
    fieldsets = [
        (None, {"fields": ["forum", "number", *english("title", "rationale")]}),
        other_languages("title", "rationale"),
    ]


@admin.register(Section)
class SectionAdmin(OfForumAdmin):
    list_display = ["heading", "numeral", "kind", "position", "forum"]
    list_filter = ["forum", "kind"]
    search_fields = ["slug", *every_language("heading", "body")]
    prepopulated_fields = {"slug": english("heading")}
    fieldsets = [
        (None, {"fields": ["forum", "kind", ("numeral", "position"), *english("heading"), "slug", *english("body")]}),
        other_languages("heading", "body"),
    ]


@admin.register(Reference)
class ReferenceAdmin(OfForumAdmin):
    list_display = ["number", "key", "cited", "forum"]
    list_display_links = ["number", "key"]
    list_filter = ["forum"]
    search_fields = ["key", "urls", *every_language("text")]
    fieldsets = [
        (None, {"fields": ["forum", ("number", "key"), *english("text"), "urls"]}),
        other_languages("text"),
    ]

    @admin.display(description=_("text"), ordering="text_en")
    def cited(self, reference):
        """Titles of works stay in their language, in whatever language they are cited."""
        return as_given(reference.text)


class InstrumentFilter(admin.AllValuesFieldListFilter):
    """Abbreviations, which are the same in every language."""

    def choices(self, changelist):
        for choice in super().choices(changelist):
            yield {**choice, "display": name_of(choice["display"])}


@admin.register(Commitment)
class CommitmentAdmin(PortalAdmin):
    list_display = ["key", "short_name", "kind", "instrument", "position"]
    list_filter = ["kind", ("instrument", InstrumentFilter)]
    search_fields = ["key", *every_language("short_name", "official_name")]
    autocomplete_fields = ["sections", "themes", "sessions"]
    fieldsets = [
        (
            None,
            {"fields": ["key", "kind", ("instrument", "number"), "position", *english("short_name", "official_name")]},
        ),
        (_("Cited by"), {"fields": ["sections", "themes", "sessions"]}),
        other_languages("short_name", "official_name"),
        (_("For organisers"), {"fields": ["note"]}),
    ]
