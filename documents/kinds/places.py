"""Who holds a confirmed place at a session, as the register says it: for sheets and plans of one room."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import get_language

from people.models import Party
from people.sorting import party_key
from programme.snapshot import Programme, SessionNode
from registrations.models import DelegationCategory, DelegationHead, Registration, Seating

from .base import Subject
from .concept_note import named
from .extracts import NOT_IN_ITINERARIES, Slot, Wording, slot, without, wording

NOON = time(12)


@dataclass(frozen=True)
class Seated:
    """A session that is held, its seats, and the places that are given, to be named ones among them."""

    slot: Slot
    node: SessionNode
    seating: Seating
    places: list[Registration]


def subjects(programme: Programme) -> list[Subject]:
    """The sessions at which seats are given, in order of time."""
    language = get_language() or "en"
    found = _seatings(programme, programme.by_slug)
    return [
        Subject(session.slug, named(slot(programme, session, language)))
        for session in programme.sessions
        if session.uuid in found
    ]


def seated(programme: Programme, slugs: Collection[str], language: str) -> dict[str, Seated]:
    """By the address of the session, the places by category, then by party, the head of a delegation first."""
    found = _seatings(programme, slugs)
    places = (
        Registration.objects.confirmed()
        .filter(seating__in=found.values())
        .with_exception()
        .select_related("delegate", "person", "delegation__party", "delegation__category")
    )
    given: dict[int, list[Registration]] = defaultdict(list)
    for place in places.order_by("pk"):
        given[place.seating_id].append(place)
    heads = _heads(given.values())
    sessions = [session for slug in slugs if (session := programme.by_slug.get(slug)) and session.uuid in found]
    return {
        session.slug: Seated(
            slot=without(slot(programme, session, language), *NOT_IN_ITINERARIES),
            node=session,
            seating=(seating := found[session.uuid]),
            places=sorted(given[seating.pk], key=_order(heads, _moment(session), language)),
        )
        for session in sessions
    }


def in_language(row: Party | DelegationCategory, field: str, language: str) -> str:
    texts = {code: getattr(row, f"{field}_{code}") or "" for code in ("en", language)}
    return wording(texts, language).text


def plural_in(category: DelegationCategory, language: str) -> Wording:
    """What stands above several of the category."""
    names = {
        code: getattr(category, f"plural_name_{code}") or getattr(category, f"name_{code}") or ""
        for code in ("en", language)
    }
    return wording(names, language)


def _seatings(programme: Programme, slugs: Iterable[str]) -> dict[str, Seating]:
    """By the UUID of the session, those of `slugs` that are in the programme and not cancelled."""
    held = {
        session.uuid
        for slug in slugs
        if (session := programme.by_slug.get(slug)) and session.listed and not session.is_cancelled
    }
    seatings: QuerySet[Seating] = Seating.objects.filter(session__uuid__in=held).select_related("session")
    return {str(seating.session.uuid): seating for seating in seatings}


Heads = Mapping[int, list[DelegationHead]]


def _heads(given: Iterable[list[Registration]]) -> Heads:
    """When each delegate heads their delegation."""
    delegations = {place.delegation_id for places in given for place in places}
    heads: dict[int, list[DelegationHead]] = defaultdict(list)
    for head in DelegationHead.objects.filter(delegation__in=delegations):
        heads[head.delegate_id].append(head)
    return heads


def _moment(session: SessionNode) -> datetime | None:
    """When it begins; noon of its day while its hours are not known."""
    if session.starts_at or session.first_day is None:
        return session.starts_at
    return datetime.combine(session.first_day, NOON, ZoneInfo(session.zone))


def _order(heads: Heads, moment: datetime | None, language: str):
    def key(place: Registration):
        category, delegate = place.delegation.category, place.delegate
        is_head = delegate is not None and any(moment is None or moment in head.period for head in heads[delegate.pk])
        within = (not is_head, delegate.position, delegate.pk) if delegate else (True, float("inf"), place.pk)
        return category.position, category.code, party_key(place.delegation.party, language), within

    return key
