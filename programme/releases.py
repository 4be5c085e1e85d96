"""The release that readers see, held in each process."""

import bisect
import logging
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import Error
from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from schedule.models import Forum

from .builds import build
from .changes import A_DAY, SessionChange, recent
from .clock import turns
from .draft import draft
from .models import Release, Withdrawal
from .snapshot import Programme, load

log = logging.getLogger(__name__)

ASK_EVERY = 0.5  # seconds


@dataclass(frozen=True)
class Edition:
    """A release in the list of releases."""

    number: int
    published_at: datetime
    note: str


@dataclass(frozen=True)
class Published:
    """A release ready to be read; the draft is one without a number (0).

    `changes` are those that are news still, `news` those that were when it was published: prints are
    functions of a release, whenever they are made. `stamp` differs whenever what readers see may differ: it
    counts withdrawals too. `turns` are the instants at which pages read otherwise though nothing is
    published, and `turn` is the last of them that has passed.
    """

    forum_id: int
    number: int
    digest: str
    published_at: datetime
    note: str
    programme: Programme
    stamp: tuple[Any, ...] = ()
    is_current_forum: bool = True
    history: tuple[Edition, ...] = ()
    changes: tuple[SessionChange, ...] = ()
    news: tuple[SessionChange, ...] = ()
    turns: tuple[datetime, ...] = ()
    turn: datetime | None = None
    before: "Published | None" = None  # the release that stood in view before this one

    @property
    def is_draft(self) -> bool:
        return self.number == 0

    def as_of(self, now: datetime) -> "Published":
        """As it reads at `now`."""
        passed = bisect.bisect_right(self.turns, now)
        return replace(
            self,
            changes=tuple(change for change in self.changes if now < change.until),
            turn=self.turns[passed - 1] if passed else None,
        )

    @property
    def version(self) -> str:
        """Differs whenever what readers see may differ, but for what the clock turns."""
        return f"{self.number}.{self.stamp[-1] if self.stamp else 0}.{build()}"

    @property
    def reading(self) -> str:
        """Differs whenever what depends on the clock reads otherwise."""
        return f"{self.number}.{self.stamp[-1] if self.stamp else 0}.{self.turn.timestamp() if self.turn else 0:.0f}"


class _Shelf:
    """What one process holds. A database that is away changes nothing for the readers."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.asked: dict[str, float] = {}
        self.held: dict[str, Published] = {}

    def get(self, slug: str) -> Published | None:
        if time.monotonic() - self.asked.get(slug, -ASK_EVERY) < ASK_EVERY:
            return self.held.get(slug)
        # While one thread asks, perhaps in vain, the others go on with what is held.
        if not self.lock.acquire(blocking=slug not in self.held):
            return self.held.get(slug)
        try:
            return self._ask(slug)
        finally:
            self.lock.release()

    def stamp(self, slug: str) -> tuple[Any, ...] | None:
        """Of what is held, unless it is time to ask again."""
        held = self.held.get(slug)
        return held.stamp if held and time.monotonic() - self.asked.get(slug, -ASK_EVERY) < ASK_EVERY else None

    def _ask(self, slug: str) -> Published | None:
        known = self.held.get(slug) or self._at_the_other_address(slug)
        try:
            found = _fetch(slug, known)
        except Error:
            if known is None:
                raise
            found = known
        if found is None:  # addresses of forums that do not exist must not fill the memory
            self.held.pop(slug, None)
            self.asked.pop(slug, None)
        else:
            self.held[slug] = found
            self.asked[slug] = time.monotonic()
        return found

    def _at_the_other_address(self, slug: str) -> Published | None:
        """The current forum has two addresses; what is held for one serves the other."""
        return next((held for held in self.held.values() if held.programme.forum.slug == slug), None)

    def clear(self) -> None:
        self.asked.clear()
        self.held.clear()


shelf = _Shelf()


def current(slug: str = "") -> Published | None:
    """The newest release in view of the forum `slug` (of the current forum without one), as of now, or None.

    Asks the database at most every half second; while it is away, the held release is returned.
    """
    held = shelf.get(slug)
    return held.as_of(timezone.now()) if held else None


def exists(slug: str) -> bool:
    return Forum.objects.filter(slug=slug).exists()


def _fetch(slug: str, known: Published | None) -> Published | None:
    asked = Q(slug=slug) | Q(addresses__slug=slug) if slug else Q(is_current=True)
    withdrawals = (
        Withdrawal.objects.filter(release__forum=OuterRef("forum"))
        .order_by()
        .values("release__forum")
        .annotate(count=Count("pk"))
        .values("count")
    )
    newest = (
        Release.objects.filter(forum__in=Forum.objects.filter(asked))
        .in_view()
        .order_by(Case(When(forum__slug=slug, then=0), default=1), "-number")
        .values_list("forum_id", "number", "digest", "forum__is_current", Coalesce(Subquery(withdrawals), 0))
        .first()
    )
    if newest is None or (known and known.stamp == newest):
        return known if newest else None
    return _with_its_past(newest)


def _with_its_past(stamp: tuple[Any, ...]) -> Published:
    """The newest release, with those of two days and the last one before, in two queries."""
    in_view = Release.objects.filter(forum=stamp[0]).in_view().newest_first()
    history = tuple(Edition(*row) for row in in_view.values_list("number", "created_at", "note"))
    two_days_ago = history[0].published_at - 2 * A_DAY
    older = [edition.number for edition in history if edition.published_at <= two_days_ago]
    since = older[0] if older else history[-1].number
    releases = list(reversed(in_view.filter(number__gte=since, number__lte=history[0].number)))
    steps = _steps(releases)
    last, programme = releases[-1], steps[-1][1]
    changes = recent(steps)
    return Published(
        forum_id=last.forum_id,
        number=last.number,
        digest=last.digest,
        published_at=last.created_at,
        note=last.note,
        programme=programme,
        stamp=stamp,
        is_current_forum=bool(stamp[3]),
        history=history,
        changes=changes,
        news=changes,
        turns=turns(programme, changes),
        before=read(releases[-2]) if len(releases) > 1 else None,
    )


def warm() -> None:
    """Hold the current release from the start, so that a database that goes away later is not missed."""
    try:
        current()
    except Error as error:
        log.warning("No release is held yet: %s", error)


def read(release: Release) -> Published:
    """One release by itself, whether or not it is current."""
    return Published(
        forum_id=release.forum_id,
        number=release.number,
        digest=release.digest,
        published_at=release.created_at,
        note=release.note,
        programme=load(release.snapshot),
    )


def with_news(release: Release) -> Published:
    """The same with what was news when it was published. Opens the releases of two days and one before them."""
    in_view = Release.objects.filter(forum=release.forum_id, number__lt=release.number).in_view().newest_first()
    two_days_ago = release.created_at - 2 * A_DAY
    earlier = list(in_view.filter(created_at__gt=two_days_ago)) + list(in_view.filter(created_at__lte=two_days_ago)[:1])
    return replace(read(release), news=recent(_steps([*reversed(earlier), release])))


def _steps(releases: Iterable[Release]) -> list[tuple[datetime, Programme]]:
    return [(release.created_at, load(release.snapshot)) for release in releases]


def with_the_one_before(shown: Published, number: int) -> tuple[Published, Published | None] | None:
    """Release `number` of the same forum and the one that stood in view before it; None if it is not in view."""
    numbers = [edition.number for edition in shown.history if edition.number <= number][:2]
    if not numbers or numbers[0] != number:
        return None
    if number == shown.number:
        return shown, shown.before
    found = of(shown, *numbers)
    return found[number], found[numbers[1]] if len(numbers) > 1 else None


def of(shown: Published, *numbers: int) -> dict[int, Published]:
    """Releases of the same forum, in one query."""
    return {
        release.number: read(release) for release in Release.objects.filter(forum=shown.forum_id, number__in=numbers)
    }


def preview(slug: str = "") -> Published | None:
    """The draft of the forum `slug` (of the current one without), as readers would see it."""
    forum = Forum.objects.filter(slug=slug).first() if slug else Forum.objects.filter(is_current=True).first()
    if forum is None:
        return None
    return Published(
        forum_id=forum.pk,
        number=0,
        digest="",
        published_at=timezone.now(),
        note="",
        programme=draft(forum),
        is_current_forum=forum.is_current,
    )
