"""What a release means for those who hold places: new hours are copied, overlaps marked, everyone told once."""

from collections import defaultdict
from collections.abc import Iterable
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
from ..models import Registration, ReleaseCursor, Seating
from .filling import fill_locked, settle_flags
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
    fill_locked(seatings, now)
    if cursor.number:
        _tell(forum, cursor.number, current, now)
    cursor.number = current.number
    cursor.save(update_fields=["number"])


def _copy_hours(seatings: Iterable[Seating]) -> set[int]:
    """Write the published hours into the registrations; return whose changed.

    A changed place is let out of the overlap constraint first: the caller settles which ones stay out.
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
                When(status=Registration.Status.CONFIRMED, overlap="", then=Value(Registration.Overlap.RELEASE)),
                default="overlap",
            ),
        )
        persons |= {person for person in ids.values() if person}
    return persons


def _tell(forum: Forum, number: int, current: Release, now: datetime) -> None:
    """One mail to each account that holds or awaits a place in a session with a new time, room or fate."""
    before, programme = load(Release.objects.get(forum=forum, number=number).snapshot), load(current.snapshot)
    lines = {
        change.uuid: ChangeLine(change, programme)
        for change in public_changes(before, programme, current.created_at)
        if change.has(*TOLD)
    }
    concerned = (
        Registration.objects.active()
        .filter(
            seating__session__uuid__in=lines,
            person__user__is_active=True,
            # Who asked later has seen the new programme; a withdrawal brings back an old one now
            requested_at__lt=current.created_at if current.number > number else now,
        )
        .select_related("person__user__person", "seating__session")
        .order_by("period", "pk")
    )
    of_account: dict[User, list[ChangeLine]] = defaultdict(list)
    for registration in concerned:
        of_account[registration.person.user].append(lines[str(registration.seating.session.uuid)])
    for user, theirs in of_account.items():
        emails.programme_changed(user, theirs, lambda: times.moment(current.created_at, programme))
