"""What organisers hear before they publish."""

from collections import defaultdict
from itertools import combinations

from django.utils.translation import ngettext

from programme.services import Problem
from programme.snapshot import Programme, SessionNode
from schedule.models import Forum

from .models import Registration


def overlapping_places(forum: Forum, programme: Programme) -> list[Problem]:
    """Persons who would hold places in two sessions at once, and do not now. Publishing is not refused."""
    held = (
        Registration.objects.confirmed()
        .filter(seating__session__forum=forum, person__isnull=False)
        .select_related("person", "seating__session")
        .order_by("pk")
    )
    by_person: dict[int, list[tuple[Registration, SessionNode]]] = defaultdict(list)
    for registration in held:
        session = programme.by_uuid.get(str(registration.seating.session.uuid))
        if session and session.starts_at and not session.is_cancelled:
            by_person[registration.person_id].append((registration, session))
    clashes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for places in by_person.values():
        for (one, first), (other, second) in combinations(places, 2):
            if _overlap(first, second) and not _overlapped(one, other):
                first, second = sorted((first, second), key=lambda session: session.sort_key)
                clashes[first.uuid, second.uuid].append(str(one.person))
    return [
        Problem(
            ngettext(
                "%(n)s delegate would hold places in “%(first)s” and “%(second)s” at the same time: %(names)s.",
                "%(n)s delegates would hold places in “%(first)s” and “%(second)s” at the same time: %(names)s.",
                len(names),
            )
            % {
                "n": len(names),
                "first": _title(programme.by_uuid[first]),
                "second": _title(programme.by_uuid[second]),
                "names": ", ".join(names),
            }
        )
        for (first, second), names in clashes.items()
    ]


def _title(session: SessionNode) -> str:
    return " ".join(filter(None, [session.number, session.title.get("en", session.slug)]))


def _overlap(first: SessionNode, second: SessionNode) -> bool:
    return first.starts_at < second.ends_at and second.starts_at < first.ends_at  # type: ignore[operator]


def _overlapped(one: Registration, other: Registration) -> bool:
    return bool(
        one.period and other.period and one.period.lower < other.period.upper and other.period.lower < one.period.upper
    )
