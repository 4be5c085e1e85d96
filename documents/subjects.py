"""Of what a print can be asked for: the subjects of a kind, and how many are narrowed down to a few."""

from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language

from people.direction import isolated
from people.editing import every_language
from people.sorting import party_key, person_key
from programme.releases import Published
from programme.snapshot import Programme, SessionNode
from registrations.models import Delegate, Delegation

from .kinds import Audience, Kind, Subject, words

PERSON = ("family_name", "given_name", "arabic_name")
PARTY = every_language("short_name", "acronym")


@dataclass(frozen=True)
class Narrowing:
    """What is asked for among all there is; everything when it says nothing. `only` are keys."""

    words: str = ""
    day: date | None = None
    theme: int | None = None
    category: int | None = None
    only: frozenset[str] = frozenset()


def subjects_of(kind: Kind[Any], published: Published, narrowing: Narrowing = Narrowing()) -> list[Subject]:
    """In the order in which they are printed; where words are looked for among persons, by their names."""
    if kind.audience is Audience.DELEGATE:
        return _delegates(published, narrowing)
    if kind.audience is Audience.DELEGATION:
        return delegations_of(published.forum_id, narrowing)
    wanted = narrowing.words.casefold().split()
    return [
        subject
        for subject in kind.subjects(published.programme)
        if (not narrowing.only or subject.key in narrowing.only)
        and all(word in subject.label.casefold() for word in wanted)
        and _fits(published.programme, subject.key, narrowing)
    ]


def sessions_of(programme: Programme, keys: Iterable[str]) -> list[SessionNode]:
    """Those that are named by their address or their UUID."""
    names = (key.removeprefix("session/") for key in keys)
    found = (programme.by_slug.get(name) or programme.by_uuid.get(name) for name in names)
    return [session for session in found if session]


def is_of(programme: Programme, key: str, day: date) -> bool:
    """Whether a subject is of `day`: a session held on it, or something that names it."""
    session = next(iter(sessions_of(programme, [key])), None)
    return session.is_on(day) if session else day.isoformat() in key


def days_of(programme: Programme, keys: Iterable[str]) -> list[date]:
    """The days by which those subjects can be told apart: of their sessions, or named in their keys."""
    keys = list(keys)
    return [day for day in programme.days if any(is_of(programme, key, day) for key in keys)]


def themes_of(programme: Programme, keys: Iterable[str]) -> list[int]:
    return sorted({session.theme for session in sessions_of(programme, keys) if session.theme})


def _fits(programme: Programme, key: str, narrowing: Narrowing) -> bool:
    if narrowing.theme is not None and narrowing.theme not in themes_of(programme, [key]):
        return False
    return narrowing.day is None or is_of(programme, key, narrowing.day)


def named_in(fields: Iterable[str], typed: str) -> Q:
    """Each word typed must stand in one of `fields`."""
    return reduce(
        Q.__and__,
        (reduce(or_, (Q(**{f"{field}__icontains": word}) for field in fields)) for word in typed.split()),
        Q(),
    )


def delegates_called(typed: str) -> Q:
    """By parts of the name, in either script, or of the party, in each language; a UUID names one."""
    with suppress(ValueError):
        return Q(uuid=UUID(typed))
    fields = [f"person__{name}" for name in PERSON] + [f"delegation__party__{name}" for name in PARTY]
    return named_in(fields, typed)


def delegations_called(typed: str) -> Q:
    with suppress(ValueError):
        return Q(uuid=UUID(typed))
    return named_in([f"party__{name}" for name in PARTY], typed)


def _delegates(published: Published, narrowing: Narrowing) -> list[Subject]:
    rows = (
        Delegate.objects.accredited()
        .filter(delegates_called(narrowing.words))
        .filter(delegation__forum=published.forum_id)
        .select_related("person", "delegation__party", "delegation__category")
    )
    if narrowing.category is not None:
        rows = rows.filter(delegation__category=narrowing.category)
    if narrowing.only:
        rows = rows.filter(uuid__in=uuids(narrowing.only))
    language = get_language() or "en"

    def by_name(delegate: Delegate) -> Any:
        return person_key(delegate.person, language)

    def by_delegation(delegate: Delegate) -> Any:
        delegation = delegate.delegation
        return delegation.category.position, party_key(delegation.party, language), delegate.position, delegate.pk

    return [
        Subject(str(delegate.uuid), words.listed([isolated(delegate.person), str(delegate.delegation.party)]))
        for delegate in sorted(rows, key=by_name if narrowing.words else by_delegation)
    ]


def delegations_of(forum_id: int, narrowing: Narrowing = Narrowing()) -> list[Subject]:
    """By category, then by the reader’s alphabet."""
    rows = Delegation.objects.filter(delegations_called(narrowing.words), forum=forum_id)
    rows = rows.select_related("party", "category")
    if narrowing.category is not None:
        rows = rows.filter(category=narrowing.category)
    if narrowing.only:
        rows = rows.filter(uuid__in=uuids(narrowing.only))
    language = get_language() or "en"
    found = sorted(rows, key=lambda row: (row.category.position, party_key(row.party, language)))
    return [Subject(str(delegation.uuid), str(delegation.party)) for delegation in found]


def uuids(keys: Collection[str]) -> list[UUID]:
    """Those that are written as one."""
    found = []
    for key in keys:
        with suppress(ValueError):
            found.append(UUID(key))
    return found
