from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from people.editing import PortalAdmin, ReadOnly
from people.foreign import as_given

from ..models import Place, SeatException
from ..services import RegistrationRefused, grant_exception
from .delegations import PARTY_NAMES
from .forms import ExceptionForm
from .registrations import hours, numbered, two_lines
from .reports import words_of

KINDS = {
    "beyond_seats": _("beyond the seats"),
    "beyond_quota": _("beyond the delegation’s places"),
    "beyond_hours": _("in two places at once"),
}


class KindFilter(admin.SimpleListFilter):
    title = _("kind of exception")
    parameter_name = "beyond"

    def lookups(self, request, model_admin):
        return [(kind, capfirst(words)) for kind, words in KINDS.items()]

    def queryset(self, request, queryset):
        kind = self.value()
        return queryset.filter(**{kind: True}) if kind and kind in KINDS else queryset


@admin.register(SeatException)
class SeatExceptionAdmin(ReadOnly, PortalAdmin):
    """Places granted beyond a limit or an overlap. One can be added; none is changed or taken off the record."""

    list_display = ["whose", "where", "place", "beyond", "word", "reason"]
    list_filter = [KindFilter, "registration__seating__session__forum"]
    list_select_related = [
        "registration__person", "registration__delegation__party", "registration__seating__session__venue",
        "registration__seating__session__forum", "registration__seating__session__published", "recorded_by",
    ]  # fmt: skip
    search_fields = [
        "authorised_by", "reason", "registration__person__family_name", "registration__seating__session__slug",
        "registration__seating__session__published__number",
        *(f"registration__delegation__{name}" for name in PARTY_NAMES),
    ]  # fmt: skip

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.list_select_related)

    def get_form(self, request, obj=None, change=False, **kwargs):
        return super().get_form(request, obj, change, **kwargs) if obj else ExceptionForm

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["seating", "delegate", "place", "authorised_by", "authorised_at", "reason"]
        return [
            "who", "delegation", "session", "when", "place", "beyond", "authorised_by", "authorised_at", "reason",
            "recorded_by", "recorded_at",
        ]  # fmt: skip

    @admin.display(description=_("delegate"))
    def whose(self, exception):
        return two_lines(self.who(exception), self.delegation(exception))

    @admin.display(description=_("session"), ordering="registration__period")
    def where(self, exception):
        return two_lines(self.session(exception), self.when(exception))

    @admin.display(description=_("authorised by"), ordering="authorised_at")
    def word(self, exception):
        return two_lines(as_given(exception.authorised_by), date_format(timezone.localtime(exception.authorised_at)))

    @admin.display(description=_("delegate"))
    def who(self, exception):
        return as_given(exception.registration.person) or _("to be named")

    @admin.display(description=_("delegation"))
    def delegation(self, exception):
        return as_given(exception.registration.delegation)

    @admin.display(description=_("session"))
    def session(self, exception):
        return numbered(exception.registration.seating.session)

    @admin.display(description=_("hours"), ordering="registration__period")
    def when(self, exception):
        return hours(exception.registration)

    @admin.display(description=_("kind of place"))
    def place(self, exception):
        return exception.registration.get_place_display()

    @admin.display(description=_("exception"))
    def beyond(self, exception):
        labels = [words for kind, words in KINDS.items() if getattr(exception, kind)]
        return format_html_join(" ", '<span class="state">{}</span>', ((label,) for label in labels))

    def has_add_permission(self, request, obj=None):
        return request.user.has_perm("registrations.add_seatexception")

    def add_view(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        try:
            return super().add_view(request, *args, **kwargs)
        except RegistrationRefused as refusal:
            messages.error(request, words_of(refusal))
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
