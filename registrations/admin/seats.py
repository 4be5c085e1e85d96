from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminSplitDateTime, AutocompleteSelect
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from people.editing import PortalAdmin, PortalTabularInline, ReadOnly
from people.foreign import as_given

from ..checks import more_seats_than_room
from ..models import Place, Registration, SeatException, Seating, SeatingShare
from ..services import RegistrationRefused, arrange_places, grant_exception, release
from .filters import ToSettle
from .reports import each, tell_of_places


class ShareInline(PortalTabularInline):
    model = SeatingShare

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("category")


@admin.register(Seating)
class SeatingAdmin(PortalAdmin):
    list_display = [
        "session", "table_seats", "at_table", "behind_seats", "behind", "observer_seats", "observers", "held_back",
        "waiting", "opens_at",
    ]  # fmt: skip
    list_filter = ["session__forum", "session__kind"]
    list_select_related = ["session"]
    search_fields = [
        "session__slug",
        "session__title_en",
        "session__title_fr",
        "session__title_es",
        "session__title_ar",
    ]
    autocomplete_fields = ["session"]
    fields = ["session", ("table_seats", "held_back"), ("behind_seats", "observer_seats"), ("opens_at", "closes_at")]
    inlines = [ShareInline]

    def get_queryset(self, request):
        return Seating.objects.with_counts().select_related("session")

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

    @admin.display(description=_("at the table"))
    def at_table(self, seating):
        return seating.at_table

    @admin.display(description=_("behind it"))
    def behind(self, seating):
        return seating.behind

    @admin.display(description=_("observers"))
    def observers(self, seating):
        return seating.observers

    @admin.display(description=_("waiting"))
    def waiting(self, seating):
        return seating.waiting


@admin.register(Registration)
class RegistrationAdmin(ReadOnly, PortalAdmin):
    """Made by delegates and promotions; given up and granted by services only."""

    list_display = ["who", "delegation", "session", "status", "place", "overlap", "requested_at"]
    list_filter = [ToSettle, "status", "place", "overlap", "seating__session__forum", "delegation__category", "seating"]
    list_select_related = ["person", "delegation__party", "seating__session", "delegate"]
    search_fields = ["person__family_name", "person__given_name", "delegation__party__code", "seating__session__slug"]
    ordering = ["seating", "pk"]
    actions = ["release_chosen"]
    fields = [
        "session", "delegation", "who", "place", "status", "overlap", "requested_at", "requested_by", "confirmed_at",
        "released_at", "released_by",
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    def has_release_permission(self, request):
        return request.user.has_perm("registrations.change_registration")

    @admin.display(description=_("delegate"), ordering="person__family_name")
    def who(self, registration):
        return as_given(registration.person) or _("to be named")

    @admin.display(description=_("session"), ordering="seating")
    def session(self, registration):
        return as_given(registration.seating.session)

    @admin.action(description=_("Release; the next in line gets the place"), permissions=["release"])
    def release_chosen(self, request, queryset):
        now = timezone.now()
        done = each(
            request,
            queryset.active(),
            lambda registration: release(registration=registration, by=request.user, now=now),
        )
        messages.success(request, ngettext("%d place is released.", "%d places are released.", done) % done)


def _choose(model, field, label):
    widget = AutocompleteSelect(model._meta.get_field(field), admin.site)
    return forms.ModelChoiceField(
        model._meta.get_field(field).remote_field.model.objects.all(), label=label, widget=widget
    )


class ExceptionForm(forms.ModelForm):
    seating = _choose(Registration, "seating", _("Session"))
    delegate = _choose(Registration, "delegate", _("Delegate"))
    place = forms.ChoiceField(label=_("Kind of place"), choices=Place)

    class Meta:
        model = SeatException
        fields = ["authorised_by", "authorised_at", "reason"]
        field_classes = {"authorised_at": forms.SplitDateTimeField}
        widgets = {"authorised_at": AdminSplitDateTime}


@admin.register(SeatException)
class SeatExceptionAdmin(ReadOnly, PortalAdmin):
    """Places granted beyond a limit or an overlap. One can be added; none is changed or taken off the record."""

    list_display = [
        "registration",
        "authorised_by",
        "authorised_at",
        "reason",
        "beyond_seats",
        "beyond_quota",
        "beyond_hours",
        "recorded_by",
        "recorded_at",
    ]
    list_filter = ["beyond_seats", "beyond_quota", "beyond_hours", "registration__seating__session__forum"]
    list_select_related = ["registration__person", "registration__seating__session", "recorded_by"]
    search_fields = ["authorised_by", "reason", "registration__person__family_name"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, **kwargs) if obj else ExceptionForm

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["seating", "delegate", "place", "authorised_by", "authorised_at", "reason"]
        return list(self.list_display)

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("registrations.add_seatexception")

    def add_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().add_view(request, *args, **kwargs)
        except RegistrationRefused as refusal:
            messages.error(request, str(refusal))
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request, obj, form, change):
        chosen = form.cleaned_data
        registration = grant_exception(
            seating=chosen["seating"],
            delegate=chosen["delegate"],
            place=Place(chosen["place"]),
            authorised_by=obj.authorised_by,
            authorised_at=obj.authorised_at,
            reason=obj.reason,
            by=request.user,
            now=timezone.now(),
        )
        obj.pk, obj.registration = registration.exceptions.get().pk, registration
