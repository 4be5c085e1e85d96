"""Seats for delegations of persons who do not exist, and who of them takes one."""

from collections.abc import Sequence
from datetime import datetime
from math import inf
from random import Random

from django.db.models import Q

from programme.models import PublishedSession
from schedule.models import Forum, Session

from . import services
from .models import Delegate, Delegation, DelegationCategory, Place, Registration, Seating, SeatingShare
from .services import RegistrationRefused

# Of these a delegation may bring several to a roundtable, first come
MANY_BEHIND = {"business": 4, "civil-society": 4}


def open_seats(forum: Forum, now: datetime) -> list[Seating]:
    """In roundtables, and where all may enter: a seat for every place at the table that is kept.

    What the room holds beyond the table is for the places that are kept behind it, or for none of them; then for
    the observers, and for half of what others may ask for.
    """
    roundtable, for_all = Q(kind=Session.Kind.ROUNDTABLE), Q(entry=Session.Entry.ALL)
    sessions = Session.objects.filter(
        roundtable | for_all, forum=forum, published__listed=True, published__period__isnull=False
    )
    categories = [delegation.category for delegation in forum.delegations.select_related("category")]
    kept = [category for category in categories if category.places_are_kept]
    others = [category for category in categories if not category.places_are_kept]
    return [_open(session, kept, others, now) for session in sessions.select_related("room").order_by("pk")]


def _open(
    session: Session, kept: Sequence[DelegationCategory], others: Sequence[DelegationCategory], now: datetime
) -> Seating:
    """`kept` and `others` are the categories of the delegations, one for each."""
    seating, _made = Seating.objects.get_or_create(session=session, defaults={"table_seats": 0})
    for category in {category for category in others if category.code in MANY_BEHIND}:
        _share(seating, category, behind=MANY_BEHIND[category.code], table=0)
    seating.table_seats = max(seating.table_seats, sum(category.table_places for category in kept))
    room = inf if session.room is None or session.room.capacity is None else session.room.capacity
    left = max(0, room - seating.table_seats)
    behind = sum(category.behind_places for category in kept)
    if behind > left and _close_behind(seating, now):
        behind = 0
        for category in set(kept):
            _share(seating, category, behind=0, table=category.table_places)
    left = max(0, left - behind)
    asking = others if session.entry == Session.Entry.ALL else []
    seating.observer_seats = int(min(left, sum(category.observer_places for category in asking)))
    wanted = sum(MANY_BEHIND.get(category.code, category.behind_places) for category in asking)
    behind += int(min(left - seating.observer_seats, wanted // 2))
    seating.behind_seats = max(behind, _taken(seating, Place.BEHIND).count())
    seating.observer_seats = max(seating.observer_seats, _taken(seating, Place.OBSERVER).count())
    seating.save()
    return seating


def _share(seating: Seating, category: DelegationCategory, *, table: int, behind: int) -> None:
    places = {"table_places": table, "behind_places": behind, "observer_places": category.observer_places}
    SeatingShare.objects.update_or_create(seating=seating, category=category, defaults=places)


def _close_behind(seating: Seating, now: datetime) -> bool:
    """Whether nobody keeps a place behind the table here any more: those to be named are given up."""
    taken = _taken(seating, Place.BEHIND).filter(delegation__category__places_are_kept=True)
    if taken.exclude(delegate=None).exists():
        return False
    for registration in taken:
        services.release(registration=registration, by=None, now=now)
    return True


def _taken(seating: Seating, place: Place):
    return Registration.objects.counted_in_seats().filter(seating=seating, place=place)


def take_places(seating: Seating, members: dict[Delegation, list[Delegate]], random: Random, now: datetime) -> int:
    """Those whose places are kept first, then the others until long after the seats are gone."""
    period = PublishedSession.objects.get(session=seating.session_id).period
    busy = set(Registration.objects.active().filter(period__overlap=period).values_list("person", flat=True))
    asked = 0
    first = [delegation for delegation in members if delegation.category.places_are_kept]
    others = [delegation for delegation in members if not delegation.category.places_are_kept]
    for delegation in [*first, *random.sample(others, len(others))]:
        delegates = members[delegation]
        able = [one for one in delegates if one.state == Delegate.State.ACCREDITED and one.person_id not in busy]
        most = MANY_BEHIND.get(delegation.category.code, 2 if delegation.category.is_government else 1)
        for delegate in random.sample(able, min(len(able), most if random.random() < 0.8 else 1)):
            try:
                services.register(seating=seating, delegate=delegate, by=None, now=now)
            except RegistrationRefused:
                continue  # this session is not for them, or their places are used up
            asked += 1
    return asked
