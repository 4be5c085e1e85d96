"""What organisers decided about delegates, told to the delegates and to those who look after them."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from people.models import User
from programme import reading

from ..models import Delegate, FocalPoint
from .sending import inert, own, send

TOLD = {Delegate.State.ACCREDITED, Delegate.State.RETURNED, Delegate.State.DECLINED}


def decided(delegates: Sequence[Delegate], reason: str) -> None:
    """One decision about all of `delegates`. Each account is told once: focal points of all whom they look after."""
    by_delegation: dict[int, list[Delegate]] = defaultdict(list)
    by_person: dict[int, list[Delegate]] = defaultdict(list)
    for delegate in delegates:
        if delegate.state in TOLD:
            by_delegation[delegate.delegation_id].append(delegate)
            by_person[delegate.person_id].append(delegate)
    if not by_person:
        return
    looked_after: dict[User, list[Delegate]] = defaultdict(list)
    points = FocalPoint.objects.filter(delegation__in=by_delegation, user__is_active=True)
    for point in points.select_related("user__person").order_by("user", "delegation"):
        looked_after[point.user] += by_delegation[point.delegation_id]
    for user, entries in looked_after.items():
        _tell("entries_decided", user, entries, reason)
    accounts = User.objects.filter(person__in=by_person, is_active=True).exclude(
        pk__in=[user.pk for user in looked_after]
    )
    for user in accounts.select_related("person"):
        if user.person_id:
            _tell(by_person[user.person_id][0].state, user, by_person[user.person_id], reason)


def _tell(name: str, user: User, delegates: Sequence[Delegate], reason: str) -> None:
    def context() -> dict[str, Any]:
        parties = dict.fromkeys(inert(delegate.delegation.party) for delegate in delegates)
        programme = reverse("programme:programme", kwargs={"forum": delegates[0].delegation.forum.slug})
        return {
            "state": delegates[0].state,
            "party": reading.listed(parties),
            "names": [inert(delegate.person) for delegate in delegates],
            "reason": inert(reason),
            "programme": settings.BASE_URL + programme,
            **(own() if name == "entries_decided" else {}),
        }

    send(name, user, context)
