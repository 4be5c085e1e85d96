"""What machines read of a release. Kept and answered from memory as the pages are."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from .. import dates, reading, times
from ..addresses import Shown, edition_text
from ..pages import release_page
from ..releases import Published
from ..snapshot import SessionNode
from . import calendar, frab
from .event import events, title
from .plain import clean, plain


def _calendar(request: HttpRequest, release: Published, sessions: Iterable[SessionNode], *parts: str) -> HttpResponse:
    found = events(release, sessions)
    if not found:
        raise Http404
    data = calendar.write(release, found, name=title(release, *parts), edition=edition_text(release))
    match = request.resolver_match
    assert match is not None
    name = "-".join(str(value) for value in (release.programme.forum.slug, *match.kwargs.values()) if value)
    return HttpResponse(
        data, content_type=calendar.TYPE, headers={"Content-Disposition": f'inline; filename="{name}.ics"'}
    )


@release_page()
def whole(request: HttpRequest, release: Published) -> HttpResponse:
    return _calendar(request, release, release.programme.listed)


@release_page()
def day(request: HttpRequest, release: Published, day: date) -> HttpResponse:
    return _calendar(request, release, release.programme.on(day), dates.capital(times.plain_day(day)))


@release_page()
def theme(request: HttpRequest, release: Published, number: int) -> HttpResponse:
    sessions = [session for session in release.programme.listed if session.theme == number]
    return _calendar(request, release, sessions, _("Theme %(number)s") % {"number": number})


@release_page()
def room(request: HttpRequest, release: Published, venue: str, room: str) -> HttpResponse:
    sessions = [session for session in release.programme.listed if (session.venue, session.room) == (venue, room)]
    name = plain(times.where(sessions[0], release.programme)) if sessions else ""
    return _calendar(request, release, sessions, name)


@release_page()
def session(request: HttpRequest, release: Published, slug: str) -> HttpResponse:
    node = release.programme.by_slug.get(slug)
    return _calendar(
        request, release, [node] if node and node.listed else [], plain(reading.full_name(node)) if node else ""
    )


@release_page()
def schedule_xml(request: HttpRequest, release: Published) -> HttpResponse:
    found = events(release, release.programme.listed)
    return HttpResponse(frab.xml(release, found), content_type=frab.XML_TYPE)


@release_page()
def schedule_json(request: HttpRequest, release: Published) -> HttpResponse:
    found = events(release, release.programme.listed)
    return HttpResponse(frab.as_json(release, found), content_type=frab.JSON_TYPE)


@release_page()
def history(request: HttpRequest, release: Published) -> HttpResponse:
    """Atom: an entry for each release, newest first."""
    programme, shown = release.programme, Shown(request, release)

    def address(name: str, **kwargs: Any) -> str:
        kwargs["forum"] = programme.forum.slug
        return settings.BASE_URL + reverse(f"programme:{name}", kwargs=kwargs)

    feed = Atom1Feed(
        title=title(release, _("Releases")),
        link=address("releases"),
        description="",
        language=reading.language(),
        feed_url=shown.canonical,
        feed_guid=address("releases"),
    )
    for edition in release.history:
        page = address("changes", number=edition.number)
        feed.add_item(
            title=_("Programme of %(when)s") % {"when": times.moment(edition.published_at, programme)},
            link=page,
            description=escape(clean(edition.note)),  # the feed says that it is HTML
            unique_id=page,
            updateddate=edition.published_at,
            pubdate=edition.published_at,
        )
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def in_english(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For addresses without a language, whatever the browser prefers."""

    @wraps(view)
    def english(*args: Any, **kwargs: Any) -> HttpResponse:
        with translation.override(settings.LANGUAGE_CODE):
            response = view(*args, **kwargs)
        response["Content-Language"] = settings.LANGUAGE_CODE
        return response

    return english
