from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from people.editing import PortalAdmin, PortalStackedInline, english, every_language, other_languages
from people.spreadsheets import SheetAdmin
from schedule.admin.sessions import PaperInline, PartInline, RoleInline, SessionBaseAdmin
from themes.admin import ThemeAdmin
from themes.models import Theme

from .forms import NumberedForm
from .models import ExpectedOutcome, GuidingQuestion, Roundtable
from .resources import GuidingQuestionSheet


class NumberedInline(PortalStackedInline):
    form = NumberedForm
    fieldsets = [(None, {"fields": ["position", *english("text")]}), other_languages("text")]
    classes = ["numbered"]


class ExpectedOutcomeInline(NumberedInline):
    model = ExpectedOutcome


class GuidingQuestionInline(NumberedInline):
    model = GuidingQuestion
    autocomplete_fields = ["commitments"]
    fieldsets = [(None, {"fields": ["position", *english("text"), "commitments"]}), other_languages("text")]

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("commitments")


@admin.register(Roundtable)
class RoundtableAdmin(SessionBaseAdmin):
    list_display = ["title", "number", "when", "where", "states"]
    list_select_related = ["forum", "venue", "room", "theme"]
    ordering = ["theme__number", "place"]
    own_fields = [("theme", "place")]
    inlines = [ExpectedOutcomeInline, GuidingQuestionInline, RoleInline, PaperInline, PartInline]

    @admin.display(description=_("number"), ordering="theme__number")
    def number(self, roundtable):
        return roundtable.number

    def get_inlines(self, request, obj):
        return self.inlines if obj else [ExpectedOutcomeInline, GuidingQuestionInline, RoleInline]


@admin.register(GuidingQuestion)
class GuidingQuestionAdmin(SheetAdmin, PortalAdmin):
    """All questions in one list: to search, and to take out and in as a spreadsheet."""

    resource_classes = [GuidingQuestionSheet]
    list_display = ["number", "text"]
    list_filter = ["roundtable__forum", "roundtable__theme"]
    list_select_related = ["roundtable__theme"]
    search_fields = every_language("text")
    ordering = ["roundtable__theme__number", "roundtable__place", "position"]
    autocomplete_fields = ["roundtable", "commitments"]
    fieldsets = [
        (None, {"fields": ["roundtable", "position", *english("text"), "commitments"]}),
        other_languages("text"),
    ]

    @admin.display(description=_("number"), ordering="position")
    def number(self, question):
        return f"{question.roundtable.number}, {question.position}"


class RoundtableInline(admin.TabularInline):
    """The roundtables of a theme, each with a link to its page."""

    model = Roundtable
    fields = readonly_fields = ("number", "title", "listed")
    show_change_link = True
    can_delete = False
    ordering = ["place"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("theme")

    def has_add_permission(self, request, obj=None):
        return False

    @admin.display(description=_("number"))
    def number(self, roundtable):
        return roundtable.number


admin.site.unregister(Theme)


@admin.register(Theme)
class ThemeWithRoundtablesAdmin(ThemeAdmin):
    inlines = [RoundtableInline]
