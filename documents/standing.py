"""Does a print still hold? Computed when asked, from the row and the current release.

Nothing is stored, so nothing can be forgotten: a pack is out of date the moment its delegate's
places change, a note the moment a release changes what it shows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import translation
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from people.direction import isolated, latin_in_plain
from programme import releases
from schedule.models import Forum

from . import symbols
from .holding import Holds, holds_of
from .kinds import KINDS, Extract, marks, words
from .models import Document, Issue
from .sheets import Ink


@dataclass(frozen=True)
class Standing:
    """A print as a page shows it, in the language of the reader.

    `position` counts those that stand before it in the queue, itself included. `newest` is the issue of the
    paper that counts now, `is_marked_so` whether one made now would bear the same symbol. What `may_hold` was made by
    an earlier version of the portal.
    """

    document: Document
    name: str
    edition: str
    edition_short: str
    holds: bool
    changes: list[str]
    position: int = 0
    newest: Issue | None = None
    is_marked_so: bool = True
    may_hold: bool = False

    @property
    def state(self) -> str:
        """What the page says of it: that of the row, or “stale”."""
        if self.document.state == Document.State.READY and not (self.holds and self.is_marked_so):
            return "stale"
        return self.document.state

    @property
    def is_superseded(self) -> bool:
        """Whether it was issued, and the paper issued again since."""
        return self.document.issue is not None and self.newest != self.document.issue

    @property
    def status(self) -> str:
        """Provisional, issued or superseded; empty for what is not issued at all."""
        mine, newest = self.document.issue, self.newest
        if not self.document.is_of_a_paper:
            return ""
        found = [self._issued(mine) if mine else _("Provisional")]
        if newest and newest != mine:
            says = _("superseded by %(symbol)s (%(when)s)") if mine else _("see %(symbol)s (%(when)s)")
            found.append(says % {"symbol": isolated(newest), "when": self._issued(newest)})
        return pgettext("between two changes", "; ").join(found)

    def _issued(self, issue: Issue) -> str:
        return marks.issued(issue.issued_at, self.document.forum.time_zone)

    @property
    def paper(self) -> str:
        """Sheet and ink, where they are not the usual ones."""
        row = self.document
        usual = (KINDS[row.kind].sheets[0], Ink.COLOUR)
        found = zip((row.sheet, row.ink), usual, (row.get_sheet_display(), row.get_ink_display()), strict=True)
        return words.listed(said for value, common, said in found if value != common)

    @property
    def kind(self) -> str:
        return str(KINDS[self.document.kind].label)


def standings(documents: Iterable[Document]) -> list[Standing]:
    """In the order given, with a number of queries that does not grow with them."""
    rows = list(documents)
    reader = get_language() or "en"
    now = _current(rows, reader)
    shown = {row.pk: now.get(_place(row, row.language)) for row in rows}
    holds = holds_of({row: shown[row.pk] for row in rows})
    old = dict(
        Document.objects.ready()
        .filter(pk__in=[pk for pk, held in holds.items() if held is Holds.NO])
        .values_list("pk", "extract")
    )
    queue = _queue([row.pk for row in rows if row.state == Document.State.QUEUED])
    issues = _issues(rows)
    return [
        Standing(
            document=row,
            name=_name(row, now.get(_place(row, reader))),
            edition=_edition(row),
            edition_short=words.moment(_as_of(row), row.forum.time_zone, row.forum.starts_on.year),
            holds=holds[row.pk] is Holds.YES,
            may_hold=holds[row.pk] is Holds.PERHAPS,
            changes=_changes(row, old[row.pk], shown[row.pk]) if row.pk in old else _others(row, holds, issues),
            position=queue.get(row.pk, 0),
            newest=issues[row.pk][-1] if issues[row.pk] else None,
            is_marked_so=_is_marked_so(row, issues[row.pk]),
        )
        for row in rows
    ]


def _issues(rows: list[Document]) -> dict[int, list[Issue]]:
    """Of the paper that each of `rows` is a print of, the oldest first."""
    papers: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        papers[row.forum_id].add((row.kind, row.subject))
    found = {forum: Issue.objects.by_paper(forum, of_forum) for forum, of_forum in papers.items()}
    return {row.pk: found[row.forum_id].get((row.kind, row.subject), []) for row in rows}


def _others(row: Document, holds: Mapping[int, Holds], issues: Mapping[int, list[Issue]]) -> list[str]:
    """Why a print should be made anew that says nothing false: for the symbol that it bears, or its age."""
    if holds[row.pk] is Holds.PERHAPS:
        return [_("made by an earlier version of the portal")]
    issued = issues[row.pk]
    return [] if _is_marked_so(row, issued) else [_("issued as %(symbol)s") % {"symbol": isolated(issued[-1])}]


def _is_marked_so(row: Document, issues: list[Issue]) -> bool:
    if row.is_draft or not issues:
        return True
    return symbols.shown(KINDS[row.kind], row.symbol, issues, row.language, row.digest) == (row.symbol, row.issue)


def out_of_date(documents: Iterable[Document]) -> list[int]:
    """The keys of those, all of them ready, that hold no longer; queries as for `standings`."""
    rows = list(documents)
    now, issues = _current(rows), _issues(rows)
    holds = holds_of({row: now.get(_place(row, row.language)) for row in rows})
    return [row.pk for row in rows if holds[row.pk] is not Holds.YES or not _is_marked_so(row, issues[row.pk])]


def standing(document: Document) -> Standing:
    return standings([document])[0]


def newest_edition(forum: Forum) -> str:
    """What prints of `forum` are compared with; empty before its first release."""
    published = releases.current(forum.slug)
    return words.edition(published.published_at, forum.time_zone, forum.starts_on.year) if published else ""


@dataclass(frozen=True)
class _Place:
    """What an extract is found by, but for its subject."""

    forum: str
    is_draft: bool
    kind: str
    language: str


def _place(row: Document, language: str) -> tuple[_Place, str]:
    return _Place(row.forum.slug, row.is_draft, row.kind, language), row.subject


def _current(rows: list[Document], *readers: str) -> dict[tuple[_Place, str], Extract]:
    """What release or draft say of the subjects now, in the languages of the prints and of `readers`."""
    wanted: dict[_Place, set[str]] = defaultdict(set)
    for row in rows:
        for language in {row.language, *readers}:
            place, subject = _place(row, language)
            wanted[place].add(subject)
    of_forum = {
        (forum, is_draft): releases.preview(forum) if is_draft else releases.current(forum)
        for forum, is_draft in {(place.forum, place.is_draft) for place in wanted}
    }
    found = {}
    for place, subjects in wanted.items():
        published = of_forum[place.forum, place.is_draft]
        if published is None:
            continue
        with translation.override(place.language):
            extracts = KINDS[place.kind].extracts(published, subjects, place.language)
        found.update({(place, subject): extract for subject, extract in extracts.items()})
    return found


def _as_of(row: Document) -> datetime:
    return row.edition.created_at if KINDS[row.kind].of_programme and not row.is_draft else row.read_at


def _edition(row: Document) -> str:
    """“Programme of …”, “Register of …” or “Draft of …”."""
    of_release = words.edition if KINDS[row.kind].of_programme else words.register
    said = words.draft if row.is_draft else of_release
    return said(_as_of(row), row.forum.time_zone, row.forum.starts_on.year)


def _queue(rows: list[int]) -> dict[int, int]:
    """How many wait before each of `rows`, itself included. Counted by the database: queues are long."""
    earlier = Q(queued_at__lt=OuterRef("queued_at")) | Q(queued_at=OuterRef("queued_at"), pk__lte=OuterRef("pk"))
    waiting = Document.objects.queued().filter(earlier).order_by().values("state").annotate(count=Count("pk"))
    places = (
        Document.objects.queued().filter(pk__in=rows).order_by().values_list("pk", Subquery(waiting.values("count")))
    )
    return dict(places)


def _name(row: Document, extract: Extract | None) -> str:
    return latin_in_plain(KINDS[row.kind].title(extract) if extract else row.title)


def _changes(row: Document, old: object, new: Extract | None) -> list[str]:
    kind = KINDS[row.kind]
    if new is None:
        return [_("no longer in the programme")]
    return kind.told(kind.load(old), new)
