"""schema.org (JSON-LD) of the forum and its sessions, for search engines. Persons are not named."""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .. import reading
from ..releases import Published
from ..slots import Slot
from ..snapshot import SessionNode, VenueNode
from .event import address, span
from .plain import plain, prose

# What would end the element that holds it, or begin a comment in it
ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


def of_forum(release: Published) -> SafeString:
    forum = release.programme.forum
    page = settings.BASE_URL + reverse("programme:home", kwargs={"forum": forum.slug})
    return _element(
        {
            "@type": "Event",
            "@id": page,
            "url": page,
            "name": plain(reading.said(forum.title)),
            "description": plain(reading.said(forum.overarching_theme)),
            "startDate": forum.starts_on.isoformat(),
            "endDate": forum.ends_on.isoformat(),
            "eventStatus": "https://schema.org/EventScheduled",
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "inLanguage": reading.language(),
            "location": {"@type": "Place", "name": plain(reading.said(forum.city))},
            "organizer": _organiser(release),
        }
    )


def of_session(release: Published, slot: Slot) -> SafeString:
    session = slot.session
    starts, ends = span(session)
    page = address(release, session)
    return _element(
        {
            "@type": "Event",
            "@id": page,
            "url": page,
            "identifier": session.uuid,
            "name": plain(reading.full_name(session)),
            **({"description": prose(reading.said(session.summary))} if session.summary else {}),
            "startDate": _moment(session, starts),
            "endDate": _moment(session, ends) if session.starts_at else (session.last_day or starts).isoformat(),
            "eventStatus": f"https://schema.org/Event{'Cancelled' if session.is_cancelled else 'Scheduled'}",
            "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
            "inLanguage": reading.language(),
            "location": _place(*release.programme.place(session)[:1]),
            "superEvent": settings.BASE_URL + reverse("programme:home", kwargs={"forum": release.programme.forum.slug}),
            "organizer": _organiser(release),
        }
    )


def _moment(session: SessionNode, value: datetime | date) -> str:
    return value.astimezone(ZoneInfo(session.zone)).isoformat() if isinstance(value, datetime) else value.isoformat()


def _place(venue: VenueNode | None) -> dict[str, Any]:
    if venue is None:
        return {"@type": "Place", "name": ""}
    return {
        "@type": "Place",
        "name": plain(reading.said(venue.name)),
        "address": {"@type": "PostalAddress", "addressLocality": plain(reading.said(venue.city))},
    }


def _organiser(release: Published) -> dict[str, str]:
    return {"@type": "Organization", "name": plain(reading.said(release.programme.forum.name))}


def _element(event: dict[str, Any]) -> SafeString:
    text = json.dumps({"@context": "https://schema.org", **event}, ensure_ascii=False).translate(ESCAPES)
    # Escaped as JSON: an entity would be read as it stands
    return format_html('<script type="application/ld+json">{}</script>', SafeString(text))
