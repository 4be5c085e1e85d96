"""Does a print still hold? Computed when asked, from the row and the current release.

Nothing is stored, so nothing can be forgotten: a pack is out of date the moment its delegate's
places change, a note the moment a release changes what it shows.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programme import releases
from programme.snapshot import digest

from .kinds import KINDS, Extract, words
from .models import Document


@dataclass(frozen=True)
class Standing:
    """A print as a page shows it, in the language of the reader.

    `position` counts those that stand before it in the queue, itself included.
    """

    document: Document
    name: str
    edition: str
    edition_short: str
    holds: bool
    changes: list[str]
    position: int = 0

    @property
    def state(self) -> str:
        """What the page says of it: that of the row, or “stale”."""
        if self.document.state == Document.State.READY and not self.holds:
            return "stale"
        return self.document.state

    @property
    def kind(self) -> str:
        return str(KINDS[self.document.kind].label)


def standings(documents: Iterable[Document]) -> list[Standing]:
    """In the order given, with a number of queries that does not grow with them."""
    rows = list(documents)
    now = _current(rows)
    shown = {row.pk: now.get((row.forum_id, row.kind, row.subject, row.language)) for row in rows}
    holds = {row.pk: bool((extract := shown[row.pk]) and digest(extract.encode()) == row.digest) for row in rows}
    old = dict(
        Document.objects.ready()
        .filter(pk__in=[pk for pk, held in holds.items() if not held])
        .values_list("pk", "extract")
    )
    queue = _queue() if any(row.state == Document.State.QUEUED for row in rows) else {}
    reader = get_language() or "en"
    return [
        Standing(
            document=row,
            name=_name(row, now.get((row.forum_id, row.kind, row.subject, reader))),
            edition=words.edition(row.edition.created_at, row.forum.time_zone),
            edition_short=words.moment(row.edition.created_at, row.forum.time_zone),
            holds=holds[row.pk],
            changes=_changes(row, old[row.pk], shown[row.pk]) if row.pk in old else [],
            position=queue.get(row.pk, 0),
        )
        for row in rows
    ]


def standing(document: Document) -> Standing:
    return standings([document])[0]


def _current(rows: list[Document]) -> dict[tuple[int, str, str, str], Extract]:
    """What the current release says of the subjects, in the languages of the prints and of the reader."""
    wanted: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in rows:
        for language in {row.language, get_language() or "en"}:
            wanted[row.forum.slug, row.kind, language].add(row.subject)
    found = {}
    for (forum, kind, language), subjects in wanted.items():
        published = releases.current(forum)
        if published is None:
            continue
        with translation.override(language):
            extracts = KINDS[kind].extracts(published.programme, subjects, language)
        found.update({(published.forum_id, kind, subject, language): extract for subject, extract in extracts.items()})
    return found


def _queue() -> dict[int, int]:
    waiting = Document.objects.queued().order_by("queued_at", "pk").values_list("pk", flat=True)
    return {pk: place for place, pk in enumerate(waiting, 1)}


def _name(row: Document, extract: Extract | None) -> str:
    return KINDS[row.kind].title(extract) if extract else row.title


def _changes(row: Document, old: object, new: Extract | None) -> list[str]:
    kind = KINDS[row.kind]
    if new is None:
        return [_("no longer in the programme")]
    return kind.changes(kind.load(old), new)
