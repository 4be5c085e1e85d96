"""One delegate, as the focal point enters, mends, replaces and withdraws them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from people.direction import isolated, plain
from people.foreign import name_of
from programme.reading import listed

from .. import services
from ..forms import EntryForm, MendForm
from ..headship import span
from ..models import Delegate
from ..names import short_name
from ..services import RegistrationRefused
from .frame import Request, framed
from .own import own, own_delegate

PAGES = "registrations/delegation/"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegate_add(request: Request, uuid: UUID) -> HttpResponse:
    delegation = own(request, uuid)
    form = EntryForm(request.POST or None, request.FILES or None, forum=delegation.forum)
    if form.is_valid():
        try:
            entered = form.add(delegation=delegation, by=request.user, now=timezone.now())
        except RegistrationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, entered, _("%(person)s is entered. Organisers look at the accreditation."))
    return framed(request, f"{PAGES}add.html", delegation=delegation, form=form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegate(request: Request, uuid: UUID) -> HttpResponse:
    """An entry: how it stands, and the form to mend it as long as the delegate is in the delegation."""
    found = own_delegate(request, uuid)
    form = None
    if found.is_present:
        form = MendForm(request.POST or None, request.FILES or None, forum=found.delegation.forum, delegate=found)
        if form.is_valid():
            try:
                mended = form.mend()
                if "send" in request.POST:
                    services.send_again(delegate=found, by=request.user, now=timezone.now())
            except RegistrationRefused as refusal:
                form.add_error(None, str(refusal))
            else:
                _warn_of_other_days(request, mended)
                return _done(request, mended, _("The entry of %(person)s is kept."))
    return framed(request, f"{PAGES}delegate.html", delegate=found, delegation=found.delegation, form=form)


@never_cache
@require_POST
def delegate_again(request: Request, uuid: UUID) -> HttpResponse:
    """Send an entry to the organisers again: one that was returned, or one that was withdrawn."""
    found = own_delegate(request, uuid)
    try:
        services.send_again(delegate=found, by=request.user, now=timezone.now())
    except RegistrationRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("registrations:delegate", uuid=uuid)
    return _done(request, found, _("%(person)s is entered. Organisers look at the accreditation."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegate_replace(request: Request, uuid: UUID) -> HttpResponse:
    """Every place where the name stands, then one act that puts another person there."""
    found = own_delegate(request, uuid)
    form = EntryForm(request.POST or None, request.FILES or None, forum=found.delegation.forum)
    if form.is_valid():
        try:
            successor = form.replace(delegate=found, by=request.user, now=timezone.now())
        except RegistrationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _done(request, successor, _("%(person)s stands wherever the other name stood."))
    return framed(request, f"{PAGES}replace.html", **_standing(found), form=form)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegate_withdraw(request: Request, uuid: UUID) -> HttpResponse:
    """Says what becomes of the places, then withdraws the delegate."""
    found = own_delegate(request, uuid)
    if request.method != "POST":
        return framed(request, f"{PAGES}withdraw.html", **_standing(found))
    try:
        services.decide(delegate=found, to=Delegate.State.WITHDRAWN, by=request.user, now=timezone.now())
    except RegistrationRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect("registrations:delegate", uuid=uuid)
    return _done(request, found, _("%(person)s is withdrawn. The places stay with the delegation."))


def _standing(delegate: Delegate) -> dict[str, Any]:
    where = services.standing(delegate, timezone.now())
    return {
        "delegate": delegate,
        "delegation": delegate.delegation,
        "standing": where,
        "has_account": not services.is_spoken_for(delegate.person),
        "heads": [span(head, delegate.delegation.forum) for head in where.heads],
        # A session that is not published yet is not for delegations to know
        "roles": [role for role in where.roles if hasattr(role.session, "published")],
    }


def _warn_of_other_days(request: Request, delegate: Delegate) -> None:
    """Whoever is entered for other days keeps their places: nothing is given up by the way."""
    sessions = [place.published for place in services.standing(delegate, timezone.now()).places if place.published]
    missed = [
        isolated(short_name(session))
        for session in sessions
        if session.starts_at and not delegate.is_there_on(session.local(session.starts_at).date())
    ]
    if missed:
        names = {"person": name_of(delegate.person), "sessions": plain(listed(missed))}
        messages.warning(request, _("%(person)s has places on other days: %(sessions)s.") % names)


def _done(request: Request, delegate: Delegate, sentence: str) -> HttpResponse:
    messages.success(request, sentence % {"person": name_of(delegate.person)})
    return redirect("registrations:delegation-page", uuid=delegate.delegation.uuid)
