from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from people.editing import PortalAdmin, PortalTabularInline, english, every_language, other_languages
from people.sorting import by_party
from people.spreadsheets import SheetAdmin
from schedule.models import Forum, Session

from ..models import Delegate, Delegation, DelegationCategory, DelegationHead, FocalPoint, Letter
from ..resources import DelegationSheet
from ..services import arrange_places
from .invitations import InvitationInline, invite_a_focal_point
from .lists import WithList
from .reports import tell_of_places

PARTY_NAMES = [f"party__{name}" for name in every_language("short_name", "acronym")]


@admin.register(DelegationCategory)
class DelegationCategoryAdmin(PortalAdmin):
    list_display = [
        "name", "code", "is_government", "table_places", "behind_places", "observer_places", "places_are_kept", "size",
        "position",
    ]  # fmt: skip
    search_fields = ["code", *every_language("name")]
    fieldsets = [
        (
            None,
            {"fields": [*english("name"), *english("plural_name"), "code", ("position", "colour"), "is_government"]},
        ),
        (_("Delegations of this kind"), {"fields": ["size", "needs_letter", "open_kinds"]}),
        (
            _("Places of one delegation at a session"),
            {"fields": [("table_places", "behind_places", "observer_places"), "places_are_kept"]},
        ),
        other_languages("name", "plural_name"),
    ]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "open_kinds":
            return forms.MultipleChoiceField(
                label=capfirst(db_field.verbose_name),
                help_text=db_field.help_text,
                choices=Session.Kind.choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_related(self, request, form, formsets, change):
        """What is kept from now on is there at once."""
        super().save_related(request, form, formsets, change)
        for forum in Forum.objects.filter(is_current=True):
            tell_of_places(request, arrange_places(forum=forum, now=timezone.now()))


class FocalPointInline(PortalTabularInline):
    model = FocalPoint
    autocomplete_fields = ["user"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("user")


class HeadInline(PortalTabularInline):
    model = DelegationHead
    autocomplete_fields = ["delegate"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("delegate__person", "delegate__delegation__party")


class LetterOfDelegation(admin.SimpleListFilter):
    title = _("letter")
    parameter_name = "letter"

    def lookups(self, request, model_admin):
        return [("missing", _("Not here"))]

    def queryset(self, request, queryset):
        if self.value() != "missing":
            return queryset
        return queryset.filter(category__needs_letter=True, letter_follows=False, has_letter=False)


class HeadFilter(admin.SimpleListFilter):
    title = _("head of delegation")
    parameter_name = "head"

    def lookups(self, request, model_admin):
        return [("none", _("Nobody is named yet."))]

    def queryset(self, request, queryset):
        return queryset.filter(category__is_government=True, has_head=False) if self.value() == "none" else queryset


def state_of_letter(delegation: Delegation, *, is_here: bool) -> str | None:
    """None where none is asked for."""
    if is_here:
        return str(_("Here"))
    if delegation.letter_follows:
        return str(_("To follow"))
    return str(_("Not here")) if delegation.category.needs_letter else None


@admin.register(Delegation)
class DelegationAdmin(SheetAdmin, WithList):
    resource_classes = [DelegationSheet]
    list_display = ["party", "category", "accredited", "letter", "head", "key_expires_at"]
    list_filter = [LetterOfDelegation, HeadFilter, "forum", "category"]
    list_select_related = ["party", "category", "forum"]
    search_fields = ["party__code", *PARTY_NAMES]
    autocomplete_fields = ["party"]
    inlines = [FocalPointInline, InvitationInline, HeadInline]
    actions = ["renew_keys"]

    def get_queryset(self, request):
        state = F("delegates__state")
        gone = [Delegate.State.DECLINED, Delegate.State.WITHDRAWN]
        return (
            super()
            .get_queryset(request)
            .annotate(
                entered=Count(state, filter=~Q(delegates__state__in=gone)),
                are_accredited=Count(state, filter=Q(delegates__state=Delegate.State.ACCREDITED)),
                has_letter=Exists(Letter.objects.filter(delegation=OuterRef("pk"))),
                has_head=Exists(DelegationHead.objects.filter(delegation=OuterRef("pk"))),
            )
        )

    def get_ordering(self, request):
        return ["category__position", by_party("party"), "pk"]

    @admin.display(description=_("accredited, of those entered"))
    def accredited(self, delegation):
        return _("%(n)s of %(of)s") % {"n": delegation.are_accredited, "of": delegation.entered}

    @admin.display(description=_("letter"))
    def letter(self, delegation):
        return state_of_letter(delegation, is_here=delegation.has_letter)

    @admin.display(description=_("head of delegation"))
    def head(self, delegation):
        return _("Yes") if delegation.has_head else _("No") if delegation.category.is_government else None

    def get_fields(self, request, obj=None):
        """The key opens the delegation: it is shown to those who may renew it."""
        shown = ["registration_key", invite_a_focal_point] if obj and self.has_change_permission(request, obj) else []
        return ["forum", "party", "category", "letter_follows", "accessible_seat", *shown, "key_expires_at"]

    def get_readonly_fields(self, request, obj=None):
        return ["registration_key", invite_a_focal_point, *(["forum", "party"] if obj else [])]

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        tell_of_places(request, arrange_places(forum=form.instance.forum, now=timezone.now()))

    @admin.action(description=_("Give new registration keys"), permissions=["change"])
    def renew_keys(self, request, queryset):
        for delegation in queryset:
            delegation.renew_key()
        message = ngettext(
            "%d new key. The old one opens nothing.", "%d new keys. The old ones open nothing.", len(queryset)
        )
        messages.success(request, message % len(queryset))
