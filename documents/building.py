"""Building a print: hold the row, make the file, hand it in. For workers and commands.

Nothing here runs inside a transaction. A builder that has lost its lease throws its work away.
"""

import hashlib
import logging
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from programme.models import Release
from programme.releases import Published, preview, with_news

from .failures import Failure
from .kinds import KINDS, Audience, Bound, Extract, Kind, Marks, Paper, marks, words
from .media import on_this_disk
from .models import Document
from .pdf import Part, Rendered, RenderError, compose, qr, render
from .services import want
from .sheets import Ink, Sheet

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
HEARTBEAT = 5  # seconds
DISTRIBUTIONS = {
    Audience.STAFF: lambda: _("For staff"),
    Audience.DELEGATE: lambda: _("Personal"),
    Audience.DELEGATION: lambda: _("For the delegation"),
}
PATIENCE = 120  # seconds to wait for a print that another builder is making


class LeaseLost(Exception):
    """Somebody else has taken the row over."""


class Lease:
    """The right to build `document`, prolonged by a heartbeat until the block is left."""

    def __init__(self, document: Document) -> None:
        self.pk, self.attempt = document.pk, document.attempt
        self.stopped = threading.Event()
        self.heart = threading.Thread(target=self._beat, daemon=True)

    @classmethod
    def take(cls, uuid: str) -> tuple[Document, "Lease"] | None:
        """Take the row if it waits; None when there is nothing to do."""
        rows = Document.objects.defer("edition__snapshot").select_related("edition", "issue")
        document = rows.filter(uuid=uuid).first()
        if document is None or document.state != Document.State.QUEUED:
            return None
        waiting = Document.objects.queued().filter(pk=document.pk, attempt=document.attempt)
        document.attempt += 1
        taken = waiting.update(
            state=Document.State.BUILDING, attempt=document.attempt, lease_until=timezone.now() + LEASE, done=0
        )
        return (document, cls(document)) if taken else None

    def __enter__(self) -> "Lease":
        self.heart.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stopped.set()
        self.heart.join()

    def update(self, **fields: object) -> bool:
        """Write to the row if it is still ours."""
        held = Document.objects.filter(pk=self.pk, attempt=self.attempt, state=Document.State.BUILDING)
        return bool(held.update(**fields))

    def progress(self, done: int, total: int) -> None:
        if not self.update(done=done, total=total, lease_until=timezone.now() + LEASE):
            raise LeaseLost

    def _beat(self) -> None:
        try:
            while not self.stopped.wait(HEARTBEAT):
                with suppress(DatabaseError):  # the next beat may reach it again
                    self.update(lease_until=timezone.now() + LEASE)
        finally:
            connection.close()


@dataclass(frozen=True)
class Made:
    data: bytes
    pages: int


def build(uuid: str) -> None:
    """Build the print if it waits, and mark its row ready or failed."""
    taken = Lease.take(uuid)
    if taken is None:
        return
    document, lease = taken
    with lease:
        try:
            made = _make(document, lease)
            _hand_in(document, lease, made)
        except LeaseLost:
            log.warning("%s was taken over, this attempt is thrown away", document)
        except RenderError as error:
            _fail(lease, error.failure, error.detail)
        except SoftTimeLimitExceeded:
            _fail(lease, Failure.TIME)
        except MemoryError:
            _fail(lease, Failure.MEMORY)
        except Exception:
            log.exception("%s failed", document)
            _fail(lease, Failure.UNFORESEEN)


def _make(document: Document, lease: Lease) -> Made:
    kind = KINDS[document.kind]
    extract = kind.load(document.extract)
    papers = kind.papers(extract)
    total = len(papers) + 1
    lease.progress(0, total)
    bound, parts = [], []
    for place, paper in enumerate(papers, 1):
        row = _paper(document, paper)
        with row.file.open() as file:
            parts.append(Part(file.read(), row.title, paper.label, row.language))
        bound.append(Bound(paper, row.title, row.symbol, row.pages or 0))
        lease.progress(place, total)
    with on_this_disk(kind.media(extract)) as (media, unreadable):
        extract = kind.printable(extract, unreadable)
        if isinstance(extract, Failure):
            raise RenderError(extract, document.title)
        pieces = kind.pieces(extract)
        made = []
        for number, piece in enumerate(pieces):
            made.append(_render(document, kind, piece, bound, media, number))
            lease.progress(len(papers) + number, len(papers) + len(pieces))
    front, *more = made
    parts = [*(Part(piece.data, document.title, "", document.language) for piece in more), *parts]
    data = compose(front.data, parts) if parts else front.data
    return Made(data, sum(piece.pages for piece in made) + sum(paper.pages for paper in bound))


def _render(
    document: Document, kind: Kind, piece: Extract, bound: list[Bound], media: Mapping[str, Path], number: int
) -> Rendered:
    with translation.override(document.language):
        context = kind.context(piece, _marks(document, kind, piece), bound)
    return render(
        kind.template,
        context,
        language=document.language,
        prefix=f"{document.subject or document.kind}-{number or ''}",
        media=media,
        ink=document.ink,
        styles=kind.styles,
    )


def _paper(document: Document, paper: Paper) -> Document:
    """The ready print of a paper, as of the edition of `document`."""
    row = finished(
        want(
            kind=KINDS[paper.kind],
            subject=paper.subject,
            language=document.language,
            by=document.requested_by,
            published=_shown(document),
            ink=Ink(document.ink),
        )
    )
    if row.state == Document.State.READY:
        return row
    raise RenderError(Failure.WAITING if row.is_moving else Failure.PAPER, row.title)


def finished(document: Document) -> Document:
    """Build the print here, or wait while somebody else does."""
    deadline = time.monotonic() + PATIENCE
    while document.is_moving and time.monotonic() < deadline:
        build(str(document.uuid))
        document.refresh_from_db()
        if document.is_moving:
            time.sleep(0.2)
    return document


def _shown(document: Document) -> Published:
    """The release or the draft that the papers in it are to show, too."""
    if document.is_draft:
        draft = preview(document.forum.slug)
        assert draft is not None
        return draft
    return _edition(document.edition_id)


@lru_cache(maxsize=4)
def _edition(release: int) -> Published:
    """Releases never change, and the packs of one run show the same few."""
    return with_news(Release.objects.get(pk=release))


def _marks(document: Document, kind: Kind, extract: Extract) -> Marks:
    forum = extract.forum  # type: ignore[attr-defined]
    issue = document.issue
    is_for_all = kind.audience is Audience.STAFF and bool(not kind.of_register or document.symbol)
    zone, year = forum.zone, forum.starts_on.year
    as_of = document.edition.created_at if kind.of_programme and not document.is_draft else document.read_at
    edition = words.draft if document.is_draft else words.edition
    register = words.register(document.read_at, zone, year) if kind.of_register else ""
    address = settings.BASE_URL.rstrip("/") + reverse("verify", args=[document.code])
    return Marks(
        title=kind.title(extract),
        symbol=document.symbol,
        distribution=_("Distr.: General") if is_for_all else DISTRIBUTIONS[kind.audience](),
        date_text=marks.issued(issue.issued_at, zone) if issue else words.local_day(as_of, zone),
        original_language="" if kind.of_register else _("Original: English"),
        status=marks.status(document.language, is_issued=bool(issue)),
        only_text=marks.only(issue.languages) if issue and issue.lacks_languages else "",
        is_issued=bool(issue),
        edition_text=edition(as_of, zone, year) if kind.of_programme else register,
        register_text=register,
        draft_text=_("DRAFT, not published") if document.is_draft else "",
        sheet=Sheet(document.sheet),
        ink=Ink(document.ink),
        verify_address=urlsplit(address)._replace(scheme="").geturl().removeprefix("//").rstrip("/"),
        verify_url=address,
        qr=qr(address),
        forum_name=forum.name,
        forum_edition=forum.edition,
        forum_place_dates=_("%(city)s, %(days)s")
        % {"city": forum.city, "days": words.days(forum.starts_on, forum.ends_on)},
    )


def _hand_in(document: Document, lease: Lease, made: Made) -> None:
    storage = Document._meta.get_field("file").storage
    name = storage.save(f"documents/{document.uuid}-{document.attempt}.pdf", ContentFile(made.data))
    ready = lease.update(
        state=Document.State.READY,
        lease_until=None,
        finished_at=timezone.now(),
        file=name,
        size=len(made.data),
        pages=made.pages,
        sha256=hashlib.sha256(made.data).hexdigest(),
        done=F("total"),
    )
    if not ready:
        storage.delete(name)
        raise LeaseLost


def _fail(lease: Lease, failure: Failure, detail: str = "") -> None:
    lease.update(
        state=Document.State.FAILED,
        lease_until=None,
        finished_at=timezone.now(),
        error=failure,
        error_detail=detail,
    )
