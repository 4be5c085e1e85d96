"""What one sees who opens an invitation: what it is to, and the way in."""

from typing import Any

from allauth.account.utils import complete_signup
from allauth.core.internal.ratelimit import consume, respond_429
from allauth.core.ratelimit import consume as consume_of_accounts
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from .. import services
from ..forms import AcceptForm, InvitedSignupForm
from ..models import Delegate, Invitation
from ..services import RegistrationRefused
from .frame import Request, framed

# Keys that open nothing, from one address; those that do are not counted, however many share it
KEYS_TRIED: dict[str, Any] = {
    "app": "registrations",
    "action": "invitation",
    "config": {"invitation": "20/m/ip"},
    "limit_get": True,
}


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: Request, key: str) -> HttpResponse:
    """POST accepts: for the account that is signed in, or together with a new one."""
    if not consume(request, dry_run=True, **KEYS_TRIED):
        return respond_429(request)
    try:
        found = services.find_invitation(key=key, now=timezone.now())
    except RegistrationRefused as refusal:
        consume(request, **KEYS_TRIED)
        return framed(request, "registrations/invitations/closed.html", status=404, refusal=refusal)
    posted = request.POST if request.method == "POST" else None
    if request.user.is_authenticated:
        form = AcceptForm(posted, invitation=found, key=key, user=request.user)
        answer = _accept(request, form, found)
    else:
        form = InvitedSignupForm(posted, invitation=found, key=key, initial={"email": found.email})
        answer = _sign_up(request, form, found)
    return answer or framed(
        request,
        "registrations/invitations/invited.html",
        invitation=found,
        until=found.expires_at.astimezone(found.delegation.forum.zone),
        form=form,
        sign_in=redirect_to_login(request.path).url,
    )


def _accept(request: Request, form: AcceptForm, found: Invitation) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        form.accept(request.user)
    except RegistrationRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _done(found))
    return redirect(_landing(found))


def _sign_up(request: Request, form: InvitedSignupForm, found: Invitation) -> HttpResponse | None:
    """As allauth’s own sign-up, which tells nobody which addresses have an account."""
    if not consume_of_accounts(request, action="signup"):
        return respond_429(request)
    if not form.is_valid():
        return None
    try:
        user, answer = form.try_save(request)
    except RegistrationRefused as refusal:
        form.add_error(None, str(refusal))
        return None
    if answer:
        return answer
    messages.success(request, _done(found))
    return complete_signup(request, user, None, _landing(found))


def _done(found: Invitation) -> str:
    if found.purpose == Invitation.Purpose.FOCAL_POINT:
        return _("You are now a focal point of this delegation.")
    if found.delegate and found.delegate.state == Delegate.State.ACCREDITED:
        return _("You have joined, and are accredited already.")
    return _("You have joined. Organisers look at your accreditation; you are told by e-mail.")


def _landing(found: Invitation) -> str:
    if found.purpose == Invitation.Purpose.FOCAL_POINT:
        return reverse("registrations:delegation-page", kwargs={"uuid": found.delegation.uuid})
    return reverse("registrations:my")
