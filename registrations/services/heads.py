from datetime import datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from people.models import User

from ..models import Delegate, Delegation, DelegationHead
from ..problems import Code, Problem, RegistrationRefused
from .filling import fill_waits_of
from .locks import retried


@retried
@transaction.atomic
def name_head(*, delegate: Delegate, starts_at: datetime | None, by: User | None, now: datetime) -> DelegationHead:
    """Make `delegate` the head from `starts_at` on, from the beginning when None.

    Whoever heads at that time heads until then; a head named for a later time stays. Where the new one
    waits for a place among heads, it is theirs if it is free. Raises `RegistrationRefused` for a delegate
    who was declined or withdrawn.
    """
    Delegation.objects.select_for_update(no_key=True).get(pk=delegate.delegation_id)
    if not Delegate.objects.present().filter(pk=delegate.pk).exists():
        raise RegistrationRefused(
            Problem(Code.NOT_FREE, _("{person} is not in the delegation any more."), {"person": delegate.person})
        )
    heads = DelegationHead.objects.filter(delegation=delegate.delegation_id)
    ends_at = None
    for head in heads.order_by("period"):
        if starts_at is None or (head.period.lower is not None and head.period.lower > starts_at):
            if starts_at is None and head.period.lower is None:
                head.delete()
            else:
                ends_at = head.period.lower
                break
        elif head.period.lower == starts_at:
            head.delete()
        elif head.period.upper is None or head.period.upper > starts_at:
            head.period = DateTimeTZRange(head.period.lower, starts_at)
            head.save(update_fields=["period"])
    head = DelegationHead.objects.create(
        delegation_id=delegate.delegation_id, delegate=delegate, period=DateTimeTZRange(starts_at, ends_at)
    )
    fill_waits_of(delegate, now)
    return head


def end_headships(delegate: Delegate, now: datetime) -> list[DateTimeTZRange]:
    """Whoever leaves heads until now; return the times that are without a head by that."""
    ended = []
    for head in DelegationHead.objects.filter(delegate=delegate).exclude(period__fully_lt=DateTimeTZRange(now, None)):
        begins = head.period.lower
        if begins is None or begins < now:
            ended.append(DateTimeTZRange(now, head.period.upper))
            head.period = DateTimeTZRange(begins, now)
            head.save(update_fields=["period"])
        else:
            ended.append(head.period)
            head.delete()
    return ended
