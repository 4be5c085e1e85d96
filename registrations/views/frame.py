from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

from people.models import User
from programme import releases
from programme.addresses import Shown


class Request(HttpRequest):
    """What the middleware brings along; `user` where a sign-in is needed."""

    htmx: HtmxDetails
    user: User


def framed(request: Request, template: str, status: int = 200, **context: Any) -> HttpResponse:
    """A page of the reader's own, framed by the current release."""
    release = releases.current()
    shown = Shown(request, release) if release else None
    frame = {"shown": shown, "forum": shown.forum} if shown else {}
    return render(request, template, {**frame, **context}, status=status)
