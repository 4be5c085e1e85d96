"""The focal point’s page of a delegation: who lacks what, the order, the head, the key."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from people.foreign import name_of
from people.sorting import by_party
from programme import dates
from programme.reading import language

from .. import services
from ..forms import HeadForm, KeyForm
from ..models import Delegation
from ..roster import heads_of, roster
from ..services import RegistrationRefused
from .frame import Request, framed
from .own import own

PAGES = "registrations/delegation/"


@never_cache
@require_safe
def delegations(request: Request) -> HttpResponse:
    """The delegation that one looks after; a choice where there are several."""
    found = list(Delegation.objects.looked_after_by(request.user).order_by(by_party("party")))
    if len(found) == 1:
        return _page(request, found[0])
    return framed(request, f"{PAGES}choice.html", delegations=found)


@never_cache
@require_safe
def delegation_page(request: Request, uuid: UUID) -> HttpResponse:
    return _page(request, own(request, uuid))


def _page(request: Request, delegation: Delegation) -> HttpResponse:
    ends = delegation.key_expires_at
    return framed(
        request,
        f"{PAGES}page.html",
        delegation=delegation,
        roster=roster(delegation),
        key_ends=dates.day(ends.astimezone(delegation.forum.zone), language(), year=True) if ends else "",
        key_has_expired=delegation.key_has_expired(timezone.now()),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_order(request: Request, uuid: UUID) -> HttpResponse:
    """The order in which delegates stand; POST moves one of them, by one or to a place."""
    delegation = own(request, uuid)
    delegates = list(delegation.delegates.present().select_related("person").order_by("position", "pk"))
    if request.method != "POST":
        return framed(request, f"{PAGES}order.html", delegation=delegation, delegates=delegates)
    places = {str(delegate.uuid): place for place, delegate in enumerate(delegates)}
    chosen, way = request.POST.get("delegate", ""), request.POST.get("move")
    if chosen not in places:
        raise BadRequest("nobody to move")
    here = places[chosen]
    match way, request.POST.get("to", ""):
        case "up", _place:
            there = here - 1
        case "down", _place:
            there = here + 1
        case "to", place if place.isdecimal():
            there = int(place) - 1
        case _:
            raise BadRequest("nowhere to move")
    delegates.insert(min(max(there, 0), len(delegates) - 1), delegates.pop(here))
    services.order_delegates(delegation=delegation, delegates=delegates)
    return redirect(f"{reverse('registrations:delegation-order', args=[uuid])}#d-{chosen}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_head(request: Request, uuid: UUID) -> HttpResponse:
    """Who heads the delegation, from which half-day on."""
    delegation = own(request, uuid)
    form = HeadForm(request.POST or None, delegation=delegation, initial={"delegate": request.GET.get("delegate")})
    if form.is_valid():
        delegate = form.cleaned_data["delegate"]
        try:
            services.name_head(
                delegate=delegate, starts_at=form.cleaned_data["starts_at"], by=request.user, now=timezone.now()
            )
        except RegistrationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Head of delegation: %(person)s.") % {"person": name_of(delegate.person)})
            return redirect("registrations:delegation-page", uuid=uuid)
    return framed(request, f"{PAGES}head.html", delegation=delegation, form=form, heads=heads_of(delegation))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_key(request: Request, uuid: UUID) -> HttpResponse:
    """Asks once more, then gives the delegation a new registration key."""
    delegation = own(request, uuid)
    form = KeyForm(request.POST if request.method == "POST" else None, forum=delegation.forum)
    if form.is_valid():
        delegation.renew_key(expires_at=form.expires_at)
        messages.success(request, _("The delegation has a new registration key. The old one opens nothing."))
        return redirect("registrations:delegation-page", uuid=uuid)
    return framed(request, f"{PAGES}key.html", delegation=delegation, form=form)
