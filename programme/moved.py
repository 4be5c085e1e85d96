"""Addresses stay: each that a release once had leads to what it named, at the address that this has now."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db import Error
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import reverse

from . import releases
from .models import ForumAddress, NodeAddress, Release
from .releases import Published
from .snapshot import Programme


class Kind(StrEnum):
    SESSION = "session"
    ROUNDTABLE = "roundtable"
    THEME = "theme"
    SECTION = "section"
    ROOM = "room"
    SCREEN = "screen"


# Names of addresses, in pages and for machines: what they lead to, and by which of their parts
BY = {
    "session": (Kind.SESSION, ("slug",)),
    "paper": (Kind.SESSION, ("slug",)),
    "calendar-session": (Kind.SESSION, ("slug",)),
    "roundtable": (Kind.ROUNDTABLE, ("number",)),
    "section": (Kind.SECTION, ("slug",)),
    "theme": (Kind.THEME, ("number",)),
    "calendar-theme": (Kind.THEME, ("number",)),
    "calendar-room": (Kind.ROOM, ("venue", "room")),
    "room-now-at": (Kind.ROOM, ("venue", "room")),
    "room-now": (Kind.SCREEN, ("room",)),
}


@dataclass(frozen=True)
class Place:
    """What stands where, in one release."""

    kind: Kind
    uuid: str
    parts: dict[str, Any]

    @property
    def address(self) -> str:
        return _joined(self.parts)


def _joined(parts: dict[str, Any]) -> str:
    return "/".join(map(str, parts.values()))


def places(programme: Programme) -> Iterator[Place]:
    for session in programme.listed:
        yield Place(Kind.SESSION, session.uuid, {"slug": session.slug})
        if session.number:
            yield Place(Kind.ROUNDTABLE, session.uuid, {"number": session.number})
    for theme in programme.themes:
        yield Place(Kind.THEME, theme.uuid, {"number": theme.number})
    for section in programme.sections:
        yield Place(Kind.SECTION, section.uuid, {"slug": section.slug})
    for venue in programme.venues:
        for room in venue.rooms:
            yield Place(Kind.ROOM, room.uuid, {"venue": venue.slug, "room": room.slug})
    rooms = [room for venue in programme.venues for room in venue.rooms]
    slugs = Counter(room.slug for room in rooms)
    for room in rooms:
        if slugs[room.slug] == 1:  # another of that name in another house: the address names the house, too
            yield Place(Kind.SCREEN, room.uuid, {"room": room.slug})


def keep(*, release: Release, programme: Programme) -> None:
    """Write down all addresses of the release; one that led to something else leads here from now on."""
    ForumAddress.objects.bulk_create(
        [ForumAddress(slug=programme.forum.slug, forum_id=release.forum_id)],
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=["forum"],
    )
    found = {(place.kind, place.address): place.uuid for place in places(programme)}
    NodeAddress.objects.bulk_create(
        [
            NodeAddress(forum_id=release.forum_id, kind=kind, address=address, uuid=uuid)
            for (kind, address), uuid in found.items()
        ],
        update_conflicts=True,
        unique_fields=["forum", "kind", "address"],
        update_fields=["uuid"],
    )


def forum_moved(request: HttpRequest, release: Published, forum: str) -> HttpResponse | None:
    """To the forum’s own address, when it was asked for by one of before. One that the tables have already and no
    release yet is left as it is."""
    slug = release.programme.forum.slug
    if forum in ("", slug) or releases.exists(forum):
        return None
    return _to(request, {"forum": slug})


def node_moved(request: HttpRequest, release: Published) -> HttpResponse | None:
    """To where that is now which once stood at this address, if it is still there."""
    match = request.resolver_match
    assert match is not None
    if match.url_name not in BY:
        return None
    kind, names = BY[match.url_name]
    address = _joined({name: match.kwargs[name] for name in names})
    try:
        row = NodeAddress.objects.filter(forum=release.forum_id, kind=kind, address=address).first()
    except Error:  # without the database what is not there is not there
        return None
    for place in places(release.programme):
        if row and (place.kind, place.uuid) == (kind, str(row.uuid)) and place.address != address:
            return _to(request, place.parts)
    return None


def _to(request: HttpRequest, parts: dict[str, Any]) -> HttpResponse:
    match = request.resolver_match
    assert match is not None
    address = reverse(match.view_name, kwargs={**match.kwargs, **parts})
    query = request.GET.urlencode()
    response = HttpResponsePermanentRedirect(f"{address}?{query}" if query else address)
    response["Cache-Control"] = "no-cache"  # it may be given back its former address
    return response
