"""Two entries that may be one person, side by side."""

from collections.abc import Iterable
from typing import cast

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from people.editing import PortalAdmin
from people.foreign import name_of
from people.models import Person, User
from schedule.models import Forum

from ..duplicates import pairs
from ..models import Delegate, Registration
from ..services import RegistrationRefused, same_person, two_persons
from .reports import warn

NEEDED = ["people.change_person", "registrations.change_delegate", "registrations.add_distinctpersons"]


class JoiningAdmin(PortalAdmin):
    """For the admin of delegates."""

    change_list_template = "admin/registrations/delegates.html"

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("duplicates/", wrap(self.duplicates_view), name="registrations_delegate_duplicates"),
            path("duplicates/<int:one>/<int:other>/", wrap(self.pair_view), name="registrations_delegate_pair"),
            *super().get_urls(),
        ]

    def duplicates_view(self, request: HttpRequest) -> HttpResponse:
        """Those who may stand twice at the current forum."""
        _check(request)
        found = Paginator(pairs(get_object_or_404(Forum, is_current=True)), self.list_per_page)
        page = found.get_page(request.GET.get("page"))
        with_delegations([person for pair in page for person in (pair.first, pair.second)])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Possible duplicates"),
            "opts": self.opts,
            "page": page,
        }
        return TemplateResponse(request, "admin/registrations/duplicates.html", context)

    def pair_view(self, request: HttpRequest, one: int, other: int) -> HttpResponse:
        _check(request)
        persons = [get_object_or_404(Person.objects.select_related("user"), pk=pk) for pk in (one, other)]
        if one == other:
            raise Http404
        if request.method == "POST" and self._decide(request, persons):
            return HttpResponseRedirect(reverse("admin:registrations_delegate_duplicates"))
        with_delegations(persons)
        with_places(persons)
        context = {
            **self.admin_site.each_context(request),
            "title": _("One person or two?"),
            "opts": self.opts,
            "persons": persons,
        }
        return TemplateResponse(request, "admin/registrations/pair.html", context)

    def _decide(self, request: HttpRequest, persons: list[Person]) -> bool:
        by, now = cast(User, request.user), timezone.now()
        if "two" in request.POST:
            two_persons(one=persons[0], other=persons[1], by=by, now=now)
            self.message_user(request, _("They are two persons. Nobody is asked again."))
            return True
        keep = next((person for person in persons if str(person.pk) == request.POST.get("keep")), None)
        if keep is None:
            raise Http404
        [drop] = [person for person in persons if person is not keep]
        gone = name_of(drop)
        try:
            same_person(keep=keep, drop=drop, by=by, now=now)
        except RegistrationRefused as refusal:
            warn(request, refusal)
            return False
        self.message_user(request, _("%(person)s is one person now.") % {"person": name_of(keep)})
        self.log_change(request, keep, [{"added": {"name": gettext_noop("second entry"), "object": gone}}])
        return True


def _check(request: HttpRequest) -> None:
    if not request.user.has_perms(NEEDED):
        raise PermissionDenied


def with_delegations(persons: Iterable[Person]) -> None:
    """Put `at` on each person: the memberships at all forums."""
    rows = Delegate.objects.filter(person__in=persons).select_related("delegation__party", "delegation__forum")
    _put(persons, "at", rows.order_by("-delegation__forum__starts_on", "pk"))


def with_places(persons: Iterable[Person]) -> None:
    """Put `places` on each person."""
    rows = Registration.objects.active().filter(person__in=persons)
    _put(persons, "places", rows.select_related("seating__session", "delegation__party").order_by("period", "pk"))


def _put(persons: Iterable[Person], name: str, rows) -> None:
    found = list(rows)
    for person in persons:
        setattr(person, name, [row for row in found if row.person_id == person.pk])
