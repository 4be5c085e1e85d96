from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from people.editing import PortalAdmin, ReadOnly
from people.foreign import as_given

from ..models import Place, SeatException
from ..services import RegistrationRefused, grant_exception
from .forms import ExceptionForm
from .registrations import hours

KINDS = ("beyond_seats", "beyond_quota", "beyond_hours")


@admin.register(SeatException)
class SeatExceptionAdmin(ReadOnly, PortalAdmin):
    """Places granted beyond a limit or an overlap. One can be added; none is changed or taken off the record."""

    list_display = [
        "who", "delegation", "session", "when", "place", "beyond", "authorised_by", "authorised_at", "reason",
        "recorded_by", "recorded_at",
    ]  # fmt: skip
    list_filter = [*KINDS, "registration__seating__session__forum"]
    list_select_related = [
        "registration__person", "registration__delegation__party", "registration__seating__session__venue",
        "registration__seating__session__forum", "recorded_by",
    ]  # fmt: skip
    search_fields = ["authorised_by", "reason", "registration__person__family_name"]

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, **kwargs) if obj else ExceptionForm

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["seating", "delegate", "place", "authorised_by", "authorised_at", "reason"]
        return list(self.list_display)

    @admin.display(description=_("delegate"))
    def who(self, exception):
        return as_given(exception.registration.person) or _("to be named")

    @admin.display(description=_("delegation"))
    def delegation(self, exception):
        return as_given(exception.registration.delegation)

    @admin.display(description=_("session"))
    def session(self, exception):
        return as_given(exception.registration.seating.session)

    @admin.display(description=_("hours"), ordering="registration__period")
    def when(self, exception):
        return hours(exception.registration)

    @admin.display(description=_("kind of place"))
    def place(self, exception):
        return exception.registration.get_place_display()

    @admin.display(description=_("exception"))
    def beyond(self, exception):
        labels = [exception._meta.get_field(kind).verbose_name for kind in KINDS if getattr(exception, kind)]
        return format_html_join(" ", '<span class="state">{}</span>', ((label,) for label in labels))

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
