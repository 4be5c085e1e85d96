"""How far prints are: of the whole queue, or of one run."""

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil
from statistics import median

from django.db.models import Count, Q

from .models import Document, DocumentQuerySet, PrintRun

LAST = 300  # prints that are looked at
FEW = 5  # of a kind that say how long it takes


@dataclass(frozen=True)
class Progress:
    """`minutes` are about those that the rest takes; None while too little of its kinds was made to say so."""

    total: int
    building: int
    waiting: int
    minutes: int | None = None

    @property
    def left(self) -> int:
        return self.building + self.waiting

    @property
    def made(self) -> int:
        return self.total - self.left


def progress(visible: DocumentQuerySet) -> Progress:
    """What of the prints in `visible` is being made or waits; the pace is that of all workers."""
    return _progress(visible, Document.objects.all())


def progress_of_run(run: PrintRun) -> Progress:
    """Of its prints; the pace is that of the run."""
    prints = Document.objects.filter(run_items__part__run=run)
    return _progress(prints, prints)


def _progress(prints: DocumentQuerySet, measured: DocumentQuerySet) -> Progress:
    counts = prints.order_by().aggregate(
        total=Count("pk"),
        building=Count("pk", filter=Q(state=Document.State.BUILDING)),
        waiting=Count("pk", filter=Q(state=Document.State.QUEUED)),
    )
    found = Progress(**counts)
    return replace(found, minutes=_minutes(prints, measured)) if found.left else found


def _minutes(prints: DocumentQuerySet, measured: DocumentQuerySet) -> int | None:
    """None unless most of what is left is of kinds that are known; the others are taken to be like them."""
    left = dict(prints.moving().filter(is_part=False).order_by().values_list("kind").annotate(Count("pk")))
    pace = _pace(measured)
    known = {kind: count for kind, count in left.items() if kind in pace}
    if 2 * sum(known.values()) <= sum(left.values()):
        return None
    of_known = sum(count * pace[kind] for kind, count in known.items())
    return _about(of_known * sum(left.values()) / sum(known.values()))


def _pace(measured: DocumentQuerySet) -> dict[str, float]:
    """How many seconds after the print before, or after it was asked for, one of each kind is there.

    The middle one counts: one that takes minutes says nothing of the rest.
    """
    made = measured.filter(finished_at__isnull=False, is_part=False).order_by("-finished_at")
    newest = made.values_list("kind", "queued_at", "finished_at")[:LAST]
    taken: dict[str, list[float]] = defaultdict(list)
    for (kind, queued_at, finished_at), (_kind, _queued_at, before) in pairwise(newest):
        taken[kind].append((finished_at - max(queued_at, before)).total_seconds())
    return {kind: median(each) for kind, each in taken.items() if len(each) >= FEW}


def _about(seconds: float) -> int:
    """In minutes, from ten on in steps of five."""
    minutes = ceil(seconds / 60)
    return minutes if minutes < 10 else ceil(minutes / 5) * 5
