from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from people.editing import PortalTabularInline, ReadOnly
from people.foreign import as_given
from people.sorting import by_party
from schedule.models import Forum

from ..duplicates import pairs
from ..models import AccreditationChange, Delegate
from ..services import open_to
from ..services.photographs import keep_photograph
from .deciding import TITLES, DecidingAdmin
from .delegations import PARTY_NAMES, state_of_letter
from .desk import DeskAdmin
from .forms import DelegateForm
from .joining import JoiningAdmin
from .registrations import two_lines


class ChangeInline(ReadOnly, PortalTabularInline):
    model = AccreditationChange
    fields = ["at", "old", "new", "by", "reason"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("by")


class LetterFilter(admin.SimpleListFilter):
    title = _("letter")
    parameter_name = "letter"

    def lookups(self, request, model_admin):
        return [("missing", _("Not here"))]

    def queryset(self, request, queryset):
        return queryset.without_letter() if self.value() == "missing" else queryset


class DuplicateFilter(admin.SimpleListFilter):
    title = _("possible duplicate")
    parameter_name = "duplicate"

    def lookups(self, request, model_admin):
        return [("yes", _("Yes"))]

    def queryset(self, request, queryset):
        if self.value() != "yes":
            return queryset
        forums = Forum.objects.filter(is_current=True)
        found = [pair for forum in forums for pair in pairs(forum)]
        return queryset.filter(person__in=[person for pair in found for person in (pair.first, pair.second)])


@admin.register(Delegate)
class DelegateAdmin(DecidingAdmin, JoiningAdmin, DeskAdmin):
    form = DelegateForm
    list_display = ["person", "whose", "function", "state", "submitted_at", "letter"]
    list_filter = [
        "state",
        LetterFilter,
        DuplicateFilter,
        "has_temporary_pass",
        "delegation__forum",
        "delegation__category",
    ]
    list_select_related = ["person", "delegation__party", "delegation__category", "delegation__forum"]
    search_fields = [
        "person__family_name", "person__given_name", "person__arabic_name", "function", "delegation__party__code",
        *(f"delegation__{name}" for name in PARTY_NAMES),
    ]  # fmt: skip
    autocomplete_fields = ["person", "delegation"]
    readonly_fields = ["state", "picture"]
    inlines = [ChangeInline]
    actions = ["accredit_chosen", "return_chosen", "decline_chosen", "withdraw_chosen"]
    change_form_template = "admin/registrations/delegate.html"

    def get_list_display(self, request):
        columns = super().get_list_display(request)
        may_read = request.user.has_perm("registrations.view_letter")
        return [*columns[:-1], "letter_to_read"] if may_read else columns

    def get_ordering(self, request):
        """Of those who wait for a decision, whoever waits longest comes first."""
        if request.GET.get("state__exact") == Delegate.State.SUBMITTED:
            return ["submitted_at", "pk"]
        return ["delegation__category__position", by_party("delegation__party"), "position", "pk"]

    def get_queryset(self, request):
        rows = super().get_queryset(request).select_related(*self.list_select_related)
        return rows.prefetch_related("delegation__letters")

    def get_fields(self, request, obj=None):
        """Needs are read by those who see to them, not by everybody who may look."""
        private = ["needs"] if request.user.has_perm("registrations.read_needs") else []
        face = [("picture", "photograph")] if self.has_change_permission(request, obj) else []
        return [
            "person",
            "delegation",
            "function",
            "position",
            "languages",
            *private,
            ("starts_on", "ends_on"),
            "has_temporary_pass",
            *face,
            "state",
        ]

    def get_readonly_fields(self, request, obj=None):
        return [*self.readonly_fields, *(["person", "delegation"] if obj else [])]

    def render_change_form(self, request, context, *args, **kwargs):
        if delegate := context.get("original"):
            context["decisions"] = [(to.value, TITLES[to]) for to in open_to(delegate) if to in TITLES]
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if picture := form.cleaned_data.get("photograph"):
            keep_photograph(person=obj.person, picture=picture)
        if not change:
            AccreditationChange.objects.create(delegate=obj, new=obj.state, by=request.user, at=timezone.now())

    def has_change_permission(self, request, obj=None):
        """What was erased stays erased."""
        return (obj is None or obj.person.erased_at is None) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Withdrawn, not deleted: the history stays."""
        return False

    def _field_labels(self):
        return {**super()._field_labels(), "photograph": str(self.form.base_fields["photograph"].label)}

    @admin.display(description=_("photograph"))
    def picture(self, delegate):
        if not delegate.pk or not delegate.person.photograph:
            return "–"
        address = reverse("registrations:photograph", args=[delegate.person.uuid])
        return format_html('<img class="photograph" src="{}" alt="">', address)

    @admin.display(description=_("delegation"), ordering="delegation__category__position")
    def whose(self, delegate):
        return two_lines(as_given(delegate.delegation), delegate.delegation.category)

    @admin.display(description=_("letter"))
    def letter_to_read(self, delegate):
        """The newest one, a step from the queue."""
        letter = next(iter(delegate.delegation.letters.all()), None)
        if letter is None:
            return self.letter(delegate)
        address = reverse("admin:registrations_delegation_letter", args=[letter.uuid])
        return format_html('<a href="{}">{}</a>', address, _("Here"))

    @admin.display(description=_("letter"))
    def letter(self, delegate):
        return state_of_letter(delegate.delegation, is_here=bool(delegate.delegation.letters.all()))
