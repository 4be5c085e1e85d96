"""Asking for prints. Building them is `documents.building`, in the worker only."""

from collections.abc import Callable, Collection
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from people.models import User
from people.queue import send_on_commit
from programme import releases
from programme.releases import Published
from registrations.models import Delegate, Delegation

from .builds import Build, BuildQuerySet
from .failures import Failure
from .kinds import KINDS, Audience, Extract, Kind
from .models import Document, PrintRunPart
from .privacy import forget
from .recording import record, record_each
from .sheets import Ink, Sheet
from .tasks import build_document, build_run_part

VIEW = "documents.view_document"
EDIT = "schedule.change_session"


class DocumentError(Exception):
    """There can be no such print; the message says why."""


def is_staff(user: User) -> bool:
    """Whether `user` may ask for and have every print."""
    return user.has_perm(VIEW)


def audiences(user: User) -> set[str]:
    """The delegates and delegations, by UUID, whose prints `user` may have.

    A delegate has their own as long as they are accredited; a focal point has those of the delegation
    and of each of its accredited delegates.
    """
    looked_after = Delegation.objects.filter(focal_points__user=user)
    delegates = Delegate.objects.accredited().filter(Q(person__user=user) | Q(delegation__in=looked_after))
    return {str(uuid) for rows in (looked_after, delegates) for uuid in rows.values_list("uuid", flat=True)}


def accredited_delegate(user: User) -> Delegate | None:
    """As whom `user` may have a pack of the current forum."""
    published = releases.current()
    return Delegate.objects.of(user.person_id, published.forum_id).accredited().first() if published else None


def kinds_for(user: User) -> list[Kind[Any]]:
    """The kinds that `user` may ask for, in the order of the catalogue."""
    return [kind for kind in KINDS.values() if kind.audience is not Audience.STAFF or is_staff(user)]


def visible_to(user: User):
    """The prints that `user` may see and download. Drafts are for those who edit the programme."""
    documents = Document.objects.all() if user.has_perm(EDIT) else Document.objects.filter(is_draft=False)
    return documents if is_staff(user) else documents.for_any_of(audiences(user))


def request_document(
    *,
    kind: str,
    subject: str,
    language: str,
    by: User | None,
    forum: str = "",
    sheet: str = "",
    ink: str = Ink.COLOUR,
    draft: bool = False,
) -> Document:
    """Ask for a print of the current release, or of the draft, and return its row, queued or already further.

    Asking for what has been asked for returns the same row; one that failed is queued again.
    `by` is None for commands, which may have everything. Without a `sheet` the first of the kind is taken.

    Raises `DocumentError` when there is nothing to print, `PermissionDenied` for what is not theirs.
    """
    wanted = KINDS.get(kind)
    if wanted is None or language not in dict(settings.LANGUAGES) or ink not in Ink:
        raise DocumentError(_("There is no such print."))
    if by is not None and not may_ask(by, wanted, subject, draft=draft):
        raise PermissionDenied
    if (sheet or wanted.sheets[0]) not in wanted.sheets:
        raise DocumentError(_("This is not printed on such a sheet."))
    published = releases.preview(forum) if draft else releases.current(forum)
    if published is None or (draft and releases.current(forum) is None):
        raise DocumentError(_("No programme has been published yet."))
    return want(
        kind=wanted,
        subject=subject,
        language=language,
        by=by,
        published=published,
        sheet=Sheet(sheet or wanted.sheets[0]),
        ink=Ink(ink),
    )


def may_ask(user: User, kind: Kind[Any], subject: str, *, draft: bool = False) -> bool:
    """Drafts are for those who edit the programme."""
    if draft and not user.has_perm(EDIT):
        return False
    return is_staff(user) or (kind.audience is not Audience.STAFF and subject in audiences(user))


@transaction.atomic
def want(
    *,
    kind: Kind[Any],
    subject: str,
    language: str,
    by: User | None,
    published: Published,
    sheet: Sheet = Sheet.A4,
    ink: Ink = Ink.COLOUR,
    extract: Extract | None = None,
    hint: bool = True,
) -> Document:
    """The row of this print as `published` shows it, made when there is none. Asks nobody's leave.

    With an `extract` it shows that, as a part of another print. Without a `hint` the queue is not told of it.
    """
    missing, is_part = kind.missing, extract is not None  # in the language of who asks
    kind.enter(published, subject, timezone.now())
    if extract is None:
        with translation.override(language):
            extract = kind.extract(published, subject, language)
    if extract is None:
        raise DocumentError(missing)
    if refusal := kind.refusal(extract):
        raise DocumentError(refusal)
    return record(
        kind,
        subject,
        language,
        extract,
        by=by,
        published=published,
        sheet=sheet,
        ink=ink,
        hint=hint,
        is_part=is_part,
    )


@transaction.atomic
def want_many(
    *,
    kind: Kind[Any],
    subjects: Collection[str],
    language: str,
    by: User | None,
    published: Published,
    sheet: Sheet = Sheet.A4,
    ink: Ink = Ink.COLOUR,
) -> dict[str, Document]:
    """The same of many, in a number of queries that does not grow with them. Left out is what there is nothing of.

    What must not be printed fails when it is built. The queue is not told: who wants many sees to it that they
    are built.
    """
    for subject in subjects:
        kind.enter(published, subject, timezone.now())
    with translation.override(language):
        extracts = kind.extracts(published, subjects, language)
    return record_each(kind, language, extracts, by=by, published=published, sheet=sheet, ink=ink, hint=False)


DRAFTS_ARE_KEPT = timedelta(days=7)
HINT_AGAIN = timedelta(seconds=10)
HINTS = 50
MAX_ATTEMPTS = 3


def sweep() -> None:
    """Take over what a dead builder has left, send what waits but may never have been sent, delete old drafts.

    Messages are hints: one too many finds the row already taken and does nothing. Only the oldest
    rows are sent again, so that a long queue is not doubled every few seconds.
    """
    _sweep(Document.objects.all(), lambda uuid: send_on_commit(build_document, document=uuid))
    _sweep(PrintRunPart.objects.all(), lambda uuid: send_on_commit(build_run_part, part=uuid))
    with transaction.atomic():
        forget(Document.objects.drafts_before(timezone.now() - DRAFTS_ARE_KEPT))


def _sweep(rows: BuildQuerySet, send: Callable[[str], None]) -> None:
    now = timezone.now()
    rows.abandoned(now).filter(attempt__gte=MAX_ATTEMPTS).update(
        state=Build.State.FAILED,
        lease_until=None,
        finished_at=now,
        error=Failure.STOPPED,
    )
    rows.abandoned(now).update(state=Build.State.QUEUED, lease_until=None, done=0, hinted_at=now - HINT_AGAIN)
    with transaction.atomic():
        oldest = rows.queued().filter(hinted_at__lte=now - HINT_AGAIN).order_by("queued_at", "pk")
        for pk, uuid in oldest.values_list("pk", "uuid")[:HINTS]:
            if rows.queued().filter(pk=pk).update(hinted_at=now):
                send(str(uuid))
