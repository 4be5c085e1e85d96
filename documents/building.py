"""Building a print: hold the row, make the file, hand it in. For workers and commands.

Nothing here runs inside a transaction. A builder that has lost its lease throws its work away.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from programme.models import Release
from programme.releases import Published, preview, with_news

from .attaching import attached
from .failures import Failure
from .kinds import KINDS, Attached, Audience, Bound, Extract, Kind, Marks, Paper, marks, words
from .leases import Lease, Made
from .media import on_this_disk
from .models import Document
from .pdf import Leaves, Part, Rendered, RenderError, compose, qr, render
from .recording import record_each
from .separating import separators
from .services import DocumentError, want
from .sheets import Ink, Sheet

DISTRIBUTIONS = {
    Audience.STAFF: lambda: _("For staff"),
    Audience.DELEGATE: lambda: _("Personal"),
    Audience.DELEGATION: lambda: _("For the delegation"),
}
CAME_OF_IT = ["state", "attempt", "total", "error", "error_detail", "file", "pages"]
PATIENCE = 120  # seconds to wait for a print that another builder is making


Place = tuple[object, ...]
Pack = tuple[Part, Document, Paper]  # behind its separator sheet


@dataclass
class Shelf:
    """What is at hand for the prints of one file: papers that many of them hold, rows of what is their own, and what
    each was joined of, by its key."""

    papers: dict[Place, tuple[Part, Bound]] = field(default_factory=dict)
    rows: dict[Place, Document] = field(default_factory=dict)
    joined: dict[int, tuple[bytes, list[Part]]] = field(default_factory=dict)


def ask_for_papers(documents: Iterable[Document], shelf: Shelf) -> None:
    """What `documents` that wait hold of their own, all of a kind at once: one by one it takes five statements each."""
    groups: dict[Place, list[tuple[Document, Paper]]] = defaultdict(list)
    for document in documents:
        kind = KINDS[document.kind]
        for paper in kind.papers(kind.load(document.extract)) if document.is_moving else ():
            if isinstance(paper, Paper) and paper.extract and not KINDS[paper.kind].refusal(paper.extract):
                groups[_place(document, paper.kind)].append((document, paper))
    for group in groups.values():
        first, paper = group[0]
        extracts = {paper.subject: paper.extract for _document, paper in group if paper.extract}
        rows = record_each(
            KINDS[paper.kind],
            first.language,
            extracts,
            by=first.requested_by,
            published=_shown(first),
            sheet=Sheet.A4,
            ink=Ink(first.ink),
            hint=False,
            is_part=True,
        )
        for document, paper in group:
            if paper.extract == extracts[paper.subject]:
                shelf.rows[_place(document, paper)] = rows[paper.subject]


def build(uuid: str) -> None:
    """Build the print if it waits, and mark its row ready or failed."""
    rows = Document.objects.defer("edition__snapshot").select_related("edition", "issue")
    if document := rows.filter(uuid=uuid).first():
        _build(document, Shelf())


def _build(document: Document, shelf: Shelf) -> None:
    if lease := Lease.take(document):
        lease.keep(lambda: _make(document, lease, shelf))


def _make(document: Document, lease: Lease, shelf: Shelf) -> Made:
    kind = KINDS[document.kind]
    shown = kind.load(document.extract)
    with on_this_disk(kind.media(shown)) as (media, unreadable):
        extract = kind.printable(shown, unreadable)
        if isinstance(extract, Failure):
            raise RenderError(extract, document.title)
        bound, parts, packs = _papers(document, kind, extract, lease, shelf)
        pieces = kind.pieces(extract)
        made = []
        for number, piece in enumerate(pieces):
            made.append(_render(document, kind, piece, bound, media, number))
            lease.progress(len(bound) + number, len(bound) + len(pieces))
    front, *more = made
    if not (more or parts or packs):
        return Made(front.data, front.pages)
    pages = (Part(Leaves(piece.data), document.title, "", document.language) for piece in more)
    whole = compose(front.data, chain(pages, parts, _each(packs)), duplex=bool(packs))
    if not (more or packs):
        shelf.joined[document.pk] = front.data, parts
    return Made(whole.data, whole.pages)


def _papers(
    document: Document, kind: Kind, extract: Extract, lease: Lease, shelf: Shelf
) -> tuple[list[Bound], list[Part], list[Pack]]:
    """What is bound into the print: as its front tells of it, what is put behind it, and packs with their sheets."""
    papers = kind.papers(extract)
    total = len(papers) + 1
    lease.progress(0, total)
    bound: list[Bound] = []
    parts: list[Part] = []
    packs: list[Pack] = []
    with translation.override(document.language):
        own = _marks(document, kind, extract)
    listed = {place: paper.listed for place, paper in enumerate(papers, 1) if isinstance(paper, Paper) and paper.listed}
    sheets = separators(own, listed, len(papers), document.language)
    for place, paper in enumerate(papers, 1):
        if isinstance(paper, Attached):
            part, stands = attached(paper, document.language, own.draft_text)
            parts.append(part)
        elif paper.listed:
            row = _paper(document, paper, None)
            packs.append((sheets[place][0], row, paper))
            stands = Bound(paper, row.pages or 0)
        else:
            part, stands = _bound(document, paper, shelf)
            parts.append(part)
        bound.append(stands)
        lease.progress(place, total)
    return bound, parts, packs


def _each(packs: Iterable[Pack]) -> Iterator[Part]:
    """Each behind its sheet, read when it comes: there may be a hundred."""
    for sheet, row, paper in packs:
        yield sheet
        yield _part(row, paper)


def _render(
    document: Document, kind: Kind, piece: Extract, bound: list[Bound], media: Mapping[str, Path], number: int
) -> Rendered:
    with translation.override(document.language):
        context = kind.context(piece, _marks(document, kind, piece), bound)
    return render(
        kind.template,
        context,
        language=document.language,
        prefix=f"{document.code}-{number or ''}",
        media=media,
        ink=document.ink,
        styles=kind.styles,
    )


def _bound(document: Document, paper: Paper, shelf: Shelf) -> tuple[Part, Bound]:
    place = _place(document, paper)
    if place in shelf.papers:
        return shelf.papers[place]
    row = _paper(document, paper, shelf.rows.get(place))
    found = _part(row, paper), Bound(paper, row.pages or 0)
    if KINDS[paper.kind].audience is not Audience.DELEGATE:
        shelf.papers[place] = found
    return found


def _part(row: Document, paper: Paper) -> Part:
    with row.file.open() as file:
        return Part(
            Leaves(file.read()),
            row.title,
            paper.label,
            row.language,
            is_whole=bool(paper.listed),
            ends_in_cuttings=KINDS[paper.kind].ends_in_cuttings,
        )


def _place(document: Document, what: object) -> Place:
    return (document.edition_id, document.is_draft, document.language, document.ink, what)


def _paper(document: Document, paper: Paper, asked: Document | None) -> Document:
    """The ready print of a paper, as of the edition of `document`. What is in the way of it is in the way of both."""
    try:
        wanted = asked or want(
            kind=KINDS[paper.kind],
            subject=paper.subject,
            language=document.language,
            by=document.requested_by,
            published=_shown(document),
            ink=Ink(document.ink),
            extract=paper.extract,
            hint=False,
        )
    except DocumentError as error:
        raise RenderError(Failure.PAPER, str(error)) from error
    row = finished(wanted)
    if row.state == Document.State.READY:
        return row
    raise RenderError(Failure.WAITING if row.is_moving else Failure(row.error), row.title)


def finished(document: Document, shelf: Shelf | None = None) -> Document:
    """Build the print here, or wait while somebody else does. Papers on the `shelf` are not asked for again."""
    deadline = time.monotonic() + PATIENCE
    while document.is_moving and time.monotonic() < deadline:
        _build(document, shelf or Shelf())
        if document.is_moving:
            document.refresh_from_db(fields=CAME_OF_IT)
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
    is_paper = kind.audience is Audience.STAFF and bool(document.symbol)
    is_for_all = is_paper or (kind.audience is Audience.STAFF and not kind.of_register)
    zone, year = forum.zone, forum.starts_on.year
    as_of = document.edition.created_at if kind.of_programme and not document.is_draft else document.read_at
    edition = words.draft if document.is_draft else words.edition
    register = words.register(document.read_at, zone, year) if kind.of_register else ""
    address = f"{settings.BASE_URL}/verify/{document.code}/"  # `reverse` would load all views into the worker
    return Marks(
        title=kind.title(extract),
        symbol=document.symbol,
        distribution=_("Distr.: General") if is_for_all else DISTRIBUTIONS[kind.audience](),
        date_text=marks.issued(issue.issued_at, zone) if issue else words.local_day(as_of, zone),
        original_language="" if kind.of_register else _("Original: English"),
        status=marks.status(document.language, is_issued=bool(issue)) if is_paper else "",
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
