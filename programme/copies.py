"""When a copy of a page was taken, as the page words it: for browsers that keep it for the hours without a network."""

from datetime import datetime
from functools import lru_cache
from urllib.parse import quote
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from people.reader import named

from . import dates, reading
from .releases import Published


def dated(response: HttpResponse, release: Published, language: str) -> HttpResponse:
    """The page, marked as one that a browser may keep."""
    forum = release.programme.forum
    now = timezone.now()
    response["Release"] = release.version
    response["As-Of"] = as_of(now.replace(second=0, microsecond=0), forum.zone, forum.starts_on.year, language)
    return response


def of_reader(response: HttpResponse, request: HttpRequest, release: Published | None) -> HttpResponse:
    """A page of the reader’s own that their browser keeps until they sign out."""
    return dated(named(response, request), release, reading.language()) if release else response


@lru_cache(maxsize=64)
def as_of(minute: datetime, zone: str, year: int, language: str) -> str:
    """“2018-12-06T08:25+01:00 6%20December%2C%2008%3A25”: for the worker, and in the words of the reader."""
    local = minute.astimezone(ZoneInfo(zone))
    words = dates.moment(local, language, year=local.year != year)
    return f"{local.isoformat(timespec='minutes')} {quote(words)}"
