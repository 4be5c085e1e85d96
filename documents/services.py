"""Asking for prints. Building them is `documents.building`, in the worker only."""

from datetime import timedelta
from typing import Any

import msgspec
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from people.models import User
from people.queue import send_on_commit
from programme import releases
from programme.models import Release
from programme.releases import Published
from programme.snapshot import digest
from registrations.models import Delegate

from . import identity
from .editions import Key, editions
from .failures import Failure
from .kinds import KINDS, Kind
from .models import Document
from .tasks import build_document

VIEW = "documents.view_document"


class DocumentError(Exception):
    """There can be no such print; the message says why."""


def is_staff(user: User) -> bool:
    """Whether `user` may ask for and have every print."""
    return user.has_perm(VIEW)


def own_delegates(user: User) -> set[str]:
    """The delegates, by UUID, whose own prints `user` may have: as long as they are accredited."""
    mine = Delegate.objects.accredited().filter(person__user=user).values_list("uuid", flat=True)
    return {str(uuid) for uuid in mine}


def accredited_delegate(user: User) -> Delegate | None:
    """As whom `user` may have a pack of the current forum."""
    published = releases.current()
    return Delegate.objects.of(user, published.forum_id).accredited().first() if published else None


def visible_to(user: User):
    """The prints that `user` may see and download."""
    documents = Document.objects.all()
    return documents if is_staff(user) else documents.of_delegates(own_delegates(user))


def request_document(*, kind: str, subject: str, language: str, by: User | None, forum: str = "") -> Document:
    """Ask for a print of the current release and return its row, queued or already further.

    Asking for what has been asked for returns the same row; one that failed is queued again.
    `by` is None for commands, which may have everything.

    Raises `DocumentError` when there is nothing to print, `PermissionDenied` for what is not theirs.
    """
    wanted = KINDS.get(kind)
    if wanted is None or language not in dict(settings.LANGUAGES):
        raise DocumentError(_("There is no such print."))
    if by is not None and not is_staff(by) and not (wanted.personal and subject in own_delegates(by)):
        raise PermissionDenied
    published = releases.current(forum)
    if published is None:
        raise DocumentError(_("No programme has been published yet."))
    return want(kind=wanted, subject=subject, language=language, by=by, published=published)


@transaction.atomic
def want(*, kind: Kind[Any], subject: str, language: str, by: User | None, published: Published) -> Document:
    """The row of this print as `published` shows it, made when there is none. Asks nobody's leave."""
    missing = kind.missing  # in the language of who asks
    with translation.override(language):
        extract = kind.extract(published.programme, subject, language)
        if extract is None:
            raise DocumentError(missing)
        title, symbol = kind.title(extract), kind.symbol(extract)
    keys = [Key(reader, of, language) for reader, of in kind.readings(subject, extract)]
    edition = max(editions(published, keys).values(), default=published.number)
    data = extract.encode()
    same = identity.identity(published.programme.forum.slug, kind.name, subject, language, digest(data), str(edition))
    now = timezone.now()
    document, made = Document.objects.get_or_create(
        identity=same,
        defaults={
            "forum_id": published.forum_id,
            "kind": kind.name,
            "subject": subject,
            "language": language,
            "title": title[:400],
            "symbol": symbol,
            "audience": subject if kind.personal else None,
            "extract": msgspec.json.decode(data),
            "digest": digest(data),
            "edition_id": Release.objects.values_list("pk", flat=True).get(forum=published.forum_id, number=edition),
            "code": identity.code(same),
            "requested_by": by,
            "queued_at": now,
            "hinted_at": now,
        },
    )
    if made or _requeue(document):
        send_on_commit(build_document, document=str(document.uuid))
    return document


def _requeue(document: Document) -> bool:
    """Put a failed print back into the queue."""
    now = timezone.now()
    fresh = {
        "state": Document.State.QUEUED,
        "attempt": 0,
        "done": 0,
        "error": "",
        "error_detail": "",
        "finished_at": None,
        "queued_at": now,
        "hinted_at": now,
    }
    if not Document.objects.filter(pk=document.pk, state=Document.State.FAILED).update(**fresh):
        return False
    document.refresh_from_db()
    return True


HINT_AGAIN = timedelta(seconds=10)
HINTS = 50
MAX_ATTEMPTS = 3


def sweep() -> None:
    """Take over what a dead builder has left, and send what waits but may never have been sent.

    Messages are hints: one too many finds the row already taken and does nothing. Only the oldest
    rows are sent again, so that a long queue is not doubled every few seconds.
    """
    now = timezone.now()
    Document.objects.abandoned(now).filter(attempt__gte=MAX_ATTEMPTS).update(
        state=Document.State.FAILED,
        lease_until=None,
        finished_at=now,
        error=Failure.STOPPED,
    )
    Document.objects.abandoned(now).update(
        state=Document.State.QUEUED, lease_until=None, done=0, hinted_at=now - HINT_AGAIN
    )
    with transaction.atomic():
        waiting = (
            Document.objects.queued()
            .filter(hinted_at__lte=now - HINT_AGAIN)
            .order_by("queued_at", "pk")
            .values_list("pk", "uuid")[:HINTS]
        )
        for pk, uuid in waiting:
            if Document.objects.queued().filter(pk=pk).update(hinted_at=now):
                send_on_commit(build_document, document=str(uuid))
