"""What a day needs on paper, and how much of it is there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings

from programme.releases import Published
from programme.snapshot import Programme

from .asking import Wanted
from .kinds import KINDS, Kind
from .models import Document
from .standing import Standing, standings
from .subjects import is_of


@dataclass
class Share:
    """Of the prints of one kind that a day needs in one language: how many hold, wait, failed, lack."""

    language: str
    ready: int = 0
    moving: int = 0
    stale: int = 0
    failed: int = 0
    missing: int = 0

    @property
    def language_name(self) -> str:
        """Its own."""
        return dict(settings.LANGUAGES)[self.language]

    @property
    def lacking(self) -> int:
        """How many there are to be asked for."""
        return self.stale + self.failed + self.missing


@dataclass
class Need:
    kind: Kind[Any]
    subjects: list[str]
    shares: list[Share]


@dataclass
class Day:
    day: date
    needs: list[Need]


@dataclass
class Needs:
    days: list[Day] = field(default_factory=list)
    stale: list[Standing] = field(default_factory=list)


def day_to_prepare(programme: Programme, today: date) -> date | None:
    """Today, else the next day of the programme; the first one when all is over."""
    to_come = [day for day in programme.days if day >= today]
    return next(iter(to_come or programme.days), None)


def from_day(programme: Programme, first: date) -> list[date]:
    """That day and the one after it."""
    return [day for day in programme.days if day >= first][:2]


def wanted_on(published: Published, day: date, kind: str, language: str) -> list[Wanted]:
    """All prints of a kind that a day needs in a language."""
    needed = _needed(published, [day])[day]
    return [
        Wanted(found.name, subject, language)
        for found, subjects in needed.items()
        for subject in subjects
        if found.name == kind
    ]


def _needed(published: Published, days: Iterable[date]) -> dict[date, dict[Kind[Any], list[str]]]:
    """The subjects of the daily kinds by day, in the order of the catalogue."""
    programme = published.programme
    offered = {kind: [subject.key for subject in kind.subjects(programme)] for kind in KINDS.values() if kind.daily}
    return {
        day: {
            kind: found
            for kind, keys in offered.items()
            if (found := [key for key in keys if is_of(programme, key, day)])
        }
        for day in days
    }


def needs_of(published: Published, days: Iterable[date]) -> Needs:
    """In a number of queries that does not grow with days, kinds and prints."""
    wanted = _needed(published, days)
    shown = {(kind.name, subject) for needed in wanted.values() for kind, found in needed.items() for subject in found}
    rows = Document.objects.filter(
        forum=published.forum_id,
        kind__in={kind for kind, _subject in shown},
        subject__in={subject for _kind, subject in shown},
        is_draft=False,
    ).newest_of_each()
    by_subject: dict[tuple[str, str, str], list[Standing]] = defaultdict(list)
    for standing in standings(rows.light().order_by("kind", "subject", "language", "pk")):
        row = standing.document
        by_subject[row.kind, row.subject, row.language].append(standing)
    needs = Needs(
        days=[
            Day(day, [Need(kind, found, _shares(kind, found, by_subject)) for kind, found in needed.items()])
            for day, needed in wanted.items()
        ]
    )
    needs.stale = [
        standing
        for (kind, subject, _language), found in by_subject.items()
        if (kind, subject) in shown
        for standing in found
        if standing.state == "stale"
    ]
    return needs


def _shares(
    kind: Kind[Any], subjects: list[str], by_subject: dict[tuple[str, str, str], list[Standing]]
) -> list[Share]:
    shares = []
    for language, _name in settings.LANGUAGES:
        share = Share(language)
        for subject in subjects:
            states = {standing.state for standing in by_subject.get((kind.name, subject, language), ())}
            _count(share, states)
        shares.append(share)
    return shares


def _count(share: Share, states: set[str]) -> None:
    """A subject counts by the best that there is of it: one print that holds is enough, on whatever sheet."""
    if "ready" in states:
        share.ready += 1
    elif states & {"queued", "building"}:
        share.moving += 1
    elif "stale" in states:
        share.stale += 1
    elif "failed" in states:
        share.failed += 1
    else:
        share.missing += 1
