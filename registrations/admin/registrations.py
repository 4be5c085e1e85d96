from typing import cast

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from people.editing import PortalAdmin, ReadOnly
from people.foreign import as_given
from people.models import User
from schedule.models import Session

from ..models import Registration
from ..rules import waiting_rule, waiting_rules
from ..services import accept_overlap, promote, release
from .delegations import PARTY_NAMES
from .filters import ToSettle
from .forms import OverlapForm
from .reports import each, words_of


def hours(registration: Registration):
    """In the zone of the venue; nothing for a session without hours."""
    if registration.period is None:
        return None
    zone = registration.seating.session.zone
    start, end = (timezone.localtime(moment, zone) for moment in (registration.period.lower, registration.period.upper))
    clock = (date_format(moment, "H:i") for moment in (start, end))
    return format_html('{} <bdi dir="ltr">{}–{}</bdi>', date_format(start, "j N Y"), *clock)


def numbered(session: Session):
    """With the number that it has in the programme."""
    published = getattr(session, "published", None)
    return as_given(f"{published.number} {session}".strip() if published else str(session))


def two_lines(first: object, second: object) -> SafeString:
    return format_html('{}<span class="quiet">{}</span>', first, second or "")


class NameFilter(admin.SimpleListFilter):
    title = _("delegate")
    parameter_name = "delegate"

    def lookups(self, request, model_admin):
        return [("unnamed", _("To be named")), ("reserved", _("Reserved"))]

    def queryset(self, request, queryset):
        match self.value():
            case "unnamed":
                return queryset.to_be_named()
            case "reserved":
                return queryset.reserved()
        return queryset


@admin.register(Registration)
class RegistrationAdmin(ReadOnly, PortalAdmin):
    """Made by delegates and promotions; given up and granted by services only."""

    list_display = ["whose", "where", "standing", "rule", "overlap", "requested_at"]
    list_filter = [
        ToSettle, "status", NameFilter, "place", "overlap", "seating__session__forum", "delegation__category",
        "seating",
    ]  # fmt: skip
    list_select_related = [
        "person", "reserved_for__person", "delegation__party", "seating__session__venue", "seating__session__forum",
        "delegate", "seating__session__published",
    ]  # fmt: skip
    search_fields = [
        "person__family_name", "person__given_name", "delegation__party__code",
        *(f"delegation__{name}" for name in PARTY_NAMES), "seating__session__slug",
        "seating__session__published__number",
    ]  # fmt: skip
    ordering = ["seating", "pk"]
    actions = ["release_chosen", "promote_chosen", "accept_overlaps"]
    fields = [
        "session", "hours", "delegation", "who", "place", "status", "turn", "rule", "overlap", "requested_at",
        "requested_by", "confirmed_at", "released_at", "released_by",
    ]  # fmt: skip

    def get_queryset(self, request):
        return Registration.objects.with_waiting_before().select_related(*self.list_select_related)

    def get_changelist_instance(self, request):
        """The rules that hold those who wait are looked up for the whole page."""
        changelist = super().get_changelist_instance(request)
        rules = waiting_rules([row for row in changelist.result_list if row.is_waiting])
        for row in changelist.result_list:
            row.held_by = rules.get(row.pk)
        return changelist

    def get_urls(self):
        view = self.admin_site.admin_view(self.overlaps_view)
        return [path("overlaps/", view, name="registrations_registration_overlaps"), *super().get_urls()]

    def has_release_permission(self, request):
        return request.user.has_perm("registrations.change_registration")

    def has_grant_permission(self, request):
        return request.user.has_perm("registrations.add_seatexception")

    @admin.display(description=_("delegate"), ordering="person__family_name")
    def whose(self, registration):
        return two_lines(self.who(registration), as_given(registration.delegation))

    @admin.display(description=_("session"), ordering="seating")
    def where(self, registration):
        return two_lines(self.session(registration), self.hours(registration))

    @admin.display(description=_("status"), ordering="status")
    def standing(self, registration):
        turn = format_html("{} {}", _("turn"), self.turn(registration)) if registration.is_waiting else ""
        return two_lines(registration.get_status_display(), registration.get_place_display() or turn)

    @admin.display(description=_("waits because"))
    def rule(self, registration):
        if not registration.is_waiting:
            return None
        return words_of(getattr(registration, "held_by", None) or waiting_rule(registration))

    @admin.display(description=_("delegate"), ordering="person__family_name")
    def who(self, registration):
        if registration.reserved_for:
            person = as_given(registration.reserved_for.person)
            return format_html(str(_("reserved for <bdi>{name}</bdi>")), name=person)
        return as_given(registration.person) or _("to be named")

    @admin.display(description=_("session"), ordering="seating")
    def session(self, registration):
        return numbered(registration.seating.session)

    @admin.display(description=_("hours"), ordering="period")
    def hours(self, registration):
        return hours(registration)

    @admin.display(description=_("turn"))
    def turn(self, registration):
        """On the waiting list of its session."""
        return registration.waiting_before + 1 if registration.is_waiting else None

    @admin.action(description=_("Release; the next in line gets the place"), permissions=["release"])
    def release_chosen(self, request, queryset):
        now = timezone.now()
        done = each(
            request,
            queryset.active(),
            lambda registration: release(registration=registration, by=request.user, now=now),
        )
        messages.success(request, ngettext("%d place is released.", "%d places are released.", done) % done)

    @admin.action(description=_("Confirm a place out of turn"), permissions=["release"])
    def promote_chosen(self, request, queryset):
        now = timezone.now()
        done = each(
            request, queryset, lambda registration: promote(registration=registration, by=request.user, now=now)
        )
        if done:
            message = ngettext(
                "%d delegate came off the waiting list.", "%d delegates came off the waiting list.", done
            )
            messages.success(request, message % done)

    @admin.action(description=_("Accept the overlap"), permissions=["grant"])
    def accept_overlaps(self, request, queryset):
        return self._ask(request, OverlapForm(initial={"chosen": [row.pk for row in queryset]}), queryset)

    def overlaps_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_grant_permission(request):
            raise PermissionDenied
        form = OverlapForm(request.POST)
        form.full_clean()
        if request.method != "POST" or not form.cleaned_data.get("chosen"):
            raise Http404
        chosen = self.get_queryset(request).filter(pk__in=form.cleaned_data.pop("chosen"))
        if not form.is_valid():
            return self._ask(request, form, chosen)
        by, now = cast(User, request.user), timezone.now()
        done = each(
            request,
            chosen,
            lambda registration: accept_overlap(registration=registration, by=by, now=now, **form.cleaned_data),
        )
        if done:
            message = ngettext("%d overlap is accepted.", "%d overlaps are accepted.", done) % done
            messages.success(request, message)
        return HttpResponseRedirect(reverse("admin:registrations_registration_changelist"))

    def _ask(self, request, form, registrations):
        """Each place beside those of the same person that it overlaps."""
        registrations = list(registrations)
        for row in registrations:
            others = self.get_queryset(request).in_the_way_of(row.person_id, row.period).exclude(pk=row.pk)
            row.others = list(others) if row.person_id and row.period else []
            for place in (row, *row.others):
                place.told_hours = hours(place)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Accept the overlap"),
            "opts": self.opts,
            "registrations": registrations,
            "form": form,
            "media": self.media + form.media,
        }
        return TemplateResponse(request, "admin/registrations/overlaps.html", context)
