from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from people.models import Person, User
from programme import reading
from programme.models import PublishedSession
from programme.present import ChangeLine

from ..models import FocalPoint, Place, Registration
from ..names import address, short_name, when
from .sending import account, inert, own, send, send_alike


def place_confirmed(registration: Registration, session: PublishedSession) -> None:
    _about_place("place_confirmed", registration, session)


def waitlisted(registration: Registration, session: PublishedSession) -> None:
    _about_place("waitlisted", registration, session)


def promoted(registration: Registration, session: PublishedSession) -> None:
    """A delegate without an account is told by the focal points of the delegation."""
    if registration.delegate is None or account(registration.delegate):
        _about_place("promoted", registration, session)
        return
    person, party = registration.delegate.person, registration.delegation.party
    points = FocalPoint.objects.filter(delegation=registration.delegation_id, user__is_active=True)
    for point in points.select_related("user__person").order_by("pk"):
        send(
            "delegate_promoted",
            point.user,
            lambda: {**_place(registration, session), "person": _named(person), "party": inert(party), **own()},
        )


def taken_out(registration: Registration, session: PublishedSession) -> None:
    """By the focal point, out of a place or off the waiting list: `registration` as it was."""
    _about_place("taken_out", registration, session)


def programme_changed(
    user: User,
    told: Sequence[tuple[ChangeLine, Sequence[Registration]]],
    edition: Callable[[], str],
    *,
    of_delegation: bool,
) -> None:
    """New times and rooms and cancellations of sessions, each with the places that the account is to hear of.

    `of_delegation`: the account looks after a delegation, so that whose places they are is said.
    """

    def context() -> dict[str, Any]:
        return {
            "lines": [
                {
                    "name": reading.full_name(line.session),
                    "when": line.when,
                    "place": line.place,
                    "verbs": reading.listed(mark.words for mark in line.verbs),
                    "rows": line.rows,
                    "whose": _whose(registrations) if of_delegation else (),
                }
                for line, registrations in told
            ],
            "edition": edition(),
            "of_delegation": of_delegation,
            **(own() if of_delegation else {}),
        }

    send("programme_changed", user, context)


def _whose(registrations: Sequence[Registration]) -> list[SafeString]:
    """“Mfano, Kielezo, 1 place to be named (Kenya)”, a line for each delegation."""
    by_party: dict[str, list[Registration]] = defaultdict(list)
    for registration in registrations:
        by_party[inert(registration.delegation.party)].append(registration)
    return [format_html("{} ({})", reading.listed(_names(places)), party) for party, places in by_party.items()]


def _names(places: Sequence[Registration]) -> Iterator[SafeString]:
    persons = [registration.person for registration in places if registration.person]
    yield from (_named(person) for person in persons)
    if unnamed := len(places) - len(persons):
        yield format_html(ngettext("{n} place to be named", "{n} places to be named", unnamed), n=unnamed)


def _named(person: Person) -> SafeString:
    return format_html('<bdi translate="no">{}</bdi>', inert(person))


def _about_place(name: str, registration: Registration, session: PublishedSession) -> None:
    facts = (
        registration.seating.session.forum.slug, session.slug, session.number, tuple(session.title.items()),
        session.starts_at, session.ends_at, session.zone, registration.place,
    )  # fmt: skip
    send_alike(name, account(registration.delegate), facts, lambda: _place(registration, session))


def _place(registration: Registration, session: PublishedSession) -> dict[str, str]:
    return {
        "session": reading.full_name(session),
        "short": short_name(session),
        "when": when(session),
        "place": str(Place(registration.place).label) if registration.place else "",
        "page": settings.BASE_URL + address(session, registration.seating.session.forum.slug),
    }
