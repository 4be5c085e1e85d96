from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.utils.html import format_html

from people.models import User
from programme import dates, reading
from programme.models import PublishedSession
from programme.present import ChangeLine

from ..models import Registration
from ..names import address, short_name
from .sending import account, send


def place_confirmed(registration: Registration, session: PublishedSession) -> None:
    _about_place("place_confirmed", registration, session)


def waitlisted(registration: Registration, session: PublishedSession) -> None:
    _about_place("waitlisted", registration, session)


def promoted(registration: Registration, session: PublishedSession) -> None:
    _about_place("promoted", registration, session)


def programme_changed(user: User, lines: Sequence[ChangeLine], edition: Callable[[], str]) -> None:
    """New times and rooms and cancellations of the sessions in which the account has or awaits a place."""

    def context() -> dict[str, Any]:
        return {
            "lines": [
                {
                    "name": reading.full_name(line.session),
                    "when": line.when,
                    "place": line.place,
                    "verbs": reading.listed(mark.words for mark in line.verbs),
                    "rows": line.rows,
                }
                for line in lines
            ],
            "edition": edition(),
        }

    send("programme_changed", user, context)


def _about_place(name: str, registration: Registration, session: PublishedSession) -> None:
    def context() -> dict[str, Any]:
        return {
            "session": reading.full_name(session),
            "short": short_name(session),
            "when": _when(session),
            "place": registration.get_place_display(),
            "page": settings.BASE_URL + address(session, registration.seating.session.forum.slug),
        }

    send(name, account(registration.delegate), context)


def _when(session: PublishedSession) -> str:
    if session.starts_at is None or session.ends_at is None:
        return ""
    start, end = session.local(session.starts_at), session.local(session.ends_at)
    hours = format_html('<bdi dir="ltr">{}–{}</bdi>', dates.clock(start), dates.clock(end))
    return reading.listed([dates.day(start, reading.language()), hours])
