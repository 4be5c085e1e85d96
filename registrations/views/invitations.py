"""A focal point’s invitations: who was invited, who has answered; inviting, sending again, withdrawing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.core.internal.ratelimit import consume, respond_429
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from people.direction import isolated

from .. import services
from ..forms import InviteForm
from ..models import Delegation, Invitation
from ..services import RegistrationRefused
from .frame import Request, framed
from .own import own

INVITING: dict[str, Any] = {"app": "registrations", "action": "invite", "config": {"invite": "60/h/user"}}


@dataclass(frozen=True)
class Sent:
    """An invitation as the focal point sees it, its days in the zone of the forum."""

    invitation: Invitation
    is_over: bool
    until: datetime
    accepted_on: datetime | None


def _sent(delegation: Delegation, now: datetime) -> list[Sent]:
    """Those without an answer first, then those that have run out, then the accepted ones; newest first."""
    rows = Invitation.objects.filter(
        delegation=delegation, purpose=Invitation.Purpose.DELEGATE, withdrawn_at=None
    ).select_related("delegate__person", "accepted_by")
    zone = delegation.forum.zone
    found = [
        Sent(
            invitation=row,
            is_over=row.has_expired(now),
            until=row.expires_at.astimezone(zone),
            accepted_on=row.accepted_at.astimezone(zone) if row.accepted_at else None,
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.accepted_on is not None, one.is_over))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitations(request: Request, uuid: UUID) -> HttpResponse:
    delegation, now = own(request, uuid), timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = InviteForm(posted, delegation=delegation, initial={"delegate": request.GET.get("delegate")})
    if form.is_valid():
        if not consume(request, **INVITING):
            return respond_429(request)
        try:
            sent = form.invite(by=request.user, now=now)
        except RegistrationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, ngettext("%d invitation is sent.", "%d invitations are sent.", len(sent)) % len(sent)
            )
            return redirect("registrations:delegation-invitations", uuid=uuid)
    sent_so_far = _sent(delegation, now)
    return framed(request, "registrations/invitations/list.html", delegation=delegation, sent=sent_so_far, form=form)


def _pending(request: Request, uuid: UUID, invitation: UUID) -> Invitation:
    rows = Invitation.objects.pending().select_related("delegate__person")
    return get_object_or_404(rows, delegation=own(request, uuid), uuid=invitation, purpose=Invitation.Purpose.DELEGATE)


@never_cache
@require_POST
def invitation_again(request: Request, uuid: UUID, invitation: UUID) -> HttpResponse:
    """A new key in a new mail; the old one opens nothing from then on."""
    found = _pending(request, uuid, invitation)
    if not consume(request, **INVITING):
        return respond_429(request)
    try:
        services.invite(
            delegation=found.delegation,
            email=found.email,
            purpose=Invitation.Purpose(found.purpose),
            language=found.language,
            delegate=found.delegate,
            by=request.user,
            now=timezone.now(),
        )
    except RegistrationRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Sent again to %(email)s.") % {"email": isolated(found.email)})
    return redirect("registrations:delegation-invitations", uuid=uuid)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation_withdraw(request: Request, uuid: UUID, invitation: UUID) -> HttpResponse:
    """Asks once more, then withdraws."""
    found = _pending(request, uuid, invitation)
    if request.method != "POST":
        return framed(request, "registrations/invitations/withdraw.html", invitation=found)
    try:
        services.withdraw_invitation(invitation=found, now=timezone.now())
    except RegistrationRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("The invitation of %(email)s is withdrawn.") % {"email": isolated(found.email)})
    return redirect("registrations:delegation-invitations", uuid=uuid)
