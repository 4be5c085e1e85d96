"""What the chair says goes: a place beyond a limit, or in two places at once. Nobody is displaced."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import User

from .. import emails, rules
from ..allowances import allowance
from ..models import Delegate, Place, Registration, SeatException, Seating
from ..problems import Code, Problem, RegistrationRefused
from .filling import active, free, fresh, published
from .locks import lock, retried, saved


@retried
@transaction.atomic
def grant_exception(
    *,
    seating: Seating,
    delegate: Delegate,
    place: Place,
    authorised_by: str,
    authorised_at: datetime,
    reason: str,
    by: User,
    now: datetime,
) -> Registration:
    """Confirm a place whatever limit or overlap stands in the way, and record on whose word, when and why.

    Only an accredited delegate can be given one, and only in a session that is held.
    """
    [seating] = lock([seating.pk])
    session = published(seating)
    delegate = fresh(delegate)
    registration = active(seating, delegate) or Registration(
        seating=seating,
        delegation_id=delegate.delegation_id,
        delegate=delegate,
        person=delegate.person,
        period=session.period,
        requested_at=now,
        requested_by=by,
        status=Registration.Status.WAITLISTED,
    )
    if registration.is_confirmed:
        raise RegistrationRefused(
            Problem(Code.NOT_FREE, _("{person} holds a place here already."), {"person": delegate.person})
        )
    found = rules.problems(seating=seating, session=session, delegate=delegate, now=now)
    if firm := [problem for problem in found if problem.code in (Code.CANCELLED, Code.NOT_ACCREDITED)]:
        raise RegistrationRefused(*firm)
    overlaps = (
        Registration.objects.in_the_way_of(delegate.person_id, session.period).exists() if session.period else False
    )
    allowed = allowance(seating, delegate)
    registration.save()
    SeatException.objects.create(
        registration=registration,
        beyond_seats=place not in free(seating),
        beyond_quota=not allowed.left(place),
        beyond_hours=overlaps,
        authorised_by=authorised_by,
        authorised_at=authorised_at,
        reason=reason,
        recorded_by=by,
        recorded_at=now,
    )
    registration.status, registration.place, registration.confirmed_at = Registration.Status.CONFIRMED, place, now
    registration.overlap = Registration.Overlap.ACCEPTED if overlaps else Registration.Overlap.NONE
    with saved(registration):
        emails.place_confirmed(registration, session)
    return registration


@retried
@transaction.atomic
def accept_overlap(
    *, registration: Registration, authorised_by: str, authorised_at: datetime, reason: str, by: User, now: datetime
) -> SeatException:
    """Let a place stand that a release moved to the hour of another one of the same person.

    Raises `RegistrationRefused` when it overlaps nothing, or that was accepted before.
    """
    lock([registration.seating_id])
    if not Registration.objects.flagged().filter(pk=registration.pk).update(overlap=Registration.Overlap.ACCEPTED):
        raise RegistrationRefused(Problem(Code.DECIDED, _("Nothing is to be settled about this place any more.")))
    return SeatException.objects.create(
        registration=registration,
        beyond_hours=True,
        authorised_by=authorised_by,
        authorised_at=authorised_at,
        reason=reason,
        recorded_by=by,
        recorded_at=now,
    )
