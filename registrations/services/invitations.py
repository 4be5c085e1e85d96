"""Invitations by e-mail: to take part in a delegation, or to be its focal point."""

import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from people.models import User

from .. import emails
from ..models import Delegate, Delegation, FocalPoint, Invitation
from ..models.nominations import digest_of
from ..problems import Code, Problem, RegistrationRefused
from .accreditation import State, decide
from .locks import retried
from .membership import Profile, enrol

VALID_FOR = timedelta(days=14)
Purpose = Invitation.Purpose


@transaction.atomic
def invite(
    *,
    delegation: Delegation,
    email: str,
    purpose: Invitation.Purpose,
    language: str,
    delegate: Delegate | None = None,
    by: User | None,
    now: datetime,
) -> Invitation:
    """Send `email` a key that works once; only its digest is kept. `delegate`: whose entry is to be taken over.

    Who is invited to the same already gets a new key; the old one opens nothing from then on. Several
    entries may be invited by one address, that of a mission. Raises `RegistrationRefused` for who is
    there already, and when the delegation has no room.
    """
    email = email.strip().lower()
    _hold(Delegation.objects.filter(pk=delegation.pk))
    if problem := next(_objections(delegation, email, purpose, delegate, now), None):
        raise RegistrationRefused(problem)
    key = secrets.token_urlsafe(32)
    invitation, _new = Invitation.objects.pending().update_or_create(
        delegation=delegation,
        purpose=purpose,
        email=email,
        delegate=delegate,
        defaults={
            "language": language,
            "key_digest": digest_of(key),
            "invited_at": now,
            "invited_by": by,
            "expires_at": now + VALID_FOR,
        },
    )
    emails.invited(invitation, key)
    return invitation


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, now: datetime) -> None:
    """The key opens nothing from now on. Raises `RegistrationRefused` when it was accepted meanwhile."""
    _hold(Delegation.objects.filter(pk=invitation.delegation_id))
    if not Invitation.objects.pending().filter(pk=invitation.pk).update(withdrawn_at=now):
        raise RegistrationRefused(
            Problem(
                Code.DECIDED,
                _("The invitation of {email} has been accepted or withdrawn meanwhile."),
                {"email": invitation.email},
            )
        )


def find_invitation(*, key: str, now: datetime) -> Invitation:
    """The invitation that `key` opens. Of those that are no more, strangers learn no more than of none."""
    invitation = (
        Invitation.objects.with_key(key)
        .select_related(
            "delegation__party", "delegation__category", "delegation__forum", "delegate__person", "invited_by__person"
        )
        .first()
    )
    if invitation and invitation.accepted_at:
        raise RegistrationRefused(_accepted())
    if (
        invitation is None
        or invitation.withdrawn_at
        or invitation.has_expired(now)
        or (invitation.delegate and not invitation.delegate.is_present)
    ):
        raise RegistrationRefused(
            Problem(
                Code.KEY_UNKNOWN,
                _("This invitation is not valid, or no longer. Ask whoever invited you for a new one."),
            )
        )
    return invitation


@retried
@transaction.atomic
def accept_invitation(*, key: str, user: User, profile: Profile | None = None, now: datetime) -> Invitation:
    """Make the account what it is invited to be, once, and keep that the privacy notice was agreed to.

    `profile` is needed where a new delegate has no person yet. Raises `RegistrationRefused` as
    `find_invitation` and `enrol` do, and when the entry to be taken over is another person's.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _hold(Delegation.objects.filter(invitations__key_digest=digest_of(key)))
    invitation = find_invitation(key=key, now=now)
    if not Invitation.objects.pending().filter(pk=invitation.pk).update(accepted_at=now, accepted_by=user):
        raise RegistrationRefused(_accepted())
    if invitation.purpose == Purpose.FOCAL_POINT:
        _agree(user, invitation, now)
        FocalPoint.objects.get_or_create(delegation=invitation.delegation, user=user)
    elif invitation.delegate:
        _take_over(invitation.delegate, user)
        _agree(user, invitation, now)
    else:
        _enrol(invitation, user, profile, now)
    return invitation


def _hold(delegations) -> None:
    """Whatever becomes of the invitations of a delegation happens one after the other."""
    list(delegations.select_for_update(no_key=True, of=("self",)))


def _objections(
    delegation: Delegation, email: str, purpose: Invitation.Purpose, delegate: Delegate | None, now: datetime
) -> Iterator[Problem]:
    here = {"email": email, "party": delegation.party}
    if purpose == Purpose.FOCAL_POINT:
        if FocalPoint.objects.filter(delegation=delegation, user__email__iexact=email).exists():
            yield Problem(Code.NOT_FREE, _("{email} is a focal point of {party} already."), here)
    elif delegate:
        person = {"person": delegate.person}
        if not delegate.is_present:
            yield Problem(Code.NOT_FREE, _("{person} is not in the delegation any more."), person)
        elif User.objects.filter(person=delegate.person_id).exists():
            yield Problem(Code.NOT_FREE, _("{person} has an account already."), person)
    else:
        if delegation.delegates.present().filter(person__user__email__iexact=email).exists():
            yield Problem(Code.NOT_FREE, _("{email} is a delegate of {party} already."), here)
        yield from _lack_of_room(delegation, email, now)


def _lack_of_room(delegation: Delegation, email: str, now: datetime) -> Iterator[Problem]:
    """An invitation on its way is room that is promised."""
    size = delegation.category.size
    if size is None:
        return
    members = delegation.delegates.present().count()
    on_their_way = Invitation.objects.pending().filter(
        delegation=delegation, purpose=Purpose.DELEGATE, delegate=None, expires_at__gt=now
    )
    invited = on_their_way.exclude(email=email).count()
    if members + invited >= size:
        yield Problem(
            Code.TOO_MANY,
            ngettext(
                "The delegation of {party} may have {size} delegate; {members} are entered and {invited} invited.",
                "The delegation of {party} may have {size} delegates; {members} are entered and {invited} invited.",
                size,
            ),
            {"party": delegation.party, "size": size, "members": members, "invited": invited},
        )


def _accepted() -> Problem:
    return Problem(
        Code.DECIDED, _("This invitation has been accepted already. Sign in with the account that accepted it.")
    )


def _agree(user: User, invitation: Invitation, now: datetime) -> None:
    user.privacy_version, user.privacy_agreed_at = invitation.delegation.forum.privacy_version, now
    user.save(update_fields=["person", "privacy_version", "privacy_agreed_at"])


def _take_over(delegate: Delegate, user: User) -> None:
    """The person of the entry is from now on the one of the account."""
    others = User.objects.filter(person=delegate.person_id).exclude(pk=user.pk)
    if others.exists() or user.person_id not in (None, delegate.person_id):
        raise RegistrationRefused(
            Problem(
                Code.NOT_FREE,
                _("This account or the entry of {person} belongs to another person. Ask the organisers to join them."),
                {"person": delegate.person},
            )
        )
    user.person = delegate.person


def _enrol(invitation: Invitation, user: User, profile: Profile | None, now: datetime) -> None:
    if user.person is None and profile is None:
        raise ValueError("a new person needs a profile")
    delegate = enrol(delegation=invitation.delegation, user=user, profile=profile or Profile(family_name=""), now=now)
    if delegate.state == State.WITHDRAWN:  # the delegation wants them back
        decide(delegate=delegate, to=State.SUBMITTED, by=user, now=now)
