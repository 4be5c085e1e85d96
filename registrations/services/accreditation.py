from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from people.models import User

from .. import emails
from ..models import AccreditationChange, Delegate, Registration, Seating
from ..problems import Code, Problem, RegistrationRefused
from .locks import lock, retried
from .seats import fill_locked, registrations_released, settle_flags

State = Delegate.State
WAYS = {
    State.SUBMITTED: {State.ACCREDITED, State.RETURNED, State.DECLINED, State.WITHDRAWN},
    State.RETURNED: {State.SUBMITTED, State.ACCREDITED, State.DECLINED, State.WITHDRAWN},
    State.ACCREDITED: {State.DECLINED, State.WITHDRAWN},
    State.DECLINED: {State.SUBMITTED, State.ACCREDITED},
    State.WITHDRAWN: {State.SUBMITTED, State.ACCREDITED},
}


def accredit(*, delegate: Delegate, by: User | None, now: datetime) -> Delegate:
    """Let a delegate take places. Raises `RegistrationRefused` as `decide` does."""
    return decide(delegate=delegate, to=State.ACCREDITED, by=by, now=now)


@retried
@transaction.atomic
def decide(*, delegate: Delegate, to: Delegate.State, by: User | None, now: datetime, reason: str = "") -> Delegate:
    """Change the accreditation that was seen to `to`, with a line in its history.

    Whoever loses accreditation leaves the waiting lists; confirmed places stay with the delegation,
    “to be named”. Of two that decide at once, one is refused.

    Raises `RegistrationRefused` when there is no such way, or another decision came first.
    """
    old = State(delegate.state)
    if to not in WAYS[old]:
        raise RegistrationRefused(
            Problem(
                Code.DECIDED,
                _("{person}: from “{old}” there is no way to “{new}”."),
                {"person": delegate.person, "old": old.label, "new": to.label},
            )
        )
    if to is State.DECLINED and delegate.delegation.category.is_government:
        raise RegistrationRefused(
            Problem(
                Code.DECIDED,
                _("{person}: governments name their own delegates. Return the entry with what to mend."),
                {"person": delegate.person},
            )
        )
    if not delegate.move(to=to, now=now):
        raise RegistrationRefused(
            Problem(Code.DECIDED, _("{person}: somebody else decided meanwhile."), {"person": delegate.person})
        )
    AccreditationChange.objects.create(delegate=delegate, old=old, new=to, by=by, at=now, reason=reason)
    if old is State.ACCREDITED:
        _leave_seats(delegate, by, now)
    if to is State.ACCREDITED:
        emails.accredited(delegate)
    return delegate


def _leave_seats(delegate: Delegate, by: User | None, now: datetime) -> None:
    """Lock every seating of the forum: a place that is being taken at this moment is found as well."""
    lock(Seating.objects.filter(session__forum=delegate.delegation.forum_id).values_list("pk", flat=True))
    held = Registration.objects.active().filter(delegate=delegate)
    registrations_released(held.waiting(), by, now)
    held.confirmed().update(delegate=None, person=None, overlap=Registration.Overlap.NONE)
    settle_flags([delegate.person_id])
    waits = Registration.objects.waiting().filter(person=delegate.person_id)
    fill_locked(Seating.objects.filter(pk__in=waits.values("seating")), now)
