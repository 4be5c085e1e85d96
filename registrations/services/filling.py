"""What is free goes to those who wait. All of this runs under the lock of the seatings."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from people.models import User
from programme.models import PublishedSession

from .. import emails, rules
from ..models import Delegate, Place, Registration, Seating
from ..problems import Code, Problem, RegistrationRefused
from .locks import ONE_PLACE_AT_A_TIME, broken, lock

WITH_NAMES = ("person__user", "delegation__party", "delegation__category")
WITH_DELEGATE = tuple(f"delegate__{name}" for name in WITH_NAMES)


def published(seating: Seating) -> PublishedSession:
    session = PublishedSession.objects.filter(session=seating.session_id).first()
    if session is None:
        raise not_in_programme()
    return session


def not_in_programme() -> RegistrationRefused:
    return RegistrationRefused(Problem(Code.NOT_IN_PROGRAMME, _("This session is not in the programme.")))


def fresh(delegate: Delegate) -> Delegate:
    """As it stands now that the lock is held: a decision taken meanwhile counts."""
    return Delegate.objects.select_related(*WITH_NAMES).get(pk=delegate.pk)


def active(seating: Seating, delegate: Delegate) -> Registration | None:
    return Registration.objects.active().filter(seating=seating, delegate=delegate).first()


def free(seating: Seating) -> list[Place]:
    """Kinds of place that have a seat left, the table first."""
    return [place for place, left in seating.free_seats().items() if left]


def fill_locked(seatings: Iterable[Seating], now: datetime) -> list[Registration]:
    """Promote in seatings that the caller has locked; return the promoted."""
    promoted = []
    for seating in seatings:
        if session := PublishedSession.objects.filter(session=seating.session_id).first():
            promoted += fill(seating, session, now)
    return promoted


def fill_waits_of(delegate: Delegate, now: datetime) -> list[Registration]:
    """Lock and fill where `delegate` waits: a rule that stood in the way has changed."""
    waits = Registration.objects.waiting().filter(delegate=delegate)
    return fill_locked(lock(waits.values_list("seating", flat=True)), now)


def fill(seating: Seating, session: PublishedSession, now: datetime) -> list[Registration]:
    """Give free seats to waiters, first come first; one who may not have it now is passed over and waits on."""
    promoted: list[Registration] = []
    if session.cancelled_at or not (places := free(seating)):
        return promoted
    passed: set[int] = set()
    while places:
        waiting = Registration.objects.waiting().filter(seating=seating).exclude(pk__in=passed).without_overlap()
        firsts = {
            place: waiter
            for place in places
            if (waiter := waiting.within_quota(seating, place).select_related("seating", *WITH_DELEGATE).first())
        }
        if not firsts:
            return promoted
        place, waiter = min(firsts.items(), key=lambda found: (found[1].pk, places.index(found[0])))
        waiter.seating = seating
        if (waiter.delegate and any(rules.admission(session, waiter.delegate))) or not confirm(waiter, place, now):
            passed.add(waiter.pk)
            continue
        emails.promoted(waiter, session)
        promoted.append(waiter)
        places = free(seating)
    return promoted


def confirm(waiter: Registration, place: Place, now: datetime) -> bool:
    """Make a place of it. False when the waiter took another place at this hour in the same moment."""
    waiter.status, waiter.place, waiter.confirmed_at = Registration.Status.CONFIRMED, place, now
    try:
        with transaction.atomic():
            waiter.save(update_fields=["status", "place", "confirmed_at"])
    except IntegrityError as error:
        if broken(error) != ONE_PLACE_AT_A_TIME:
            raise
        return False
    return True


def released(registrations, by: User | None, now: datetime) -> int:
    """Release those still active; the caller holds the locks of their seatings and fills them afterwards."""
    return registrations.active().update(
        status=Registration.Status.RELEASED,
        released_at=now,
        released_by=by,
        reserved_for=None,
        overlap=Registration.Overlap.NONE,
    )


def vacated(registrations) -> int:
    """Confirmed places lose their delegate and stay with the delegation, “to be named”."""
    return registrations.confirmed().update(delegate=None, person=None, overlap=Registration.Overlap.NONE)


def settle_flags(persons: Iterable[int]) -> None:
    """Take the mark from places that overlap no longer: the constraint keeps them again."""
    flagged = Registration.objects.flagged().filter(person__in=persons).with_overlap()
    ids = [registration.pk for registration in flagged if not registration.overlaps]
    Registration.objects.filter(pk__in=ids).update(overlap=Registration.Overlap.NONE)
