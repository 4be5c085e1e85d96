"""Issuing a paper: its text, as it stands published, gets a symbol and is kept.

Later prints of the same text bear the symbol, too. One that shows anything else is provisional until it is issued in
turn, as a revision, a corrigendum or an addendum.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Prefetch
from django.utils import translation
from django.utils.translation import gettext as _

from people.models import User
from programme import releases
from programme.releases import Published
from programme.snapshot import digest

from .kinds import KINDS, Extract, Kind, words
from .kinds.extracts import untranslated
from .models import Document, Issue
from .recording import record
from .services import DocumentError
from .symbols import Symbol, next_symbols

ISSUE = "documents.issue_document"


class IssueError(DocumentError):
    """The paper was not issued; the message says why and what to do."""


@dataclass(frozen=True)
class Version:
    """The paper in one language. `missing` counts passages that stand in English for want of a translation."""

    language: str
    extract: Extract | None
    digest: str
    missing: int
    last: Document | None
    changes: list[str]

    @property
    def name(self) -> str:
        """Of the language, by itself."""
        return dict(settings.LANGUAGES)[self.language]

    @property
    def is_complete(self) -> bool:
        return self.extract is not None and not self.missing


@dataclass(frozen=True)
class Proposal:
    """What issuing now would issue. `seen` tells whether anything of it has changed since it was looked at."""

    kind: Kind[Any]
    subject: str
    published: Published
    title: str
    issued: list[Issue]
    symbols: list[Symbol]
    versions: list[Version]

    @property
    def last(self) -> Issue | None:
        return self.issued[-1] if self.issued else None

    @property
    def complete(self) -> list[Version]:
        return [version for version in self.versions if version.is_complete]

    @property
    def languages(self) -> list[str]:
        return [version.language for version in self.complete]

    @property
    def seen(self) -> str:
        return digest(" ".join([*map(str, self.symbols), *(one.digest for one in self.versions)]).encode())

    @property
    def objection(self) -> str:
        """Why there is nothing to issue; empty if there is."""
        if settings.LANGUAGE_CODE not in self.languages:
            return _("The original is in English; there is none to issue.")
        if self.last and self.last.digests == {one.language: one.digest for one in self.complete}:
            return _("Nothing has changed since it was issued as %(symbol)s.") % {"symbol": self.last.symbol}
        return ""


@dataclass(frozen=True)
class Past:
    """One issue of a paper, on the clock of its forum, with what it consists of."""

    issue: Issue
    when: str
    documents: list[Document]


def propose(document: Document) -> Proposal:
    """Of the paper that `document` is a print of, as it stands published. Raises `IssueError` if there is none."""
    kind, subject = KINDS[document.kind], document.subject
    published = releases.current(document.forum.slug)
    extracts = _extracts(kind, subject, published) if published else {}
    if published is None or not any(extracts.values()):
        raise IssueError(kind.missing)
    issued = list(reversed(Issue.objects.of(document)))
    last = _documents(issued[-1], issued[-1].documents.order_by("-pk")) if issued else {}
    versions = [_version(kind, language, extract, last.get(language)) for language, extract in extracts.items()]
    reader = extracts.get(translation.get_language() or "en") or next(filter(None, extracts.values()))
    return Proposal(
        kind=kind,
        subject=subject,
        published=published,
        title=kind.title(reader),
        issued=issued,
        symbols=next_symbols(kind, kind.symbol(reader), issued),
        versions=versions,
    )


def _extracts(kind: Kind[Any], subject: str, published: Published) -> dict[str, Extract | None]:
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = kind.extract(published, subject, language)
    return found


def history(document: Document) -> list[Past]:
    """All issues of the paper that `document` is a print of, newest first. Two queries."""
    rows = Document.objects.light().order_by("-pk")
    issues = (
        Issue.objects.of(document)
        .select_related("forum", "issued_by__person")
        .prefetch_related(Prefetch("documents", rows))
    )
    return [
        Past(
            issue=one,
            when=words.moment(one.issued_at, one.forum.time_zone, one.forum.starts_on.year),
            documents=list(_documents(one, one.documents.all()).values()),
        )
        for one in issues
    ]


def _documents(issue: Issue, rows: Iterable[Document]) -> dict[str, Document]:
    """What `issue` consists of: in each language the print that was made of it first, of `rows` from the newest on."""
    first = {row.language: row for row in rows}
    return {language: first[language] for language in issue.languages if language in first}


def _version(kind: Kind[Any], language: str, extract: Extract | None, last: Document | None) -> Version:
    now = digest(extract.encode()) if extract else ""
    changes = kind.told(kind.load(last.extract), extract) if last and extract and last.digest != now else []
    return Version(language, extract, now, untranslated(extract) if extract else 0, last, changes)


@transaction.atomic
def issue(
    *, document: Document, by: User, now: datetime, suffix: str = "", seen: str, fewer: bool = False, note: str = ""
) -> Issue:
    """Issue the paper in each language in which it is complete, and have it made; return the issue.

    `seen` is that of the proposal which was looked at. In fewer than all languages only if `fewer` says so; each
    document then names those that there are.

    Raises `PermissionDenied`, and `IssueError` when there is nothing to issue, or somebody issued or published before.
    """
    if not by.has_perm(ISSUE) or not document.is_of_a_paper:
        raise PermissionDenied
    proposal = propose(document)
    if proposal.objection:
        raise IssueError(proposal.objection)
    symbol = next((symbol for symbol in proposal.symbols if symbol.suffix == suffix), None)
    if proposal.seen != seen or symbol is None:
        raise IssueError(_("The paper was changed or issued meanwhile. Look at it again."))
    made = Issue(
        forum_id=document.forum_id,
        kind=document.kind,
        subject=document.subject,
        number=len(proposal.issued) + 1,
        base=symbol.base,
        suffix=symbol.suffix,
        suffix_number=symbol.number,
        symbol=str(symbol),
        digests={version.language: version.digest for version in proposal.complete},
        note=note,
        issued_at=now,
        issued_by=by,
    )
    if made.lacks_languages and not fewer:
        raise IssueError(_("It is not there in each language. Say that it is issued in fewer, or wait for the others."))
    _keep(made, document)
    for version in proposal.complete:
        assert version.extract
        record(
            proposal.kind,
            proposal.subject,
            version.language,
            version.extract,
            by=by,
            published=proposal.published,
            sheet=proposal.kind.sheets[0],
        )
    return made


def _keep(made: Issue, document: Document) -> None:
    """Write the row, if nobody was quicker."""
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if Issue.objects.of(document).filter(number=made.number).exists():
            raise IssueError(_("The paper was changed or issued meanwhile. Look at it again.")) from error
        raise IssueError(
            _("Another paper was issued as %(symbol)s. Give this one another number first.") % {"symbol": made.symbol}
        ) from error
