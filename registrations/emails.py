"""One function for each mail. A mail is written in the language of the account, in the caller's transaction."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html

from people.models import User
from programme import dates, reading
from programme.models import PublishedSession
from programme.present import ChangeLine

from .models import Delegate, Registration
from .names import address, short_name

HIDDEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
LINK_SIGNS = re.compile(r"([.:/@])(?=\S)")


def inert(name: object) -> str:
    """A name that no mail program turns into a link: one line, and a word joiner where an address would bend."""
    return LINK_SIGNS.sub("\\1\u2060", " ".join(HIDDEN.sub(" ", str(name)).split()))


def accredited(delegate: Delegate) -> None:
    def context() -> dict[str, Any]:
        party = inert(delegate.delegation.party)
        programme = reverse("programme:programme", kwargs={"forum": delegate.delegation.forum.slug})
        return {"party": party, "programme": settings.BASE_URL + programme}

    _send("accredited", _account(delegate), context)


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

    _send("programme_changed", user, context)


def _about_place(name: str, registration: Registration, session: PublishedSession) -> None:
    def context() -> dict[str, Any]:
        return {
            "session": reading.full_name(session),
            "short": short_name(session),
            "when": _when(session),
            "place": registration.get_place_display(),
            "page": settings.BASE_URL + address(session, registration.seating.session.forum.slug),
        }

    _send(name, _account(registration.delegate), context)


def _when(session: PublishedSession) -> str:
    if session.starts_at is None or session.ends_at is None:
        return ""
    start, end = session.local(session.starts_at), session.local(session.ends_at)
    hours = format_html('<bdi dir="ltr">{}–{}</bdi>', dates.clock(start), dates.clock(end))
    return reading.listed([dates.day(start, reading.language()), hours])


def _name(user: User) -> str:
    person = user.person
    return inert((reading.language() == "ar" and person.arabic_name) or person) if person else ""


def _account(delegate: Delegate | None) -> User | None:
    """None for a place to be named, and for the many who have no account."""
    return (
        User.objects.filter(person=delegate.person_id, is_active=True).select_related("person").first()
        if delegate
        else None
    )


def _send(name: str, user: User | None, context: Callable[[], dict[str, Any]]) -> None:
    """`context` is called in the language of the account. Templates get every name inert.

    Values are markup for the HTML; the text takes them through the filter `plain`.
    """
    if user is None:
        return
    with translation.override(user.language):
        values = {
            **context(),
            "name": _name(user),
            "my": settings.BASE_URL + reverse("registrations:my"),
        }
        subject, text, markup = (
            render_to_string(f"registrations/mail/{name}{ending}", values)
            for ending in ("_subject.txt", ".txt", ".html")
        )
        message = EmailMultiAlternatives(" ".join(subject.split()), text, to=[user.email])
        message.attach_alternative(markup, "text/html")
        message.send()
