"""What a release means for those who hold places: new hours are copied, overlaps marked, everyone told once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Case, Value, When

from people.models import User
from programme import times
from programme.changes import public_changes
from programme.compare import Verb
from programme.models import PublishedSession, Release
from programme.present import ChangeLine
from programme.snapshot import load
from schedule.models import Forum

from .. import emails
from ..models import FocalPoint, Registration, ReleaseCursor, Seating
from .filling import settle_flags
from .keeping import arrange_places
from .locks import lock, retried

TOLD = (Verb.RETIMED, Verb.MOVED, Verb.CANCELLED, Verb.RESTORED, Verb.REMOVED)


def follow_releases(*, now: datetime) -> None:
    """Deal with what was published or withdrawn since the last call. Running twice does no harm."""
    for forum in Forum.objects.exclude(releases=None):
        _follow(forum, now)


@retried
@transaction.atomic
def _follow(forum: Forum, now: datetime) -> None:
    current = Release.objects.filter(forum=forum).in_view().newest_first().defer("snapshot").first()
    if current is None or ReleaseCursor.objects.filter(forum=forum, number=current.number).exists():
        return
    ReleaseCursor.objects.get_or_create(forum=forum, defaults={"number": 0})
    cursor = ReleaseCursor.objects.select_for_update(skip_locked=True).filter(forum=forum).first()
    if cursor is None or cursor.number == current.number:
        return  # another worker is at it
    seatings = lock(Seating.objects.filter(session__forum=forum).values_list("pk", flat=True))
    settle_flags(_copy_hours(seatings))
    arrange_places(forum=forum, now=now)
    if cursor.number:
        _tell(forum, cursor.number, current, now)
    cursor.number = current.number
    cursor.save(update_fields=["number"])


def _copy_hours(seatings: Iterable[Seating]) -> set[int]:
    """Write the published hours into the registrations; return whose changed.

    A changed place of a person is let out of the overlap constraint first: the caller settles which ones
    stay out.
    """
    hours = dict(
        PublishedSession.objects.filter(session__seating__in=seatings).values_list("session__seating", "period")
    )
    persons: set[int] = set()
    for seating in seatings:
        period = hours.get(seating.pk)
        there = Registration.objects.active().filter(seating=seating)
        changed = there.exclude(period=period) if period else there.exclude(period=None)
        ids = dict(changed.values_list("pk", "person"))
        Registration.objects.filter(pk__in=ids).update(
            period=period,
            overlap=Case(
                When(
                    status=Registration.Status.CONFIRMED,
                    person__isnull=False,
                    overlap="",
                    then=Value(Registration.Overlap.RELEASE),
                ),
                default="overlap",
            ),
        )
        persons |= {person for person in ids.values() if person}
    return persons


def _tell(forum: Forum, number: int, current: Release, now: datetime) -> None:
    """One mail to each account concerned by new times, rooms and fates of sessions.

    An account hears of the places it has or awaits; a focal point of those of all its delegations,
    so that also delegates without an account are told by somebody.
    """
    before, programme = load(Release.objects.get(forum=forum, number=number).snapshot), load(current.snapshot)
    lines = {
        change.uuid: ChangeLine(change, programme)
        for change in public_changes(before, programme, current.created_at)
        if change.has(*TOLD)
    }
    concerned = list(
        Registration.objects.active()
        .filter(
            seating__session__uuid__in=lines,
            # Who asked later has seen the new programme; a withdrawal brings back an old one now
            requested_at__lt=current.created_at if current.number > number else now,
        )
        .select_related("person", "delegation__party", "seating__session")
        .order_by("period", "pk")
    )
    looked_after = _focal_points(concerned)
    for user, theirs in _by_account(concerned, looked_after).items():
        of_session: dict[str, list[Registration]] = defaultdict(list)
        for registration in theirs:
            of_session[str(registration.seating.session.uuid)].append(registration)
        emails.programme_changed(
            user,
            [(line, of_session[uuid]) for uuid, line in lines.items() if uuid in of_session],
            lambda: times.moment(current.created_at, programme),
            of_delegation=user in looked_after,
        )


def _focal_points(registrations: Iterable[Registration]) -> dict[User, list[int]]:
    """Who looks after the delegations of these places, with the ids of theirs in the order they were given."""
    found: dict[User, list[int]] = defaultdict(list)
    points = FocalPoint.objects.filter(
        delegation__in={registration.delegation_id for registration in registrations}, user__is_active=True
    )
    for point in points.select_related("user__person").order_by("pk"):
        found[point.user].append(point.delegation_id)
    return found


def _by_account(
    registrations: Iterable[Registration], looked_after: Mapping[User, list[int]]
) -> dict[User, list[Registration]]:
    """The places each account is to hear of: its own, and those of the delegations it looks after."""
    of_person: dict[int, list[Registration]] = defaultdict(list)
    of_delegation: dict[int, list[Registration]] = defaultdict(list)
    for registration in registrations:
        of_delegation[registration.delegation_id].append(registration)
        if registration.person_id:
            of_person[registration.person_id].append(registration)
    accounts = User.objects.filter(person__in=of_person, is_active=True).select_related("person").order_by("pk")
    found: dict[User, list[Registration]] = {}
    for user in {**dict.fromkeys(accounts), **looked_after}:
        theirs = [one for delegation in looked_after.get(user, ()) for one in of_delegation[delegation]]
        own = of_person.get(user.person_id, []) if user.person_id else []
        found[user] = list(dict.fromkeys([*theirs, *own]))
    return found
