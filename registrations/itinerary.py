"""My programme: the places of one person, day by day, as the current release has them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.safestring import SafeString

from programme import times
from programme.releases import Published
from programme.slots import Slot, slots
from schedule.models import Session

from .models import Delegate, Registration
from .problems import Problem
from .rules import waiting_rules


@dataclass(frozen=True)
class Entry:
    """`slot` is None when the session has left the programme."""

    registration: Registration
    slot: Slot | None
    held: int  # by the delegation, here
    rule: Problem | None  # that holds one who waits

    @property
    def hours(self) -> SafeString:
        return times.hours(self.slot.session) if self.slot else SafeString()

    @property
    def day_part(self) -> str:
        return times.day_part(self.slot.session) if self.slot else ""

    @property
    def place(self) -> SafeString:
        return times.where(self.slot.session, self.slot.programme) if self.slot else SafeString()

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        return tuple(str(Session.Unconfirmed(value).label) for value in self.slot.unconfirmed) if self.slot else ()

    @property
    def shows_rank(self) -> bool:
        """Governments are not ranked."""
        return not self.registration.delegation.category.is_government


@dataclass(frozen=True)
class Day:
    day: date
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Itinerary:
    days: tuple[Day, ...]
    undated: tuple[Entry, ...]

    @property
    def entries(self) -> list[Entry]:
        return [entry for day in self.days for entry in day.entries] + list(self.undated)

    @property
    def overlapping(self) -> list[Entry]:
        """Those that overlap another place because a release moved a session."""
        return [entry for entry in self.entries if entry.registration.overlap == Registration.Overlap.RELEASE]


def itinerary(*, delegates: Sequence[Delegate], release: Published | None) -> Itinerary:
    """Takes a fixed number of queries. The days of the forum are there even when they are empty."""
    registrations = list(
        Registration.objects.active()
        .filter(delegate__in=delegates)
        .with_waiting_before()
        .select_related("delegation__party", "delegation__category", "seating__session__published")
        .order_by("period", "pk")
    )
    held = Counter(
        Registration.objects.confirmed()
        .filter(
            delegation__in={registration.delegation_id for registration in registrations},
            seating__in={registration.seating_id for registration in registrations},
        )
        .order_by()
        .values_list("seating", "delegation")
    )
    rules = waiting_rules([registration for registration in registrations if registration.is_waiting])
    programme = release.programme if release else None
    found = {}
    if release and programme:
        wanted = {str(registration.seating.session.uuid) for registration in registrations}
        there = [session for session in programme.sessions if session.uuid in wanted]
        found = {slot.session.uuid: slot for slot in slots(release, there)}
    entries = [
        Entry(
            registration,
            found.get(str(registration.seating.session.uuid)),
            held[registration.seating_id, registration.delegation_id],
            rules.get(registration.pk),
        )
        for registration in registrations
    ]
    entries.sort(key=lambda entry: entry.slot.session.sort_key if entry.slot else (date.max,))
    of_day: dict[date | None, list[Entry]] = {}
    for entry in entries:
        of_day.setdefault(entry.slot.session.first_day if entry.slot else None, []).append(entry)
    days = {day for day in of_day if day}
    if programme:
        days |= {day for day in programme.days if programme.forum.starts_on <= day <= programme.forum.ends_on}
    return Itinerary(
        days=tuple(Day(day, tuple(of_day.get(day, ()))) for day in sorted(days)),
        undated=tuple(of_day.get(None, ())),
    )
