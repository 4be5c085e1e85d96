"""How a mail is written: in the language of the account, in the caller's transaction."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from people.models import User
from programme import reading

from ..models import Delegate

HIDDEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
LINK_SIGNS = re.compile(r"([.:/@])(?=\S)")


def inert(name: object) -> str:
    """A name that no mail program turns into a link: one line, and a word joiner where an address would bend."""
    return LINK_SIGNS.sub("\\1\u2060", " ".join(HIDDEN.sub(" ", str(name)).split()))


def _name(user: User) -> str:
    person = user.person
    return inert((reading.language() == "ar" and person.arabic_name) or person) if person else ""


def account(delegate: Delegate | None) -> User | None:
    """None for a place to be named, and for the many who have no account."""
    user = getattr(delegate.person, "user", None) if delegate else None
    return user if user and user.is_active else None


def own() -> dict[str, str]:
    """What a focal point is led to, in place of a programme of their own."""
    return {"delegation": settings.BASE_URL + reverse("registrations:delegation")}


def send(name: str, user: User | None, context: Callable[[], dict[str, Any]]) -> None:
    """`context` is called in the language of the account. Templates get every name inert.

    Values are markup for the HTML; the text takes them through the filter `plain`.
    """
    if user is None:
        return
    write(
        name,
        to=user.email,
        language=user.language,
        context=lambda: {
            **context(),
            "name": _name(user),
            "my": settings.BASE_URL + reverse("registrations:my"),
        },
    )


def write(
    name: str,
    *,
    to: str,
    language: str,
    context: Callable[[], dict[str, Any]],
    headers: dict[str, str] | None = None,
) -> None:
    """To an address that may have no account."""
    with translation.override(language):
        values = context()
        subject, text, markup = (
            render_to_string(f"registrations/mail/{name}{ending}", values)
            for ending in ("_subject.txt", ".txt", ".html")
        )
        message = EmailMultiAlternatives(" ".join(subject.split()), text, to=[to], headers=headers)
        message.attach_alternative(markup, "text/html")
        message.send()
