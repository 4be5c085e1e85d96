"""A focal point places the delegates of a delegation in sessions, and releases its places."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.urls.converters import UUIDConverter
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from people.direction import isolated
from programme import releases

from .. import services
from ..grid import grid, key, row_key
from ..models import Delegation, Registration, Seating
from ..names import short_name
from ..rules import of_another
from ..services import RegistrationRefused
from .frame import Request, framed
from .own import own

ACT = re.compile(f"(take|name|out) ({UUIDConverter.regex}) ({UUIDConverter.regex})")
OF_PLACE = ("delegation__party", "delegation__category", "delegate__person", "seating__session__published")


@dataclass(frozen=True)
class Outcome:
    """What became of an act in a cell: said aloud, and, when it was refused, why at the cell itself.

    `cell` is a row where a choice was asked for and nobody chosen.
    """

    cell: str
    words: str
    refusal: str = ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_places(request: Request, uuid: UUID) -> HttpResponse:
    """The grid; POST is one act in one cell. With htmx the grid alone, or nothing when it is as it was `seen`."""
    delegation, now = own(request, uuid), timezone.now()
    outcome = _act(request, delegation) if request.method == "POST" else None
    if outcome and not outcome.refusal and not request.htmx:
        messages.success(request, outcome.words)
        return redirect(f"{reverse('registrations:delegation-places', args=[uuid])}#{outcome.cell}")
    beside = outcome.cell if outcome else ""
    shown = grid(delegation=delegation, release=releases.current(), now=now, beside=beside)
    if request.htmx and request.GET.get("seen") == shown.seen:
        return HttpResponse(status=204)
    template = "registrations/grid/_grid.html" if request.htmx else "registrations/grid/page.html"
    return framed(request, template, grid=shown, outcome=outcome)


def _act(request: Request, delegation: Delegation) -> Outcome:
    asked = request.POST.get("act", "")
    if not asked and (row := request.POST.get("row", "")).isdecimal():
        asked = request.POST.get(f"act-{row}", "")
        if not asked:
            words = _("Choose a delegate first.")
            return Outcome(row_key(int(row)), words, words)
    found = ACT.fullmatch(asked)
    if found is None:
        raise Http404
    verb, subject, delegate_uuid = found.groups()
    delegate = get_object_or_404(delegation.delegates.select_related("person"), uuid=delegate_uuid)
    do: Callable[..., Registration]
    if verb == "take":
        listed = Seating.objects.filter(session__published__forum=delegation.forum, session__published__listed=True)
        seating = get_object_or_404(listed.select_related("session__published"), session__uuid=subject)
        do = partial(services.register, seating=seating, delegate=delegate)
    else:
        places = delegation.registrations.select_related("seating__session__published")
        registration = get_object_or_404(places, uuid=subject)
        seating = registration.seating
        do = partial(
            services.name if verb == "name" else services.take_out, registration=registration, delegate=delegate
        )
    cell = key(seating.pk, delegate)
    names = {"person": isolated(delegate.person), "session": short_name(getattr(seating.session, "published", None))}
    try:
        done = do(by=request.user, now=timezone.now())
    except RegistrationRefused as refusal:
        reason = " ".join(str(of_another(problem)) for problem in refusal.problems)
        return Outcome(cell, _("%(person)s, %(session)s: %(reason)s") % {**names, "reason": reason}, reason)
    return Outcome(cell, _said(verb, done) % {**names, "place": done.get_place_display()})


def _said(verb: str, done: Registration) -> str:
    if verb == "out" and done.is_confirmed:
        return _("%(person)s is taken out of %(session)s. The place stays with the delegation, to be named.")
    if verb == "out":
        return _("%(person)s is off the waiting list of %(session)s.")
    if done.is_confirmed:
        return _("%(person)s has a place in %(session)s: %(place)s.")
    return _("%(person)s is on the waiting list of %(session)s.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def place_release(request: Request, uuid: UUID) -> HttpResponse:
    """What the delegation gives up for good, and with whom in it; then giving it up."""
    theirs = Registration.objects.filter(delegation__in=Delegation.objects.looked_after_by(request.user))
    registration = get_object_or_404(theirs.exclude(place="").select_related(*OF_PLACE), uuid=uuid)
    back = reverse("registrations:delegation-places", args=[registration.delegation.uuid])
    session, there = short_name(registration.published), registration.delegate
    if not registration.is_confirmed:
        messages.info(request, _("Released already: the place in %(session)s.") % {"session": session})
        return redirect(back)
    if request.method != "POST":
        return framed(request, "registrations/grid/release.html", registration=registration)
    if request.POST.get("delegate", "") != (str(there.uuid) if there else ""):
        messages.warning(request, _("Somebody has changed this place meanwhile. Look at it again."))
        return redirect(request.path)
    try:
        services.hand_back(registration=registration, delegate=there, by=request.user, now=timezone.now())
    except RegistrationRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Released: the place in %(session)s.") % {"session": session})
    return redirect(back)
