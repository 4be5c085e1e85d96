"""Publishing and withdrawing: the only ways by which what the public sees changes."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec
from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Max
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from people.models import User
from schedule.models import Forum, Session

from . import moved
from .chosen import faults, with_sessions
from .compare import Change, compare
from .draft import draft
from .models import PublishedSession, Release, Withdrawal
from .search import entries
from .snapshot import Programme, SessionNode, digest, load
from .texts import typed

SERIALIZATION_FAILURE = "40001"


class PublishError(Exception):
    """The programme was not published; the message says why and what to do.

    `number` is the newest release in view, for a caller that must show the difference anew.
    """

    def __init__(self, message: str, number: int | None = None):
        super().__init__(message)
        self.number = number


class NothingChanged(PublishError):
    """The draft is what readers see already."""


@dataclass(frozen=True)
class Problem:
    """What a publish check found: shown before publishing. `blocking` ones refuse the release.

    `listed` are all of those of whom the message tells the first.
    """

    message: str
    blocking: bool = False
    listed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What publishing now would make, and how it differs from the newest release in view.

    `seen` is the digest of the draft: it tells whether somebody edited since.
    """

    base: int | None
    seen: str
    programme: Programme
    changes: list[Change]
    problems: list[Problem]
    before: Programme | None = None


def newest(forum: Forum) -> Release | None:
    """The release that readers see. What was withdrawn is nothing to build on."""
    return Release.objects.filter(forum=forum).in_view().newest_first().first()


def unpublished(forum: Forum) -> list[Change]:
    """What the draft says otherwise than the release that readers see; nothing while there is none."""
    last = newest(forum)
    return compare(load(last.snapshot), draft(forum)) if last else []


def propose(*, forum: Forum, sessions: Collection[str] | None = None) -> Proposal:
    """Compare the draft with what readers see. `sessions` (UUIDs) takes only those from the draft."""
    last = newest(forum)
    programme = draft(forum)
    seen = digest(programme.encode())
    if last is None:
        return Proposal(None, seen, programme, [], _problems(forum, programme))
    base = load(last.snapshot)
    if sessions is not None:
        programme = with_sessions(base, programme, sessions)
    return Proposal(last.number, seen, programme, compare(base, programme), _problems(forum, programme), base)


def publish(
    *,
    forum: Forum,
    by: User | None,
    note: str = "",
    base: int | None,
    seen: str | None = None,
    sessions: Collection[str] | None = None,
) -> Release:
    """Make the next release and write out its rows; return it.

    `base` is the number of the release that the difference was shown against, None for the first;
    `seen` the digest of the draft that was shown, None where nobody looked. `sessions` (UUIDs) takes
    only those from the draft, the rest stays as it was. Must not run inside another transaction.

    Raises `PublishError` when another release or an edit came between, nothing changed, or a check
    forbids it.
    """
    try:
        with one_moment():
            return _publish(forum, by, note, base, seen, sessions)
    except (IntegrityError, OperationalError) as error:
        # Another publish, or a withdrawal, was done first
        lost = getattr(error.__cause__, "pgcode", "") == SERIALIZATION_FAILURE or "release_number_unique" in str(error)
        if not lost:
            raise
        raise PublishError(
            _("Somebody else published or withdrew at the same moment. Look at the difference again.")
        ) from error


@contextmanager
def one_moment() -> Iterator[None]:
    """A transaction of its own that sees the whole database as it was at its start."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _publish(
    forum: Forum, by: User | None, note: str, base: int | None, seen: str | None, sessions: Collection[str] | None
) -> Release:
    proposal = propose(forum=forum, sessions=sessions)
    if proposal.base != base:
        raise PublishError(
            _("Readers see release %(number)s by now. Look at the difference again.") % {"number": proposal.base},
            proposal.base,
        )
    if seen is not None and proposal.seen != seen:
        raise PublishError(_("The draft was edited meanwhile. Look at the difference again."), proposal.base)
    if proposal.base is not None and not proposal.changes:
        raise NothingChanged(_("Nothing has changed since the last release."), proposal.base)
    for problem in proposal.problems:
        if problem.blocking:
            raise PublishError(problem.message, proposal.base)
    data = proposal.programme.encode()
    last = Release.objects.filter(forum=forum).aggregate(Max("number"))["number__max"]
    release = Release.objects.create(
        forum=forum,
        number=(last or 0) + 1,
        snapshot=msgspec.json.decode(data),
        digest=digest(data),
        note=typed(note),
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
    before = PublishedSession.objects.filter(forum=release.forum_id)
    sequences = {(pk, shown): sequence for pk, shown, sequence in before.values_list("pk", "shown", "sequence")}
    rows = [
        _published(release, session, by_uuid[session.uuid], _shown(programme, session))
        for session in programme.sessions
        if session.uuid in by_uuid
    ]
    turn = _turn(release.forum_id)
    for row in rows:
        row.sequence = sequences.get((row.session_id, row.shown), turn)
    before.delete()
    PublishedSession.objects.bulk_create(rows)
    entries.write(release.forum_id, programme)
    moved.keep(release=release, programme=programme)


def _turn(forum_id: int) -> int:
    """How many times readers have been given another programme."""
    return Release.objects.filter(forum=forum_id).count() + Withdrawal.objects.filter(release__forum=forum_id).count()


def _shown(programme: Programme, session: SessionNode) -> str:
    """The digest of all that a calendar shows of a session."""
    theme = programme.theme(session.theme) if session.theme else None
    facts = (
        session.kind,
        session.number,
        session.title,
        session.summary,
        session.entry,
        session.timing,
        session.starts_at,
        session.ends_at,
        session.starts_on,
        session.ends_on,
        session.day_part,
        session.month,
        session.to_confirm,
        session.cancelled_at,
        session.listed,
        [place.name if place else {} for place in programme.place(session)],
        theme.title if theme else {},
    )
    return digest(msgspec.json.encode(facts, order="deterministic"))


def _published(release: Release, session: SessionNode, pk: int, shown: str) -> PublishedSession:
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
        shown=shown,
    )


def _problems(forum: Forum, programme: Programme) -> list[Problem]:
    found = [Problem(fault, blocking=True) for fault in faults(programme)]
    for path in settings.PUBLISH_CHECKS:
        found += import_string(path)(forum, programme)
    return found
