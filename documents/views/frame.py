"""What all pages about prints share."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django_htmx.middleware import HtmxDetails

from people.models import User
from programme import releases
from programme.addresses import Shown

from .. import services
from ..models import Document


class Request(HttpRequest):
    """Of somebody signed in, with what the middlewares add."""

    user: User
    htmx: HtmxDetails


def framed(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the reader's own, framed by the current release."""
    published = releases.current()
    shown = Shown(request, published) if published else None
    frame = {"shown": shown, "forum": shown.forum} if shown else {}
    return render(request, template, {**frame, **context}, status=status)


def found(request: Request, uuid: UUID) -> Document:
    """Prints of others are answered like those that are not there: an address alone tells nothing."""
    return get_object_or_404(services.visible_to(request.user).light(), uuid=uuid)
