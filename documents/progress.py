"""How far the queue of prints is."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db.models import Count, Q

from .models import Document, DocumentQuerySet

MEASURED = timedelta(minutes=2)


@dataclass(frozen=True)
class Progress:
    """`minutes` are those that the rest takes at the pace of the last two; None while nothing says so."""

    building: int
    waiting: int
    minutes: int | None = None

    @property
    def left(self) -> int:
        return self.building + self.waiting


def progress(visible: DocumentQuerySet, *, now: datetime) -> Progress:
    """What of the prints in `visible` is being made or waits; the pace is that of all workers."""
    counts = visible.order_by().aggregate(
        building=Count("pk", filter=Q(state=Document.State.BUILDING)),
        waiting=Count("pk", filter=Q(state=Document.State.QUEUED)),
    )
    found = Progress(**counts)
    if not found.left:
        return found
    done = Document.objects.filter(finished_at__gt=now - MEASURED).count()
    minutes = ceil(found.left / done * MEASURED / timedelta(minutes=1)) if done else None
    return Progress(**counts, minutes=minutes)
