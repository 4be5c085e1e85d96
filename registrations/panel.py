"""What the seat panel says to one reader."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property

from people.models import User
from programme.models import PublishedSession

from . import rules
from .allowances import Allowance
from .case import look
from .models import Delegate, Place, Registration, Seating
from .problems import Code, Problem


@dataclass(frozen=True)
class Panel:
    """One of: `registration` (held or awaited), `problem` (why not), or a place (`offered`, else the list)."""

    session: PublishedSession
    seating: Seating
    delegate: Delegate | None = None
    registration: Registration | None = None
    problem: Problem | None = None
    free: Mapping[Place, int] = field(default_factory=dict)  # left out for who holds a place
    allowance: Allowance | None = None
    rule: Problem | None = None  # that holds one who waits
    exchange: Registration | None = None  # the place at this hour that could be changed for one here

    @property
    def is_held(self) -> bool:
        return self.registration is not None and self.registration.is_confirmed

    @property
    def is_to_be_named(self) -> bool:
        """The delegation holds a place here in which this delegate may sit at once."""
        return bool(self.allowance and self.delegate and self.allowance.to_be_named(self.delegate))

    @property
    def offered(self) -> Place | None:
        """The kind of place that asking now would bring."""
        if self.allowance is None or self.delegate is None:
            return None
        if own := self.allowance.to_be_named(self.delegate):
            return Place(own.place)
        return next((place for place, left in self.free.items() if left and self.allowance.left(place)), None)

    @property
    def counted(self) -> Place:
        """The kind of place whose number is shown: what could be had, else what there is."""
        mine = [place for place in Place if self.allowance is None or self.allowance.left(place)]
        there = [place for place in mine or Place if self.seating.limit(place)]
        return self.offered or next((place for place in there if self.free[place]), (there or list(Place))[-1])

    @property
    def left(self) -> int:
        return self.free[self.counted]

    @property
    def seats(self) -> int:
        return sum(self.seating.limit(place) for place in Place)

    @cached_property
    def before(self) -> int:
        """How many wait, before this one who waits too."""
        waiting = Registration.objects.waiting().filter(seating=self.seating)
        return (waiting.filter(pk__lt=self.registration.pk) if self.registration else waiting).count()

    @property
    def shows_rank(self) -> bool:
        """Governments are not ranked."""
        return self.delegate is not None and not self.delegate.delegation.category.is_government


def panel(
    *,
    seating: Seating,
    session: PublishedSession,
    user: User | None,
    delegate: Delegate | None,
    now: datetime,
    given: Registration | None = None,
) -> Panel:
    """`user` is None for a reader who has not signed in; `delegate` is who they act as here, `given` the place that
    this has just brought.
    """
    if given and given.is_confirmed:
        return Panel(session, seating, given.delegate, given)
    if delegate is None:
        reasons = (
            rules.problems(seating=seating, session=session, delegate=None, now=now)
            if user
            else rules.of_session(seating, session, now)
        )
        return Panel(session, seating, problem=next(iter(reasons), None), free=seating.free_seats())
    case = (given and given.case) or look(seating=seating.pk, delegate=delegate.pk)
    delegate, allowed, free = case.delegate, case.allowed, case.free
    registration = given or allowed.of(delegate)
    if registration and registration.is_confirmed:
        return Panel(session, seating, delegate, registration)
    if registration:
        elsewhere = next(rules.in_the_way(session, delegate), None) if case.is_elsewhere else None
        rule = rules.holding(session, delegate, allowed, elsewhere)
        return Panel(session, seating, delegate, registration, None, free, allowed, rule)
    found = rules.problems(seating=seating, session=session, delegate=delegate, now=now, is_elsewhere=case.is_elsewhere)
    if not found and allowed.is_used_up and not allowed.to_be_named(delegate):
        found = [rules.at_quota(delegate.delegation, allowed)]
    shown = Panel(session, seating, delegate, None, found[0] if found else None, free, allowed)
    return replace(shown, exchange=_exchange(shown, delegate, allowed))


def _exchange(panel: Panel, delegate: Delegate, allowed: Allowance) -> Registration | None:
    """The one place in the way, when it could be given up for a place that is free here."""
    if panel.problem is None or panel.problem.code is not Code.SLOT_TAKEN or panel.offered is None:
        return None
    if allowed.is_used_up and not allowed.to_be_named(delegate):
        return None
    others = Registration.objects.in_the_way_of(delegate.person_id, panel.session.period)
    found = list(others.exclude(seating=panel.seating).select_related("seating__session__published")[:2])
    theirs = [one for one in found if one.delegate_id == delegate.pk and one.attended_at is None]
    return theirs[0] if len(found) == len(theirs) == 1 else None
