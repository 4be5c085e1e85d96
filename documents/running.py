"""Making the files of a print run. For workers and commands."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from math import ceil

from django.utils import translation
from django.utils.translation import gettext as _

from people.queue import send_on_commit

from .building import Shelf, ask_for_papers, finished
from .failures import Failure
from .kinds import KINDS, Listed, Marks, Tick, words
from .leases import Lease, Made
from .listing import listed_in
from .models import Document, PrintRun, PrintRunItem, PrintRunPart
from .pdf import Leaves, Part, Rendered, compose, render
from .separating import separators
from .sheets import Ink
from .tasks import build_run_part

TURN = 90  # seconds after which a file that is not complete goes back into the queue: what was made stays
TICKS = "documents/print/run_ticks.html"
TICKS_TO_A_PAGE = 20  # about; where the list is of another length it is set once more


@dataclass
class _Pile:
    """What is bound behind the tick list, by position."""

    shelf: Shelf = field(default_factory=Shelf)
    prints: dict[int, Document] = field(default_factory=dict)
    listed: dict[int, Listed] = field(default_factory=dict)
    sheets: Mapping[int, tuple[Part, int]] = field(default_factory=dict)  # before prints, and how many pages they have
    ticks: list[Tick] = field(default_factory=list)
    missing: dict[int, str] = field(default_factory=dict)

    def begins(self, front: int, duplex: bool) -> dict[int, int]:
        """The pages, counted from 1, at which the prints begin behind a front of so many, each with its sheet."""
        found, page = {}, front
        for position, document in self.prints.items():
            page += duplex and page % 2
            found[position] = page + 1
            if position in self.sheets:
                page += self.sheets[position][1]
                page += duplex and page % 2
            page += document.pages or 0
        return found

    def parts(self) -> Iterator[Part]:
        """What was joined a moment before is taken as it was then; the others are read."""
        for position, document in self.prints.items():
            if position in self.sheets:
                yield self.sheets[position][0]
            if document.pk in self.shelf.joined:
                data, behind = self.shelf.joined.pop(document.pk)
            else:
                data, behind = _content(document), []
            leaves, label = Leaves(data), str(position)
            yield Part(leaves, document.title, label, document.language, is_whole=True, behind=tuple(behind))


def build_part(uuid: str) -> None:
    """Build the file if it waits, and mark its row ready or failed. Prints that fail are left out of it, by name."""
    part = PrintRunPart.objects.select_related("run__forum").filter(uuid=uuid).first()
    if part and (lease := Lease.take(part)):
        lease.keep(lambda: _make(part, lease))
        if part.state == PrintRunPart.State.QUEUED:
            send_on_commit(build_run_part, part=uuid)


def _make(part: PrintRunPart, lease: Lease) -> Made:
    run = part.run
    with translation.override(run.words_in):
        marks = _marks(run, part)
    pile = _pile(part, lease, marks)
    ticks, pages = _front(marks, run, pile)
    whole = compose(ticks.data, pile.parts(), duplex=run.is_duplex)
    places = {tick.number: [pages[tick.number], tick.pages] for tick in pile.ticks if tick.number in pages}
    return Made(whole.data, whole.pages, {"places": places, "missing": pile.missing})


def _front(marks: Marks, run: PrintRun, pile: _Pile) -> tuple[Rendered, dict[int, int]]:
    """The tick list, and the first page of each print behind it. The sheets that it names depend on its own length."""
    length, per_sheet = ceil(len(pile.ticks) / TICKS_TO_A_PAGE), 2 if run.is_duplex else 1
    while True:
        pages = pile.begins(length, run.is_duplex)
        sheets = {position: (page - 1) // per_sheet + 1 for position, page in pages.items()}
        rows = [replace(tick, sheet=sheets.get(tick.number, 0)) for tick in pile.ticks]
        ticks = render(TICKS, {"print": marks, "rows": rows}, language=run.words_in, prefix="ticks-", ink=marks.ink)
        if ticks.pages == length:
            return ticks, pages
        length = ticks.pages


def _pile(part: PrintRunPart, lease: Lease, marks: Marks) -> _Pile:
    """The prints of the file, each built here if it was not, or by name what was in the way."""
    run, until = part.run, time.monotonic() + TURN
    rows = part.items.select_related("document__edition", "document__issue").defer("document__edition__snapshot")
    items = list(rows.order_by("position"))
    documents = [item.document for item in items if item.document]
    names = listed_in(run.words_in, run, documents, {document.pk: document.extract for document in documents})
    pile = _Pile()
    ask_for_papers(documents, pile.shelf)
    for done, item in enumerate(items):
        lease.progress(done, len(items))
        if item.document is None:
            continue
        if time.monotonic() > until:
            lease.give_back()
        document, position = finished(item.document, pile.shelf), item.position
        listed = names[document.pk]
        tick = Tick(position, listed.name, listed.party, listed.function, listed.language)
        if document.state != Document.State.READY:
            pile.missing[position] = document.error or Failure.WAITING
            why = _in(run.words_in, Failure(pile.missing[position]))
            pile.ticks.append(replace(tick, missing=why))
            continue
        pile.ticks.append(replace(tick, pages=document.pages or 0))
        pile.prints[position], pile.listed[position] = document, listed
    if run.has_separators:
        total = PrintRunItem.objects.filter(part__run=run).count()
        pile.sheets = separators(marks, pile.listed, total, run.words_in)
    return pile


def _content(document: Document) -> bytes:
    with document.file.open() as file:
        return file.read()


def _in(language: str, failure: Failure) -> str:
    with translation.override(language):
        return str(failure.label)


def _marks(run: PrintRun, part: PrintRunPart) -> Marks:
    """In the language that is active. A run is no paper of the forum: it has no symbol and nothing to verify."""
    forum = run.forum
    asked = words.moment(run.created_at, forum.time_zone, forum.starts_on.year)
    ink = part.items.exclude(document=None).values_list("document__ink", flat=True).first()
    return Marks(
        title=_("Tick list: %(kind)s, file %(number)s") % {"kind": KINDS[run.kind].label, "number": part.number},
        symbol="",
        distribution=_("For staff"),
        date_text=words.local_day(run.created_at, forum.time_zone),
        original_language="",
        status="",
        edition_text=_("Print run of %(when)s") % {"when": asked},
        verify_address="",
        verify_url="",
        qr="",
        forum_name=forum.name,
        forum_edition=forum.edition,
        forum_place_dates=_("%(city)s, %(days)s")
        % {"city": forum.city, "days": words.days(forum.starts_on, forum.ends_on)},
        ink=Ink(ink or Ink.COLOUR),
    )
