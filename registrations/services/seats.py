"""Taking a place, giving it up, and changing it for another."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from people.models import User
from people.rows import new, relate
from programme.models import PublishedSession

from .. import emails, rules
from ..allowances import allowance
from ..case import Case, look
from ..models import Delegate, Place, Registration, Seating
from ..names import short_name
from ..problems import Code, Problem, RegistrationRefused
from .filling import (
    active,
    confirm,
    fill,
    fill_locked,
    free,
    fresh,
    not_in_programme,
    published,
    released,
    settle_flags,
    vacated,
)
from .locks import Overtaken, lock, retried, saved


def register(*, seating: Seating, delegate: Delegate | None, by: User | None, now: datetime) -> Registration:
    """Take a place for `delegate`, or one on the waiting list; asking again returns the same row.

    A place of the delegation that is to be named comes first. Raises `RegistrationRefused` with the
    reasons.
    """
    if delegate is None:
        raise RegistrationRefused(*rules.problems(seating=seating, session=published(seating), delegate=None, now=now))
    return _register(seating.pk, delegate.pk, by, now)


@retried
def _register(seating: int, delegate: int, by: User | None, now: datetime) -> Registration:
    """A plain case is decided without a lock, so that nobody waits for what others think.

    A refusal is right as of what was committed then. Within a transaction there is no trying: what fails ends it.
    """
    if not connection.in_atomic_block:
        case = look(seating=seating, delegate=delegate)
        if case.is_plain:
            with suppress(Overtaken):
                return _decided(case, by, now)
    with transaction.atomic():
        return _decided(look(seating=seating, delegate=delegate, locked=True), by, now)


def _decided(case: Case, by: User | None, now: datetime) -> Registration:
    seating, delegate, session, allowed = case.seating, case.delegate, case.session, case.allowed
    if session is None:
        raise not_in_programme()
    if standing := allowed.of(delegate):
        standing.delegate = delegate
        return standing
    if found := rules.problems(
        seating=seating, session=session, delegate=delegate, now=now, is_elsewhere=case.is_elsewhere
    ):
        raise RegistrationRefused(*found)
    if own := allowed.to_be_named(delegate):
        own.seating = seating
        return _sit(own, delegate, session)
    if allowed.is_used_up:
        raise RegistrationRefused(rules.at_quota(delegate.delegation, allowed))
    case = _filled(case, session, now)
    place = next((place for place, left in case.free.items() if left and allowed.left(place)), None)
    registration = new(
        Registration,
        seating_id=seating.pk,
        delegation_id=delegate.delegation_id,
        delegate_id=delegate.pk,
        person_id=delegate.person_id,
        period=session.period,
        requested_at=now,
        requested_by_id=by and by.pk,
        status=Registration.Status.CONFIRMED if place else Registration.Status.WAITLISTED,
        place=place or "",
        confirmed_at=now if place else None,
    )
    relate(registration, seating=seating, delegation=delegate.delegation, delegate=delegate, person=delegate.person)
    with saved(registration, case):
        if place:
            emails.place_confirmed(registration, session)
        else:
            emails.waitlisted(registration, session)
    registration.case = case
    return registration


@retried
@transaction.atomic
def release(*, registration: Registration, by: User | None, now: datetime) -> Registration:
    """Give up a place or leave the waiting list; whoever is next gets what is freed. Twice is once.

    Raises `RegistrationRefused` when the delegate was there: that stays on record.
    """
    seatings = _lock_with_waits(registration)
    if released(Registration.objects.filter(pk=registration.pk, attended_at=None), by, now):
        _settle(registration)
        fill_locked(seatings, now)
    return _left(registration)


@retried
@transaction.atomic
def vacate(*, registration: Registration, by: User | None, now: datetime) -> Registration:
    """Take the delegate out of a place, which stays with the delegation, “to be named”.

    One on the waiting list leaves it. Raises `RegistrationRefused` when the delegate was there.
    """
    seatings = _lock_with_waits(registration)
    there = Registration.objects.filter(pk=registration.pk, attended_at=None)
    if vacated(there) or released(there.waiting(), by, now):
        _settle(registration)
        fill_locked(seatings, now)
    return _left(registration)


def take_out(*, registration: Registration, delegate: Delegate, by: User | None, now: datetime) -> Registration:
    """The focal point takes `delegate` out of a place, or off the waiting list; the delegate is told.

    Raises `RegistrationRefused` when the delegate was there, or sits there no longer.
    """
    return _for_the_delegation(vacate, registration, delegate, by, now)


def hand_back(*, registration: Registration, delegate: Delegate | None, by: User | None, now: datetime) -> Registration:
    """The focal point releases a place of the delegation, with `delegate` in it, who is told.

    Raises `RegistrationRefused` as `take_out` does.
    """
    return _for_the_delegation(release, registration, delegate, by, now)


@retried
@transaction.atomic
def _for_the_delegation(
    leave: Callable[..., Registration],
    registration: Registration,
    delegate: Delegate | None,
    by: User | None,
    now: datetime,
) -> Registration:
    _lock_with_waits(registration)
    seen = (
        Registration.objects.active()
        .filter(pk=registration.pk, delegate=delegate)
        .select_related("delegate", "seating__session__published", "seating__session__forum")
        .first()
    )
    if seen is None:
        raise RegistrationRefused(
            Problem(Code.NOT_FREE, _("Somebody has changed this place meanwhile. Look at it again."))
        )
    left = leave(registration=registration, by=by, now=now)
    if seen.published:
        emails.taken_out(seen, seen.published)
    return left


def give_up(*, registration: Registration, by: User | None, now: datetime) -> Registration:
    """A delegate leaves: a kept place stays with the delegation, another goes to the next in line."""
    leave = vacate if registration.delegation.category.places_are_kept else release
    return leave(registration=registration, by=by, now=now)


@retried
@transaction.atomic
def name(*, registration: Registration, delegate: Delegate, by: User | None, now: datetime) -> Registration:
    """Fill a place that was “to be named” with a delegate of the same delegation.

    Raises `RegistrationRefused` with the reasons.
    """
    [seating] = lock([registration.seating_id])
    session = published(seating)
    empty = Registration.objects.to_be_named().filter(pk=registration.pk).first()
    delegate = fresh(delegate)
    waits = active(seating, delegate)
    if empty is None or delegate.delegation_id != registration.delegation_id or (waits and waits.is_confirmed):
        raise RegistrationRefused(Problem(Code.NOT_FREE, _("This place cannot be given to this delegate.")))
    if found := rules.problems(seating=seating, session=session, delegate=delegate, now=now):
        raise RegistrationRefused(*found)
    if waits:
        released(Registration.objects.filter(pk=waits.pk), by, now)
    empty.seating = seating
    return _sit(empty, delegate, session)


@retried
@transaction.atomic
def swap(*, registration: Registration, seating: Seating, by: User | None, now: datetime) -> Registration:
    """Give up a place only if one at `seating` is got for it, at once; return that one.

    Raises `RegistrationRefused` with the reasons; then nothing was given up.
    """
    seatings = _lock_with_waits(registration, seating.pk)
    held = Registration.objects.confirmed().select_related("delegate", "delegation__category")
    old = held.filter(pk=registration.pk, delegate__isnull=False, attended_at=None).first()
    if old is None or old.delegate is None or old.seating_id == seating.pk:
        raise RegistrationRefused(Problem(Code.NOT_FREE, _("This place cannot be changed for another.")))
    delegate, rows = old.delegate, Registration.objects.filter(pk=old.pk)
    if old.delegation.category.places_are_kept:
        vacated(rows)
    else:
        released(rows, by, now)
    new = register(seating=seating, delegate=delegate, by=by, now=now)
    if not new.is_confirmed:
        name = {"session": short_name(published(seating))}
        raise RegistrationRefused(
            Problem(Code.FULL, _("No place is free in {session}. You keep the one you have."), name)
        )
    _settle(registration)
    fill_locked(seatings, now)
    return new


@retried
@transaction.atomic
def promote(*, registration: Registration, by: User, now: datetime) -> Registration:
    """Confirm a waiter out of turn, on an organiser's word; a seat held back is used where no other is free.

    The delegation's places and the waiter's other places hold: beyond them is what exceptions are for.
    Raises `RegistrationRefused` with the reasons.
    """
    [seating] = lock([registration.seating_id])
    session = published(seating)
    waiter = Registration.objects.waiting().filter(pk=registration.pk).select_related("delegate").first()
    if waiter is None or waiter.delegate is None:
        raise RegistrationRefused(Problem(Code.NOT_FREE, _("This delegate does not wait for a place any more.")))
    delegate = fresh(waiter.delegate)
    found = rules.problems(seating=seating, session=session, delegate=delegate, now=now)
    if firm := [problem for problem in found if problem.code not in (Code.NOT_OPEN, Code.CLOSED)]:
        raise RegistrationRefused(*firm)
    allowed = allowance(seating, delegate)
    places = free(seating)
    if Place.TABLE not in places and seating.held_back:
        places.append(Place.TABLE)
    place = next((place for place in places if allowed.left(place)), None)
    if place is None:
        raise RegistrationRefused(rules.holding(session, delegate, allowed, None))
    if place not in free(seating):
        seating.held_back -= 1
        seating.save(update_fields=["held_back"])
    waiter.seating, waiter.delegate = seating, delegate
    if not confirm(waiter, place, now):
        raise RegistrationRefused(Problem(Code.NOT_FREE, _("This person holds another place at this hour.")))
    emails.promoted(waiter, session)
    return waiter


def _filled(case: Case, session: PublishedSession, now: datetime) -> Case:
    """Whoever waits and may have what is free comes before a newcomer."""
    if case.is_waited_for and any(case.free.values()) and fill(case.seating, session, now):
        return replace(case, free=case.seating.free_seats())
    return case


def _sit(registration: Registration, delegate: Delegate, session: PublishedSession) -> Registration:
    registration.delegate, registration.person, registration.reserved_for = delegate, delegate.person, None
    with saved(registration):
        emails.place_confirmed(registration, session)
    return registration


def _lock_with_waits(registration: Registration, *more: int) -> list[Seating]:
    """The seating of a place, and those where its person waits: an hour that becomes free may help there."""
    waits = Registration.objects.waiting().filter(person__isnull=False, person=registration.person_id)
    return lock({registration.seating_id, *more, *waits.values_list("seating", flat=True)})


def _settle(registration: Registration) -> None:
    if registration.person_id:
        settle_flags([registration.person_id])


def _left(registration: Registration) -> Registration:
    registration.refresh_from_db()
    if registration.attended_at:
        raise RegistrationRefused(Problem(Code.ATTENDED, _("Who was there keeps the place: it stays on record.")))
    return registration
