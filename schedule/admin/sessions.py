from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from people.editing import PortalAdmin, PortalTabularInline, english, every_language, other_languages
from people.foreign import in_words, name_of
from people.spreadsheets import SheetAdmin

from ..clashes import person_clashes
from ..forms import PaperForm, PartForm, PartFormSet, SessionForm, session_link
from ..models import BackgroundPaper, Forum, Role, Session
from ..resources import SessionSheet
from .acts import SessionActs


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [
            ("held", _("Held")),
            ("unconfirmed", _("To be confirmed")),
            ("cancelled", _("Cancelled")),
            ("internal", _("Internal")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "held":
                return queryset.held()
            case "unconfirmed":
                return queryset.held().unconfirmed()
            case "cancelled":
                return queryset.cancelled()
            case "internal":
                return queryset.filter(listed=False)
        return queryset


class RoleInline(PortalTabularInline):
    model = Role
    fk_name = "session"
    fields = ["position", "kind", "party", "person"]
    autocomplete_fields = ["party", "person"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("party", "person")


class PaperInline(PortalTabularInline):
    """Background papers. The file is only ever sent: what is kept is shown by its pages."""

    model = BackgroundPaper
    form = PaperForm
    fk_name = "session"
    fields = ["position", "language", "title", "file", "pages", "in_packs"]
    readonly_fields = ["pages"]


class PartInline(PortalTabularInline):
    """The parts of a session, such as the breakouts of a Common Space."""

    model = Session
    form = PartForm
    formset = PartFormSet
    fk_name = "parent"
    fields = ["position", *english("title"), "slug", "room", "starts_at", "ends_at"]
    verbose_name = _("part")
    verbose_name_plural = _("parts")
    show_change_link = True
    can_delete = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("forum", "venue")


class SessionBaseAdmin(SessionActs, PortalAdmin):
    """What the pages of all kinds of sessions share."""

    form = SessionForm
    inlines = [RoleInline, PaperInline, PartInline]
    list_display = ["title", "when", "where", "states"]
    list_filter = [StateFilter, "forum", ("venue", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["forum", "venue", "room"]
    search_fields = ["slug", *every_language("title", "host")]
    autocomplete_fields = ["parent", "venue"]
    prepopulated_fields = {"slug": english("title")}
    readonly_fields = ["cancelled_at"]
    change_form_template = "admin/schedule/session_change_form.html"
    delete_confirmation_template = "admin/schedule/session_delete.html"
    delete_selected_confirmation_template = "admin/schedule/session_delete_selected.html"
    own_fields: list[Any] = []
    own_translated: list[str] = []

    def get_fieldsets(self, request, obj=None):
        kind = [] if self.model.KIND else ["kind"]
        return [
            (
                None,
                {
                    "fields": [
                        "forum",
                        *kind,
                        *self.own_fields,
                        *english("title", *self.own_translated),
                        "slug",
                        *english("summary", "host"),
                    ]
                },
            ),
            (
                _("When"),
                {
                    "fields": [
                        "timing",
                        "starts_at",
                        "ends_at",
                        ("starts_on", "ends_on"),
                        "day_part",
                        "month",
                        "to_confirm",
                        "cancelled_at",
                    ]
                },
            ),
            (_("Where"), {"fields": ["room", "venue"]}),
            (
                _("Who enters, media, languages"),
                {"fields": ["entry", *english("entry_note"), "media", "record", "floor_languages", "interpretation"]},
            ),
            other_languages("title", *self.own_translated, "summary", "host", "entry_note"),
            (_("For organisers"), {"fields": ["listed", "parent", "position", "note"]}),
        ]

    def get_inlines(self, request, obj):
        return self.inlines if obj else [RoleInline]

    def get_changeform_initial_data(self, request):
        current = Forum.objects.filter(is_current=True).values_list("pk", flat=True).first()
        return {"forum": current, "timing": Session.Timing.TIMED, **super().get_changeform_initial_data(request)}

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """Also what is only shown stands in the zone of the venue."""
        session = self.get_object(request, unquote(object_id)) if object_id else None
        if session is None:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with timezone.override(session.zone):
            response = super().changeform_view(request, object_id, form_url, extra_context)
            return response.render() if hasattr(response, "render") else response

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for clash in person_clashes(form.instance):
            messages.warning(
                request,
                format_html(
                    str(_("{person} would be in two places at once: {session} and {other}.")),
                    person=clash.person,
                    session=session_link(clash.session),
                    other=session_link(clash.other),
                ),
            )

    @admin.display(description=_("when"), ordering="starts_at")
    def when(self, session):
        match session.timing:
            case Session.Timing.TIMED:
                start, end = (timezone.localtime(value, session.zone) for value in (session.starts_at, session.ends_at))
                if start.date() == end.date():
                    hours = format_html(
                        '<bdi dir="ltr">{}–{}</bdi>', date_format(start, "H:i"), date_format(end, "H:i")
                    )
                    return format_html("{} {}", date_format(start, "D j N Y"), hours)
                return f"{date_format(start, 'D j N Y, H:i')} – {date_format(end, 'j N, H:i')}"
            case Session.Timing.DATED if session.starts_on == session.ends_on:
                return date_format(session.starts_on, "D j N Y")
            case Session.Timing.DATED:
                return f"{date_format(session.starts_on, 'j N Y')} – {date_format(session.ends_on, 'j N Y')}"
        return date_format(session.month, "F Y")

    @admin.display(description=_("place"), ordering="room__name")
    def where(self, session):
        return ", ".join(name_of(place.name) for place in (session.room, session.venue) if place) or None

    @admin.display(description=_("state"))
    def states(self, session):
        unconfirmed = session.to_confirm
        if Session.Unconfirmed.SESSION in unconfirmed:
            unconfirmed = [Session.Unconfirmed.SESSION]  # that says it all
        labels = [_("Cancelled")] if session.is_cancelled else [Session.Unconfirmed(one).label for one in unconfirmed]
        if not session.listed:
            labels.append(_("Internal"))
        return format_html_join(" ", '<span class="state">{}</span>', ((label,) for label in labels))


@admin.register(Session)
class SessionAdmin(SheetAdmin, SessionBaseAdmin):
    """All sessions in one list. A kind that has a page of its own is edited there."""

    resource_classes = [SessionSheet]
    list_display = ["own_page", "kind", "when", "where", "states"]
    list_display_links = None
    list_filter = [StateFilter, "forum", "kind", "timing", ("venue", admin.RelatedOnlyFieldListFilter)]
    change_form_template = SessionBaseAdmin.change_form_template

    @admin.display(description=_("title"), ordering="title_en")
    def own_page(self, session):
        return format_html('<a href="{}">{}</a>', self._page(session), in_words(session, "title"))

    def _page(self, session: Session) -> str:
        model = Session.own_models().get(session.kind)
        if model is None or not self.admin_site.is_registered(model):
            model = Session
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[session.pk])

    def change_view(self, request, object_id, form_url="", extra_context=None):
        session = self.get_object(request, unquote(object_id))
        if session is not None and session.kind in Session.own_models():
            return HttpResponseRedirect(self._page(session))
        return super().change_view(request, object_id, form_url, extra_context)
