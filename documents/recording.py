"""The rows of prints: one for each that differs in what it shows, whoever asks for it and however often."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone, translation

from people.models import User
from people.queue import send_each_on_commit
from programme.models import Release
from programme.releases import Published
from programme.snapshot import digest

from . import identity, symbols
from .editions import Key, editions
from .kinds import Audience, Extract, Kind, Paper
from .models import Document, Issue
from .sheets import Ink, Sheet
from .tasks import build_document


def record(
    kind: Kind[Any],
    subject: str,
    language: str,
    extract: Extract,
    *,
    by: User | None,
    published: Published,
    sheet: Sheet,
    ink: Ink = Ink.COLOUR,
    hint: bool = True,
    is_part: bool = False,
) -> Document:
    """The row of the print that shows `extract`, as `published` has it."""
    rows = record_each(
        kind, language, {subject: extract}, by=by, published=published, sheet=sheet, ink=ink, hint=hint, is_part=is_part
    )
    return rows[subject]


@transaction.atomic(savepoint=False)
def record_each(
    kind: Kind[Any],
    language: str,
    extracts: Mapping[str, Extract],
    *,
    by: User | None,
    published: Published,
    sheet: Sheet,
    ink: Ink = Ink.COLOUR,
    hint: bool = True,
    is_part: bool = False,
) -> dict[str, Document]:
    """The same for many subjects, in a number of queries that does not grow with them.

    Without a `hint` the queue is not told of them. `is_part` says that nobody has asked for them as such.
    """
    now = timezone.now()
    with translation.override(language):
        rows = {
            row.subject: row
            for row in _unsaved(kind, language, extracts, published=published, sheet=sheet, ink=ink, now=now)
        }
    for row in rows.values():
        row.requested_by, row.is_part = by, is_part
    identities = [row.identity for row in rows.values()]
    wanted = Document.objects.light().filter(identity__in=identities)
    found = {row.subject: row for row in wanted}
    fresh = [row for subject, row in rows.items() if subject not in found]
    failed = [row for row in found.values() if row.state == Document.State.FAILED]
    only_parts = [row for row in found.values() if row.is_part and not is_part]
    if fresh or failed or only_parts:
        Document.objects.bulk_create(fresh, batch_size=200, ignore_conflicts=True)
        Document.objects.filter(pk__in=[row.pk for row in only_parts]).update(is_part=False)
        _requeue(identities, now)
        found = {row.subject: row for row in wanted.all()}
    sent = [row for row in found.values() if row.state == Document.State.QUEUED and row.hinted_at == now]
    if hint:
        send_each_on_commit(build_document, [{"document": str(row.uuid)} for row in sent])
    return found


def _unsaved(
    kind: Kind[Any],
    language: str,
    extracts: Mapping[str, Extract],
    *,
    published: Published,
    sheet: Sheet,
    ink: Ink,
    now: datetime,
) -> Iterator[Document]:
    """Rows as they would be saved. In the language of the prints."""
    keys = {
        subject: [Key(reader, of, language) for reader, of in kind.readings(subject, extract)]
        for subject, extract in extracts.items()
    }
    numbers = _editions(published, keys)
    ids = dict(
        Release.objects.filter(forum=published.forum_id, number__in=set(numbers.values())).values_list("number", "pk")
    )
    papers = {
        subject: [(paper.kind, paper.subject) for paper in kind.papers(extract) if isinstance(paper, Paper)]
        for subject, extract in extracts.items()
    }
    about = {(kind.name, subject) for subject in extracts} | {paper for each in papers.values() for paper in each}
    issues = Issue.objects.by_paper(published.forum_id, about)
    for subject, extract in extracts.items():
        data, edition = extract.encode(), numbers[subject]
        issued = issues.get((kind.name, subject), ())
        symbol, issue = symbols.shown(kind, kind.symbol(extract), issued, language, digest(data))
        if published.is_draft:
            issue = None
        same = identity.identity(
            published.programme.forum.slug,
            kind.name,
            subject,
            language,
            digest(data),
            "draft" if published.is_draft else str(edition),
            sheet,
            ink,
            symbol,
            "issued" if issue else "",
            *(issues[paper][-1].symbol for paper in papers[subject] if paper in issues),
        )
        yield Document(
            forum_id=published.forum_id,
            kind=kind.name,
            subject=subject,
            language=language,
            title=kind.title(extract)[:400],
            symbol=symbol,
            issue=issue,
            sheet=sheet,
            ink=ink,
            is_draft=published.is_draft,
            audience=subject if kind.audience is not Audience.STAFF else None,
            extract=msgspec.json.decode(data),
            digest=digest(data),
            edition_id=ids[edition],
            read_at=now,
            recipe=identity.recipe(),
            identity=same,
            code=identity.code(same),
            queued_at=now,
            hinted_at=now,
        )


def _editions(published: Published, keys: Mapping[str, list[Key]]) -> dict[str, int]:
    """By subject the number of the release in which any of its keys last changed; of a draft, of the one it follows."""
    if published.is_draft:
        newest = Release.objects.filter(forum=published.forum_id).in_view().newest_first()
        return dict.fromkeys(keys, newest.values_list("number", flat=True)[0])
    found = editions(published, {key for each in keys.values() for key in each})
    return {subject: max(found[key] for key in each) for subject, each in keys.items()}


def _requeue(identities: list[str], now: datetime) -> None:
    """Put those that failed back into the queue."""
    Document.objects.filter(identity__in=identities, state=Document.State.FAILED).update(
        state=Document.State.QUEUED,
        attempt=0,
        done=0,
        error="",
        error_detail="",
        finished_at=None,
        queued_at=now,
        hinted_at=now,
    )
