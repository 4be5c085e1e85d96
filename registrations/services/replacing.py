"""One person takes the place of another, everywhere at once."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from people.models import User
from schedule.models import Role

from ..models import Delegate, DelegationHead, Registration, Seating
from ..problems import Code, Problem, RegistrationRefused
from .accreditation import State, decide
from .locks import lock, retried
from .membership import Profile, add_delegates


@dataclass(frozen=True)
class Standing:
    """Every place where the name of a delegate stands today."""

    heads: tuple[DelegationHead, ...]
    places: tuple[Registration, ...]
    waiting: tuple[Registration, ...]
    roles: tuple[Role, ...]
    is_listed: bool
    has_badge: bool


def standing(delegate: Delegate, now: datetime) -> Standing:
    registrations = Registration.objects.filter(delegate=delegate).select_related("seating__session__published")
    return Standing(
        heads=tuple(_headships(delegate, now)),
        places=tuple(registrations.confirmed().filter(attended_at=None).order_by("period", "pk")),
        waiting=tuple(registrations.waiting()),
        roles=tuple(_roles(delegate).select_related("session__published")),
        is_listed=delegate.is_present and bool(delegate.person.may_be_listed),
        has_badge=delegate.state == State.ACCREDITED,
    )


@retried
@transaction.atomic
def replace(*, delegate: Delegate, profile: Profile, by: User | None, now: datetime) -> Delegate:
    """Withdraw `delegate` and enter the person of `profile` in their stead; return the new delegate.

    The new one stands where the old one stood: in the order of the delegation, as head from now on, in
    the teams of sessions (with the next release), and in the places, which are reserved until the
    accreditation is accepted. Turns on waiting lists are not handed on. Raises `RegistrationRefused`
    when the delegate has left already.
    """
    delegate = (
        Delegate.objects.select_for_update(no_key=True, of=("self", "delegation"))
        .select_related("person", "delegation__party", "delegation__category")
        .get(pk=delegate.pk)
    )
    lock(Seating.objects.filter(session__forum=delegate.delegation.forum_id).values_list("pk", flat=True))
    if not delegate.is_present:
        raise RegistrationRefused(
            Problem(Code.NOT_FREE, _("{person} is not in the delegation any more."), {"person": delegate.person})
        )
    held = [registration.pk for registration in standing(delegate, now).places]
    heads = [head.period for head in _headships(delegate, now)]
    roles = list(_roles(delegate).values_list("pk", flat=True))
    decide(delegate=delegate, to=State.WITHDRAWN, by=by, now=now, reason=_("Replaced"))
    [successor] = add_delegates(delegation=delegate.delegation, profiles=[profile], by=by, now=now)
    successor.position = delegate.position
    successor.save(update_fields=["position"])
    for period in heads:
        begins = max(filter(None, [period.lower, now]))
        DelegationHead.objects.create(
            delegation_id=delegate.delegation_id, delegate=successor, period=DateTimeTZRange(begins, period.upper)
        )
    Role.objects.filter(pk__in=roles).update(person=successor.person)
    Registration.objects.to_be_named().filter(pk__in=held).update(reserved_for=successor)
    return successor


def _headships(delegate: Delegate, now: datetime):
    return DelegationHead.objects.filter(delegate=delegate, period__overlap=DateTimeTZRange(now, None)).order_by(
        "period"
    )


def _roles(delegate: Delegate):
    return Role.objects.filter(
        person=delegate.person_id, session__forum=delegate.delegation.forum_id, party=delegate.delegation.party_id
    )
