"""Programmes made by hand, for what needs no database."""

from datetime import UTC, date, datetime

from programme import snapshot as nodes
from programme.releases import Published

ZONE = "Africa/Casablanca"
PALMERAIE = nodes.VenueNode(
    slug="palmeraie",
    name={"en": "Palmeraie Conference Center"},
    city={"en": "Marrakesh", "ar": "مراكش"},
    zone=ZONE,
    rooms=(
        nodes.RoomNode(uuid="r1", slug="oliveraie", name={"en": "Oliveraie"}),
        nodes.RoomNode(uuid="r2", slug="roseraie", name={"en": "Roseraie"}),
    ),
)
NEW_YORK = nodes.VenueNode(
    slug="new-york", name={"en": "German House"}, city={"en": "New York", "ar": "نيويورك"}, zone="America/New_York"
)


def at(hour, minute=0, day=6):
    """An instant on the clock of Marrakesh, one hour ahead of UTC in December 2018."""
    return datetime(2018, 12, day, hour - 1, minute, tzinfo=UTC)


def session(slug, **fields):
    """A plenary on Thursday 6 December, 10:00–12:30, in Oliveraie, unless told otherwise."""
    if fields.get("timing", "timed") == "timed":
        fields = {"timing": "timed", "starts_at": at(10), "ends_at": at(12, 30), **fields}
    return nodes.SessionNode(
        **{
            "uuid": slug,
            "kind": "plenary",
            "slug": slug,
            "title": {"en": slug.replace("-", " ").capitalize()},
            "venue": "palmeraie",
            "room": "oliveraie",
            "zone": ZONE,
            **fields,
        }
    )


def make_programme(*sessions, **fields):
    return nodes.Programme(
        **{
            "forum": nodes.ForumNode(
                slug="marrakesh-2018",
                acronym={"en": "GFMD"},
                name={"en": "Global Forum on Migration and Development"},
                edition={"en": "Eleventh Summit"},
                title={"en": "Eleventh GFMD"},
                overarching_theme={"en": "Honouring international commitments"},
                city={"en": "Marrakesh", "ar": "مراكش"},
                starts_on=date(2018, 12, 5),
                ends_on=date(2018, 12, 7),
                zone=ZONE,
            ),
            "venues": (PALMERAIE, NEW_YORK),
            "sessions": tuple(sorted(sessions, key=lambda session: session.sort_key)),
            **fields,
        }
    )


def make_release(programme, *, number=1, published_at=None, changes=()):
    return Published(
        forum_id=1,
        number=number,
        digest="",
        published_at=published_at or at(8, 41),
        note="",
        programme=programme,
        changes=changes,
    )
