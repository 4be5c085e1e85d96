from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from people.models import Person, User

from .. import emails
from ..models import AccreditationChange, Delegate, Delegation, Registration, Seating
from ..problems import Code, Problem, RegistrationRefused
from .filling import WITH_NAMES, fill_locked, released, settle_flags, vacated
from .heads import end_headships
from .locks import lock, lock_delegates, retried
from .membership import Profile, enter, make_room
from .seats import name

State = Delegate.State
WAYS = {
    State.SUBMITTED: {State.ACCREDITED, State.RETURNED, State.DECLINED, State.WITHDRAWN},
    State.RETURNED: {State.SUBMITTED, State.ACCREDITED, State.DECLINED, State.WITHDRAWN},
    State.ACCREDITED: {State.DECLINED, State.WITHDRAWN},
    State.DECLINED: {State.SUBMITTED, State.ACCREDITED},
    State.WITHDRAWN: {State.SUBMITTED, State.ACCREDITED},
}


def accredit(*, delegate: Delegate, by: User | None, now: datetime, reason: str = "") -> Delegate:
    """Let a delegate take places. Raises `RegistrationRefused` as `decide` does."""
    return decide(delegate=delegate, to=State.ACCREDITED, by=by, now=now, reason=reason)


@dataclass(frozen=True)
class Decided:
    """Whose accreditation was changed, and whose was not, each with the reasons."""

    done: tuple[Delegate, ...]
    refused: tuple[tuple[Delegate, RegistrationRefused], ...]


@retried
@transaction.atomic
def decide_each(
    *, delegates: Sequence[Delegate], to: Delegate.State, by: User | None, now: datetime, reason: str = ""
) -> Decided:
    """Decide as `decide` does about each of `delegates`; a refusal stops none of the others.

    Every account that is concerned is told once, however many the delegates are.
    """
    lock_delegates(delegate.pk for delegate in delegates)
    done, refused = [], []
    for seen in delegates:
        delegate = copy(seen)  # should all this be run again, it begins with what was seen
        try:
            _change(delegate, to, by, now, reason)
        except RegistrationRefused as refusal:
            refused.append((seen, refusal))
        else:
            done.append(delegate)
    emails.decided(done, reason)
    return Decided(tuple(done), tuple(refused))


@transaction.atomic
def accept_list(*, delegation: Delegation, delegates: Sequence[Delegate], by: User | None, now: datetime) -> Decided:
    """Accredit the list of a delegation as it was seen; whoever was entered meanwhile stays submitted.

    Raises `RegistrationRefused` when the letter of the delegation is missing.
    """
    if delegation.lacks_letter:
        raise RegistrationRefused(
            Problem(
                Code.NO_LETTER,
                _("The note verbale or letter of {party} is not here yet, nor is one announced."),
                {"party": delegation.party},
            )
        )
    own = [delegate for delegate in delegates if delegate.delegation_id == delegation.pk]
    return decide_each(delegates=own, to=State.ACCREDITED, by=by, now=now)


@retried
@transaction.atomic
def accredit_on_the_spot(
    *,
    delegation: Delegation,
    person: Person | None,
    profile: Profile,
    has_temporary_pass: bool,
    by: User,
    now: datetime,
) -> Delegate:
    """Enter a known person, or the one of `profile`, and accredit them at once; a member is accredited as entered.

    Raises `RegistrationRefused` as `decide` does.
    """
    members = Delegate.objects.filter(delegation=delegation).select_related(*WITH_NAMES)
    delegate = members.filter(person=person).first() if person else None
    delegate = delegate or enter(delegation=delegation, person=person, profile=profile, by=by, now=now)
    delegate.has_temporary_pass = has_temporary_pass
    delegate.save(update_fields=["has_temporary_pass"])
    return accredit(delegate=delegate, by=by, now=now, reason=_("On the spot"))


@retried
@transaction.atomic
def decide(*, delegate: Delegate, to: Delegate.State, by: User | None, now: datetime, reason: str = "") -> Delegate:
    """Change the accreditation that was seen to `to`, with a line in its history.

    Whoever loses accreditation leaves the waiting lists and is head no longer; confirmed places stay
    with the delegation, “to be named”, but for those of a declined delegate that are first come: the
    next in line gets them. Whoever gains it sits in the places reserved for them. Of two that decide
    at once, one is refused.

    Raises `RegistrationRefused` when there is no such way, another decision came first, the
    delegation is full, or its letter is missing.
    """
    _change(delegate, to, by, now, reason)
    emails.decided([delegate], reason)
    return delegate


@transaction.atomic
def _change(delegate: Delegate, to: Delegate.State, by: User | None, now: datetime, reason: str) -> None:
    old = State(delegate.state)
    if found := _objection(delegate, old, to):
        raise RegistrationRefused(found)
    if not delegate.is_present and to not in (State.DECLINED, State.WITHDRAWN):
        make_room(delegate.delegation, 1)
    if not delegate.move(to=to, now=now):
        raise RegistrationRefused(
            Problem(Code.DECIDED, _("{person}: somebody else decided meanwhile."), {"person": delegate.person})
        )
    AccreditationChange.objects.create(delegate=delegate, old=old, new=to, by=by, at=now, reason=reason)
    if not delegate.is_present:
        end_headships(delegate, now)
        Registration.objects.filter(reserved_for=delegate).update(reserved_for=None)
    if old is State.ACCREDITED:
        _leave_seats(delegate, by, now)
    if to is State.WITHDRAWN:
        emails.withdrawn(delegate)
    if to is State.ACCREDITED:
        take_reserved(delegate, by, now)


def open_to(delegate: Delegate) -> list[Delegate.State]:
    """What can be decided about a delegate now, letters and limits left aside."""
    return [
        to
        for to in State
        if to in WAYS[State(delegate.state)]
        and delegate.person.erased_at is None
        and not (to is State.DECLINED and delegate.delegation.category.is_government)
    ]


def _objection(delegate: Delegate, old: Delegate.State, to: Delegate.State) -> Problem | None:
    person = {"person": delegate.person}
    if delegate.person.erased_at:
        return Problem(Code.DECIDED, _("Who was erased does not come back. Enter the delegate anew."))
    if to is old:
        return Problem(Code.DECIDED, _("{person} is “{state}” already."), {**person, "state": old.label})
    if to not in WAYS[old]:
        return Problem(
            Code.DECIDED,
            _("{person}: from “{old}” there is no way to “{new}”."),
            {**person, "old": old.label, "new": to.label},
        )
    if to is State.DECLINED and delegate.delegation.category.is_government:
        return Problem(
            Code.DECIDED,
            _("{person}: governments name their own delegates. Return the entry with what to mend."),
            person,
        )
    if to is State.ACCREDITED and delegate.delegation.lacks_letter:
        return Problem(
            Code.NO_LETTER,
            _("{person}: the note verbale or letter of {party} is not here yet, nor is one announced."),
            {**person, "party": delegate.delegation.party},
        )
    return None


def _leave_seats(delegate: Delegate, by: User | None, now: datetime) -> None:
    """Lock every seating of the forum: a place that is being taken at this moment is found as well."""
    lock(Seating.objects.filter(session__forum=delegate.delegation.forum_id).values_list("pk", flat=True))
    held = Registration.objects.active().filter(delegate=delegate)
    released(held.waiting(), by, now)
    places = held.confirmed().filter(attended_at=None)
    freed = set(places.values_list("seating", flat=True))
    if delegate.state == State.DECLINED and not delegate.delegation.category.places_are_kept:
        released(places, by, now)
    else:
        vacated(places)
    settle_flags([delegate.person_id])
    waits = Registration.objects.waiting().filter(person=delegate.person_id)
    fill_locked(Seating.objects.filter(Q(pk__in=freed) | Q(pk__in=waits.values("seating"))), now)


def take_reserved(delegate: Delegate, by: User | None, now: datetime) -> None:
    """A place that cannot be theirs, for instance at an hour already taken, is the delegation's again."""
    for registration in Registration.objects.filter(reserved_for=delegate).order_by("seating"):
        try:
            name(registration=registration, delegate=delegate, by=by, now=now)
        except RegistrationRefused:
            Registration.objects.filter(pk=registration.pk).update(reserved_for=None)
