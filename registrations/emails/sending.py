"""How a mail is written: in the language of the account, in the caller's transaction."""

import re
from collections.abc import Callable, Hashable
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.html import escape

from people.mail import queue
from people.models import User

from ..models import Delegate

HIDDEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
NAME = "\ue000"  # where that of the reader goes in a letter that many get; for private use, so that no text has it
MOST_LETTERS = 256
_letters: dict[tuple[Hashable, ...], tuple[str, str, str]] = {}
LINK_SIGNS = re.compile(r"([.:/@])(?=\S)")


def inert(name: object) -> str:
    """A name that no mail program turns into a link: one line, and a word joiner where an address would bend."""
    return LINK_SIGNS.sub("\\1\u2060", " ".join(HIDDEN.sub(" ", str(name)).split()))


def _name(user: User) -> str:
    person = user.person
    return inert((user.language == "ar" and person.arabic_name) or person) if person else ""


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
    if user:
        write(
            name, to=user.email, language=user.language, context=lambda: {**context(), "name": _name(user), "my": _my()}
        )


def send_alike(
    name: str, user: User | None, facts: tuple[Hashable, ...], context: Callable[[], dict[str, str]]
) -> None:
    """The same for a letter that many get. `facts` decide what `context` says: it is asked once for the same ones."""
    if user is None:
        return
    addressee = _name(user)
    letter = name, user.language, bool(addressee), facts
    if (said := _letters.get(letter)) is None:
        with translation.override(user.language):
            said = _rendered(name, {**context(), "name": NAME if addressee else "", "my": _my()})
        if len(_letters) >= MOST_LETTERS:
            _letters.clear()
        _letters[letter] = said
    subject, text, markup = said
    queue(
        to=[user.email],
        subject=subject,
        text=text.replace(NAME, addressee),
        markup=markup.replace(NAME, escape(addressee)),
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
        subject, text, markup = _rendered(name, context())
        queue(to=[to], subject=subject, text=text, markup=markup, headers=headers)


def _rendered(name: str, values: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML in the language of the moment."""
    subject, text, markup = (
        render_to_string(f"registrations/mail/{name}{ending}", values) for ending in ("_subject.txt", ".txt", ".html")
    )
    return " ".join(subject.split()), text, markup


def _my() -> str:
    return settings.BASE_URL + reverse("registrations:my")
