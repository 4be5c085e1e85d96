"""How far prints are: of the whole queue, or of one run."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Count, Min, Q

from .models import Document, DocumentQuerySet, PrintRun

MEASURED = timedelta(minutes=2)


@dataclass(frozen=True)
class Progress:
    """`minutes` are those that the rest takes at the pace of the last two; None while nothing says so."""

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


def progress(visible: DocumentQuerySet, *, now: datetime) -> Progress:
    """What of the prints in `visible` is being made or waits; the pace is that of all workers."""
    return _progress(visible, Document.objects.all(), now)


def progress_of_run(run: PrintRun, *, now: datetime) -> Progress:
    """Of its prints; the pace is that of the run."""
    prints = Document.objects.filter(run_items__part__run=run)
    return _progress(prints, prints, now)


def _progress(prints: DocumentQuerySet, measured: DocumentQuerySet, now: datetime) -> Progress:
    counts = prints.order_by().aggregate(
        total=Count("pk"),
        building=Count("pk", filter=Q(state=Document.State.BUILDING)),
        waiting=Count("pk", filter=Q(state=Document.State.QUEUED)),
    )
    found = Progress(**counts)
    if not found.left:
        return found
    made = measured.filter(finished_at__gt=now - MEASURED, is_part=False)
    done, since = made.aggregate(done=Count("pk"), since=Min("queued_at")).values()
    if not done:
        return found
    return Progress(**counts, minutes=ceil(found.left / done * min(MEASURED, now - since) / timedelta(minutes=1)))
