"""A delegation as its focal point sees it: who lacks what, places used and left."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from programme import dates
from programme.models import PublishedSession
from programme.reading import language

from . import rules
from .allowances import Allowance
from .facts import gather
from .grid import MANY
from .headship import span
from .models import Delegate, Delegation, DelegationHead, Letter, Place, Seating

State = Delegate.State


@dataclass(frozen=True)
class Member:
    delegate: Delegate
    reason: str
    headships: tuple[str, ...]

    @property
    def days(self) -> str:
        first, last = self.delegate.starts_on, self.delegate.ends_on
        if first and last:
            return dates.days(first, last, language(), year=False)
        if first:
            return _("From {start}").format(start=dates.day(first, language(), weekday=False))
        if last:
            return _("Until {end}").format(end=dates.day(last, language(), weekday=False))
        return _("All days")

    @property
    def lacks(self) -> list[str]:
        person = self.delegate.person
        found = {
            _("Function"): not self.delegate.function,
            _("Photograph"): not person.photograph,
            _("Answer whether the name may be listed"): person.may_be_listed is None,
        }
        return [words for words, missing in found.items() if missing]


@dataclass(frozen=True)
class SessionPlaces:
    """The places of the delegation in one session."""

    session: PublishedSession
    allowed: Allowance
    free: dict[Place, int]

    @property
    def named(self) -> int:
        return len([one for one in self.allowed.active if one.is_confirmed and one.delegate_id])

    @property
    def to_be_named(self) -> int:
        return len(self.allowed.unnamed)

    @property
    def waiting(self) -> int:
        return len([one for one in self.allowed.active if one.is_waiting])

    @property
    def left(self) -> int:
        return self.allowed.takeable(self.free)


@dataclass(frozen=True)
class Roster:
    delegation: Delegation
    members: tuple[Member, ...]
    gone: tuple[Member, ...]
    heads: tuple[tuple[str, DelegationHead], ...]
    letters: tuple[Letter, ...]
    places: tuple[SessionPlaces, ...]

    @property
    def has_many(self) -> bool:
        return len(self.members) > MANY

    @property
    def states(self) -> list[tuple[str, str]]:
        """How many are in which state of accreditation, each with the kind of its tag."""
        n = Counter(member.delegate.state for member in self.members)
        found = [
            (
                "yours",
                n[State.ACCREDITED],
                ngettext("{n} delegate accredited", "{n} delegates accredited", n[State.ACCREDITED]),
            ),
            (
                "wait",
                n[State.SUBMITTED],
                ngettext("{n} being looked at", "{n} being looked at", n[State.SUBMITTED]),
            ),
            ("changed", n[State.RETURNED], ngettext("{n} returned", "{n} returned", n[State.RETURNED])),
        ]
        return [(kind, words.format(n=number)) for kind, number, words in found if number or kind == "yours"]

    @property
    def lacks_letter(self) -> bool:
        return self.delegation.category.needs_letter and not self.letters and not self.delegation.letter_follows

    @property
    def tasks(self) -> list[tuple[str, str]]:
        """What is to be done, each with where."""
        return list(self._tasks())

    def _tasks(self) -> Iterator[tuple[str, str]]:
        uuid = self.delegation.uuid
        if self.lacks_letter:
            letters = reverse("registrations:delegation-letters", args=[uuid])
            yield _("The note verbale or letter is not here yet. Upload it, or say that it follows."), letters
        if n := len([one for one in self.members if one.delegate.state == State.RETURNED]):
            yield _n(ngettext("{n} entry was returned to mend.", "{n} entries were returned to mend.", n), n), "#who"
        if self.delegation.category.is_government and self.members and not self.heads:
            yield _("No head of delegation is named."), reverse("registrations:delegation-head", args=[uuid])
        if n := sum(one.to_be_named for one in self.places):
            yield _n(ngettext("{n} place is to be named.", "{n} places are to be named.", n), n), "#places"
        if n := len([one for one in self.members if one.lacks]):
            lacking = ngettext("{n} delegate lacks something.", "{n} delegates lack something.", n)
            yield _n(lacking, n), "#who"


def _n(sentence: str, n: int) -> str:
    return sentence.format(n=n)


def heads_of(delegation: Delegation) -> tuple[tuple[str, DelegationHead], ...]:
    """Who heads it, each with the words that say when, in the order of time."""
    heads = delegation.heads.select_related("delegate__person").order_by("period")
    return tuple((span(head, delegation.forum), head) for head in heads)


def roster(delegation: Delegation) -> Roster:
    """The number of queries does not grow with delegates or sessions."""
    heads = heads_of(delegation)
    headships: dict[int, list[str]] = defaultdict(list)
    for words, head in heads:
        headships[head.delegate_id].append(words)
    delegates = delegation.delegates.with_reason().select_related("person").order_by("position", "pk")
    members = [Member(one, one.reason or "", tuple(headships[one.pk])) for one in delegates]
    return Roster(
        delegation=delegation,
        members=tuple(one for one in members if one.delegate.is_present),
        gone=tuple(one for one in members if not one.delegate.is_present),
        heads=heads,
        letters=tuple(delegation.letters.all()),
        places=tuple(_places(delegation)),
    )


def _places(delegation: Delegation) -> Iterator[SessionPlaces]:
    """Of each session that the delegation may enter, or in which it has a place for all that."""
    seatings = list(
        Seating.objects.filter(session__published__forum=delegation.forum_id, session__published__cancelled_at=None)
        .select_related("session__published")
        .order_by("session__published__starts_at", "session__published__number", "pk")
    )
    facts = gather(seatings={seating.pk for seating in seatings}, delegations={delegation.pk}, persons=())
    for seating in seatings:
        allowed = facts.allowance(seating, delegation)
        session = seating.session.published
        if allowed.active or (allowed.total and rules.admits(session, delegation.category)):
            yield SessionPlaces(session, allowed, facts.free(seating))
