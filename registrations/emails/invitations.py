from typing import Any

from django.conf import settings
from django.urls import reverse

from people.mail import KEY_HEADER
from people.models import User
from programme import dates, reading

from ..models import Invitation
from .sending import inert, write


def invited(invitation: Invitation, key: str) -> None:
    """The one place where the key is written; the row is blanked once it is sent."""
    delegation = invitation.delegation
    # Who has an account chose the language in which the forum writes to them
    account = User.objects.filter(email__iexact=invitation.email).first()

    def context() -> dict[str, Any]:
        until = invitation.expires_at.astimezone(delegation.forum.zone)
        return {
            "is_focal_point": invitation.purpose == Invitation.Purpose.FOCAL_POINT,
            "party": inert(delegation.party),
            "forum": inert(delegation.forum.title),
            "name": inert(invitation.delegate.person) if invitation.delegate else "",
            "until": dates.day(until, reading.language()),
            "page": settings.BASE_URL + reverse("registrations:invitation", kwargs={"key": key}),
        }

    write(
        "invited",
        to=invitation.email,
        language=account.language if account else invitation.language,
        context=context,
        headers={KEY_HEADER: "1"},
    )
