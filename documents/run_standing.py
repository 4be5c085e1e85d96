"""What a print run is by now: its files, what is missing, and what in it shows an old fact."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db.models import Max, Min
from django.utils import translation
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from programme import releases
from programme.releases import Published

from .failures import Failure
from .holding import Holds, holds_of
from .kinds import KINDS, Kind, Listed, words
from .listing import listed_in
from .models import Document, PrintRun, PrintRunItem, PrintRunPart


@dataclass(frozen=True)
class Shown:
    """A print of a run, by its place: why it is not there, or what it shows that is no longer so."""

    position: int
    document: Document
    listed: Listed
    missing: str = ""
    changes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Standing:
    """`stale` and `missing` are in the order of the run; `erased` were for persons who are no longer held."""

    total: int
    stale: list[Shown]
    missing: list[Shown]
    erased: int


def standing_of_run(run: PrintRun) -> Standing:
    """Which of its prints show an old fact, and which are not in it, in a number of queries that does not grow."""
    places, missing = _placed(run), missing_of(run)
    lacking = {shown.position for shown in missing}
    kept = {position: document for position, document in places.items() if position not in lacking}
    total = PrintRunItem.objects.filter(part__run=run).count()
    return Standing(total, _stale(run, kept), missing, total - len(places))


def missing_of(run: PrintRun) -> list[Shown]:
    """Those that could not be made when their file was."""
    why = {int(position): code for part in run.parts.all() for position, code in part.missing.items()}
    lacking = {position: document for position, document in _placed(run).items() if position in why}
    names = _listed(run, lacking.values(), _extracts(lacking.values()))
    return [
        Shown(position, document, names[document.pk], missing=str(Failure(why[position]).label))
        for position, document in lacking.items()
    ]


def _placed(run: PrintRun) -> dict[int, Document]:
    """By position, in order; without those that have been erased."""
    items = PrintRunItem.objects.filter(part__run=run).select_related("document").defer("document__extract")
    return {item.position: item.document for item in items.order_by("position") if item.document}


def _stale(run: PrintRun, placed: Mapping[int, Document]) -> list[Shown]:
    published = releases.current(run.forum.slug)
    if published is None:
        return []
    kind = KINDS[run.kind]
    now = _now(published, kind, placed.values())
    held = holds_of({row: now.get((row.subject, row.language)) for row in placed.values()})
    found = {position: document for position, document in placed.items() if held[document.pk] is Holds.NO}
    old = _extracts(found.values())
    names = _listed(run, found.values(), old)
    return [
        Shown(
            position,
            document,
            names[document.pk],
            changes=_changes(kind, old[document.pk], now.get((document.subject, document.language))),
        )
        for position, document in found.items()
    ]


def _extracts(documents: Iterable[Document]) -> dict[int, Any]:
    found = Document.objects.filter(pk__in=[document.pk for document in documents])
    return dict(found.values_list("pk", "extract"))


def _listed(run: PrintRun, documents: Collection[Document], extracts: Mapping[int, Any]) -> dict[int, Listed]:
    """In the language of the reader."""
    return listed_in(get_language() or settings.LANGUAGE_CODE, run, documents, extracts)


def _now(published: Published, kind: Kind[Any], documents: Collection[Document]) -> dict[tuple[str, str], Any]:
    found = {}
    for language in {document.language for document in documents}:
        subjects = [document.subject for document in documents if document.language == language]
        with translation.override(language):
            extracts = kind.extracts(published, subjects, language)
        found.update({(subject, language): extract for subject, extract in extracts.items()})
    return found


def _changes(kind: Kind[Any], old: Any, new: Any) -> tuple[str, ...]:
    """In the language of the reader."""
    return tuple(kind.told(kind.load(old), new)) if new else (_("no longer in the programme"),)


@dataclass(frozen=True)
class RunFile:
    """A file of a run, with the positions of its prints."""

    part: PrintRunPart
    first: int
    last: int


def files_of(run: PrintRun) -> list[RunFile]:
    parts = run.parts.annotate(first=Min("items__position"), last=Max("items__position")).select_related("run")
    return [RunFile(part, part.first, part.last) for part in parts.order_by("number")]


def title_of(run: PrintRun) -> str:
    """In the language of the reader."""
    when = words.moment(run.created_at, run.forum.time_zone, run.forum.starts_on.year)
    return _("%(kind)s, print run of %(when)s") % {"kind": KINDS[run.kind].label, "when": when}


def from_sheet(part: PrintRunPart, sheet: int) -> "File | BytesIO | None":
    """The file of a ready part from `sheet` on, counted from 1; None when it has no such sheet."""
    if not 1 <= sheet <= part.sheets:
        return None
    if sheet == 1:
        return part.file.open()
    from .pdf.cutting import cut

    with part.file.open() as file:
        return BytesIO(cut(file.read(), (sheet - 1) * (2 if part.run.is_duplex else 1)))
