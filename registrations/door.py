"""What those at the doors see: the sessions of a day, and how many are in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.html import format_html
from django.utils.safestring import SafeString

from programme import dates
from programme.models import PublishedSession
from schedule.models import Forum, Session

from .models import PlateCount


@dataclass(frozen=True)
class Door:
    """One session with its counts. `plates` is None while nobody has counted."""

    session: PublishedSession
    has_seating: bool
    confirmed: int
    checked_in: int
    plates: int | None

    @property
    def day(self) -> date | None:
        return self.session.local(self.session.starts_at).date() if self.session.starts_at else None

    @property
    def hours(self) -> SafeString:
        starts_at, ends_at = self.session.starts_at, self.session.ends_at
        if starts_at is None or ends_at is None:
            return SafeString()
        start, end = (dates.clock(self.session.local(moment)) for moment in (starts_at, ends_at))
        return format_html('<bdi dir="ltr">{}–{}</bdi>', start, end)


def doors(forum: Forum) -> list[Door]:
    """Every session of the programme but the breaks, in order of time. One query."""
    return _read(PublishedSession.objects.filter(forum=forum).exclude(kind=Session.Kind.BREAK))


def door(session: PublishedSession) -> Door:
    [found] = _read(PublishedSession.objects.filter(pk=session.pk))
    return found


def _read(sessions) -> list[Door]:
    confirmed = Q(session__seating__registrations__status="confirmed")
    attended = Q(session__seating__registrations__attended_at__isnull=False)
    rows: Iterable = (
        sessions.select_related("session")
        .order_by("starts_at", "slug")
        .annotate(
            seating=F("session__seating"),
            confirmed=Count("session__seating__registrations", filter=confirmed),
            checked_in=Count("session__seating__registrations", filter=attended),
            plates=Subquery(PlateCount.objects.filter(session=OuterRef("pk")).values("plates")[:1]),
        )
    )
    return [Door(row, row.seating is not None, row.confirmed, row.checked_in, row.plates) for row in rows]
