"""Publishing and withdrawing: the only ways by which what the public sees changes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from people.models import User
from schedule.models import Forum, Session

from .compare import Change, compare
from .draft import draft
from .models import PublishedSession, Release, Withdrawal
from .snapshot import Programme, SessionNode, digest, load


class PublishError(Exception):
    """The programme was not published; the message says why and what to do.

    `number` is the newest release, for a caller that must show the difference anew.
    """

    def __init__(self, message: str, number: int | None = None):
        super().__init__(message)
        self.number = number


@dataclass(frozen=True)
class Problem:
    """What a publish check found: shown before publishing. `blocking` ones refuse the release."""

    message: str
    blocking: bool = False


@dataclass(frozen=True)
class Proposal:
    """What publishing now would make, and how it differs from the newest release."""

    base: int | None
    programme: Programme
    changes: list[Change]
    problems: list[Problem]
    before: Programme | None = None


def newest(forum: Forum) -> Release | None:
    return Release.objects.filter(forum=forum).order_by("-number").first()


def propose(*, forum: Forum, sessions: Collection[str] | None = None) -> Proposal:
    """Compare the draft with the newest release. `sessions` (UUIDs) takes only those from the draft."""
    last = newest(forum)
    programme = draft(forum)
    if last is None:
        return Proposal(None, programme, [], _problems(forum, programme))
    base = load(last.snapshot)
    if sessions is not None:
        programme = with_sessions(base, programme, sessions)
    return Proposal(last.number, programme, compare(base, programme), _problems(forum, programme), base)


def publish(
    *,
    forum: Forum,
    by: User | None,
    note: str = "",
    base: int | None,
    sessions: Collection[str] | None = None,
) -> Release:
    """Make the next release and write out its rows; return it.

    `base` is the number of the release that the difference was shown against, None for the first.
    `sessions` (UUIDs) takes only those from the draft, the rest stays as it was. Everything is read
    in one REPEATABLE READ transaction. Must not run inside another one.

    Raises `PublishError` when another release came between, nothing changed, or a check forbids it.
    """
    within_test = connection.in_atomic_block  # `durable` lets nothing else through
    try:
        with transaction.atomic(durable=True):
            if not within_test:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            return _publish(forum, by, note, base, sessions)
    except IntegrityError as error:
        if "release_number_unique" not in str(error):
            raise
        raise PublishError(_("Somebody else published at the same moment. Look at the difference again.")) from error


def _publish(forum: Forum, by: User | None, note: str, base: int | None, sessions: Collection[str] | None) -> Release:
    proposal = propose(forum=forum, sessions=sessions)
    if proposal.base != base:
        raise PublishError(
            _("Release %(number)s came between. Look at the difference again.") % {"number": proposal.base},
            proposal.base,
        )
    if proposal.base is not None and not proposal.changes:
        raise PublishError(_("Nothing has changed since the last release."), proposal.base)
    for problem in proposal.problems:
        if problem.blocking:
            raise PublishError(problem.message, proposal.base)
    data = proposal.programme.encode()
    release = Release.objects.create(
        forum=forum,
        number=(proposal.base or 0) + 1,
        snapshot=msgspec.json.decode(data),
        digest=digest(data),
        note=note,
        created_at=timezone.now(),
        created_by=by,
    )
    project(release=release, programme=proposal.programme)
    return release


@transaction.atomic
def withdraw(*, release: Release, by: User | None, reason: str) -> Withdrawal:
    """Take `release` from view and write out the rows of the one that is then current.

    Raises `PublishError` when it is withdrawn already or is the only one in view.
    """
    Forum.objects.select_for_update().get(pk=release.forum_id)
    in_view = Release.objects.filter(forum=release.forum_id).in_view().newest_first()
    if not in_view.filter(pk=release.pk).exists():
        raise PublishError(_("This release is withdrawn already."))
    if not in_view.exclude(pk=release.pk).exists():
        raise PublishError(_("This is the only release in view. Publish another one first."))
    withdrawal = Withdrawal.objects.create(release=release, reason=reason, withdrawn_at=timezone.now(), withdrawn_by=by)
    current = Release.objects.filter(forum=release.forum_id).in_view().newest_first()[0]
    project(release=current, programme=load(current.snapshot))
    return withdrawal


@transaction.atomic
def project(*, release: Release, programme: Programme) -> None:
    """Write the release out as rows, in a fixed number of queries."""
    ids = dict(Session.objects.filter(forum=release.forum_id).values_list("uuid", "pk"))
    by_uuid = {str(uuid): pk for uuid, pk in ids.items()}
    rows = [
        _published(release, session, by_uuid[session.uuid]) for session in programme.sessions if session.uuid in by_uuid
    ]
    PublishedSession.objects.filter(forum=release.forum_id).delete()
    PublishedSession.objects.bulk_create(rows)


def _published(release: Release, session: SessionNode, pk: int) -> PublishedSession:
    period = None
    if session.starts_at and not session.is_cancelled:
        period = DateTimeTZRange(session.starts_at, session.ends_at)
    return PublishedSession(
        forum_id=release.forum_id,
        session_id=pk,
        release=release,
        slug=session.slug,
        kind=session.kind,
        number=session.number,
        title=session.title,
        entry=session.entry,
        listed=session.listed,
        period=period,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        cancelled_at=session.cancelled_at,
        zone=session.zone,
    )


def with_sessions(base: Programme, new: Programme, uuids: Collection[str]) -> Programme:
    """`base` with the sessions in `uuids` as `new` has them (added, replaced or taken out).

    A venue or room that only such a session needs comes along; everything else stays as in `base`.
    """
    chosen = set(uuids)
    kept = [session for session in base.sessions if session.uuid not in chosen]
    taken = [session for session in new.sessions if session.uuid in chosen]
    needed = {(session.venue, session.room) for session in taken if session.venue}
    sessions = sorted([*kept, *taken], key=lambda session: session.sort_key)
    return msgspec.structs.replace(base, sessions=tuple(sessions), venues=tuple(_venues(base, new, needed)))


def _venues(base: Programme, new: Programme, needed: set[tuple[str, str]]) -> Iterable[Any]:
    present = {venue.slug for venue in base.venues}
    for venue in base.venues:
        has = {room.slug for room in venue.rooms}
        fresh = new.venue(venue.slug)
        missing = [
            room
            for room in (fresh.rooms if fresh else ())
            if (venue.slug, room.slug) in needed and room.slug not in has
        ]
        yield msgspec.structs.replace(venue, rooms=(*venue.rooms, *missing)) if missing else venue
    for slug in sorted({venue for venue, _room in needed} - present):
        if fresh := new.venue(slug):
            yield fresh


def _problems(forum: Forum, programme: Programme) -> list[Problem]:
    found = _room_clashes(programme)
    for path in settings.PUBLISH_CHECKS:
        found += import_string(path)(forum, programme)
    return found


def _room_clashes(programme: Programme) -> list[Problem]:
    """The database keeps the draft's rooms; a release made of chosen sessions can still clash."""
    problems: list[Problem] = []
    last: dict[tuple[str, str], SessionNode] = {}
    for session in sorted(
        (session for session in programme.sessions if session.room and session.starts_at and not session.is_cancelled),
        key=lambda session: session.starts_at,  # type: ignore[arg-type,return-value]
    ):
        place = (session.venue, session.room)
        before = last.get(place)
        if before and before.ends_at > session.starts_at:  # type: ignore[operator]
            problems.append(
                Problem(
                    _("“%(first)s” and “%(second)s” would be in one room at one time. Publish both together.")
                    % {"first": before.title.get("en", before.slug), "second": session.title.get("en", session.slug)},
                    blocking=True,
                )
            )
        if before is None or session.ends_at > before.ends_at:  # type: ignore[operator]
            last[place] = session
    return problems
