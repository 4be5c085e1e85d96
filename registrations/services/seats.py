"""Taking a place, giving it up, and who comes next."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people.models import User
from programme.models import PublishedSession

from .. import emails, rules
from ..models import Delegate, Place, Registration, SeatException, Seating
from ..problems import Code, Problem, RegistrationRefused
from .locks import broken, lock, retried

ONE_PLACE_AT_A_TIME = "person_is_in_one_place_at_a_time"
WITH_NAMES = ("person", "delegation__party", "delegation__category")
WITH_DELEGATE = tuple(f"delegate__{name}" for name in WITH_NAMES)


@retried
@transaction.atomic
def register(*, seating: Seating, delegate: Delegate | None, by: User | None, now: datetime) -> Registration:
    """Take a place for `delegate`, or one on the waiting list; asking again returns the same row.

    Raises `RegistrationRefused` with the reasons.
    """
    [seating] = lock([seating.pk])
    session = _published(seating)
    if delegate is None:
        raise RegistrationRefused(*rules.problems(seating=seating, session=session, delegate=None, now=now))
    delegate = _fresh(delegate)
    allowed = rules.allowance(seating, delegate)
    if standing := allowed.of(delegate):
        return standing
    if found := rules.problems(seating=seating, session=session, delegate=delegate, now=now):
        raise RegistrationRefused(*found)
    if allowed.is_used_up:
        raise RegistrationRefused(rules.at_quota(delegate, allowed))
    place = _next_place(seating, session, allowed, now)
    registration = Registration(
        seating=seating,
        delegation_id=delegate.delegation_id,
        delegate=delegate,
        person=delegate.person,
        period=session.period,
        requested_at=now,
        requested_by=by,
        status=Registration.Status.CONFIRMED if place else Registration.Status.WAITLISTED,
        place=place or "",
        confirmed_at=now if place else None,
    )
    _save(registration, session)
    if place:
        emails.place_confirmed(registration, session)
    else:
        emails.waitlisted(registration, session)
    return registration


@retried
@transaction.atomic
def release(*, registration: Registration, by: User | None, now: datetime) -> Registration:
    """Give up a place or leave the waiting list; whoever is next gets what is freed. Twice is once.

    Raises `RegistrationRefused` when the delegate was there: that stays on record.
    """
    waits = Registration.objects.waiting().filter(person__isnull=False, person=registration.person_id)
    seatings = lock({registration.seating_id, *waits.values_list("seating", flat=True)})
    if registrations_released(Registration.objects.filter(pk=registration.pk, attended_at=None), by, now):
        if registration.person_id:
            settle_flags([registration.person_id])
        fill_locked(seatings, now)
    registration.refresh_from_db()
    if registration.attended_at:
        raise RegistrationRefused(Problem(Code.ATTENDED, _("Who was there keeps the place: it stays on record.")))
    return registration


@retried
@transaction.atomic
def fill_places(*, seating: Seating, now: datetime) -> list[Registration]:
    """Give what is free to those who wait, for instance after a limit was raised; return the promoted."""
    return fill_locked(lock([seating.pk]), now)


@retried
@transaction.atomic
def name(*, registration: Registration, delegate: Delegate, by: User | None, now: datetime) -> Registration:
    """Fill a place that was “to be named” with a delegate of the same delegation.

    Raises `RegistrationRefused` with the reasons.
    """
    [seating] = lock([registration.seating_id])
    session = _published(seating)
    registration = Registration.objects.active().get(pk=registration.pk)
    delegate = _fresh(delegate)
    if registration.delegate_id or delegate.delegation_id != registration.delegation_id or _active(seating, delegate):
        raise RegistrationRefused(Problem(Code.NOT_FREE, _("This place cannot be given to this delegate.")))
    if found := rules.problems(seating=seating, session=session, delegate=delegate, now=now):
        raise RegistrationRefused(*found)
    registration.delegate, registration.person = delegate, delegate.person
    _save(registration, session)
    if registration.is_confirmed:
        emails.place_confirmed(registration, session)
    return registration


@retried
@transaction.atomic
def grant_exception(
    *,
    seating: Seating,
    delegate: Delegate,
    place: Place,
    authorised_by: str,
    reason: str,
    by: User,
    now: datetime,
) -> Registration:
    """Confirm a place whatever limit or overlap stands in the way, and record on whose word. Nobody is displaced.

    Only an accredited delegate can be given one, and only in a session that is held.
    """
    [seating] = lock([seating.pk])
    session = _published(seating)
    delegate = _fresh(delegate)
    registration = _active(seating, delegate) or Registration(
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
    allowed = rules.allowance(seating, delegate)
    registration.save()
    SeatException.objects.create(
        registration=registration,
        beyond_seats=place not in _free(seating),
        beyond_quota=not allowed.left(place),
        authorised_by=authorised_by,
        reason=reason,
        recorded_by=by,
        recorded_at=now,
    )
    registration.status, registration.place, registration.confirmed_at = Registration.Status.CONFIRMED, place, now
    registration.overlap = Registration.Overlap.ACCEPTED if overlaps else Registration.Overlap.NONE
    _save(registration, session)
    emails.place_confirmed(registration, session)
    return registration


def _next_place(seating: Seating, session: PublishedSession, allowed: rules.Allowance, now: datetime) -> Place | None:
    """The kind of place a newcomer gets. Whoever waits and may have what is free comes first."""
    free = _free(seating)
    if free and _fill(seating, session, now):
        free = _free(seating)
    return next((place for place in free if allowed.left(place)), None)


def fill_locked(seatings: Iterable[Seating], now: datetime) -> list[Registration]:
    """Promote in seatings that the caller has locked."""
    promoted = []
    for seating in seatings:
        if session := PublishedSession.objects.filter(session=seating.session_id).first():
            promoted += _fill(seating, session, now)
    return promoted


def registrations_released(registrations, by: User | None, now: datetime) -> int:
    """Release those still active; the caller holds the locks of their seatings and fills them afterwards."""
    return registrations.active().update(
        status=Registration.Status.RELEASED,
        released_at=now,
        released_by=by,
        overlap=Registration.Overlap.NONE,
    )


def settle_flags(persons: Iterable[int]) -> None:
    """Take the mark from places that overlap no longer: the constraint keeps them again."""
    flagged = Registration.objects.flagged().filter(person__in=persons).with_overlap()
    ids = [registration.pk for registration in flagged if not registration.overlaps]
    Registration.objects.filter(pk__in=ids).update(overlap=Registration.Overlap.NONE)


def _fill(seating: Seating, session: PublishedSession, now: datetime) -> list[Registration]:
    """Give free seats to waiters, first come first; one who may not have it now is passed over and waits on."""
    promoted: list[Registration] = []
    queue = Registration.objects.waiting().filter(seating=seating).select_related(*WITH_DELEGATE)
    if session.cancelled_at or not queue:
        return promoted
    refused = {waiter.pk for waiter in queue if waiter.delegate and any(rules.admission(session, waiter.delegate))}
    while True:
        waiting = Registration.objects.waiting().filter(seating=seating).exclude(pk__in=refused)
        places = _free(seating)
        first = min(
            (
                (waiter.pk, order, place, waiter)
                for order, place in enumerate(places)
                if (
                    waiter := waiting.without_overlap().within_quota(seating, place).select_related(*WITH_NAMES).first()
                )
            ),
            default=None,
            key=lambda found: found[:2],
        )
        if first is None:
            return promoted
        *_order, place, waiter = first
        waiter.seating = seating
        waiter.status, waiter.place, waiter.confirmed_at = Registration.Status.CONFIRMED, place, now
        try:
            with transaction.atomic():
                waiter.save(update_fields=["status", "place", "confirmed_at"])
        except IntegrityError as error:
            if broken(error) != ONE_PLACE_AT_A_TIME:
                raise
            refused.add(waiter.pk)  # took another place in the same moment
            continue
        emails.promoted(waiter, session)
        promoted.append(waiter)


def _free(seating: Seating) -> list[Place]:
    """Kinds of place that have a seat left, the table first. The caller holds the lock."""
    return [place for place, left in seating.free_seats().items() if left]


def _published(seating: Seating) -> PublishedSession:
    session = PublishedSession.objects.filter(session=seating.session_id).first()
    if session is None:
        raise RegistrationRefused(Problem(Code.NOT_IN_PROGRAMME, _("This session is not in the programme.")))
    return session


def _active(seating: Seating, delegate: Delegate) -> Registration | None:
    return Registration.objects.active().filter(seating=seating, delegate=delegate).first()


def _fresh(delegate: Delegate) -> Delegate:
    """As it stands now that the lock is held: a decision taken meanwhile counts."""
    return Delegate.objects.select_related(*WITH_NAMES).get(pk=delegate.pk)


def _save(registration: Registration, session: PublishedSession) -> None:
    try:
        with transaction.atomic():
            registration.save()
    except IntegrityError as error:
        if broken(error) != ONE_PLACE_AT_A_TIME:
            raise
        # Only a request in the same moment gets this far; whoever came first holds the hour
        other = Registration.objects.in_the_way_of(registration.person_id, session.period)
        first = other.exclude(pk=registration.pk).select_related("seating__session__published").first()
        if first is None:
            raise
        raise RegistrationRefused(rules.slot_taken(first.published)) from error
