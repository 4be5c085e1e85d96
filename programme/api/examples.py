"""Answers to show in the document of the interface: those of a small programme, made as all are."""

from datetime import UTC, date, datetime
from typing import Any

from msgspec.structs import replace

from .. import snapshot as nodes
from ..changes import public_changes
from ..releases import Edition, Published
from . import fill, shapes

ZONE = "Africa/Casablanca"
MOROCCO = nodes.PartyNode(code="MAR", kind="state", name={"en": "Morocco", "fr": "Maroc"})
SESSION = nodes.SessionNode(
    uuid="a163c794-f0a2-4085-bd4c-0ada610cecfa",
    kind="roundtable",
    slug="roundtable-2-2",
    number="2.2",
    theme=2,
    title={"en": "Regional mobility", "fr": "La mobilité régionale"},
    venue="palmeraie",
    room="oliveraie",
    zone=ZONE,
    timing="timed",
    starts_at=datetime(2018, 12, 6, 14, tzinfo=UTC),
    ends_at=datetime(2018, 12, 6, 16, 30, tzinfo=UTC),
    to_confirm=("hours",),
    interpretation=("en", "fr"),
    roles=(nodes.RoleNode(kind="co_chair", party=MOROCCO),),
    commitments=("SDG10.7",),
    outcomes=(nodes.ParagraphNode(uuid="5d0c2dd6-5c43-4b94-a2b4-7a2ef1d7cd3c", text={"en": "Practices are shared."}),),
    questions=(
        nodes.QuestionNode(
            uuid="0f7f8c4e-1a2f-4b0b-8f0e-9b3c5f2f8a11",
            text={"en": "Which agreements have worked?[^compact]"},
            commitments=("SDG10.7",),
        ),
    ),
)
PROGRAMME = nodes.Programme(
    forum=nodes.ForumNode(
        slug="marrakesh-2018",
        acronym={"en": "GFMD"},
        name={"en": "Global Forum on Migration and Development"},
        edition={"en": "Eleventh Summit"},
        title={"en": "Eleventh Global Forum on Migration and Development"},
        overarching_theme={"en": "Honouring international commitments"},
        city={"en": "Marrakesh", "ar": "مراكش"},
        starts_on=date(2018, 12, 5),
        ends_on=date(2018, 12, 7),
        zone=ZONE,
        co_chairs=(MOROCCO,),
    ),
    venues=(
        nodes.VenueNode(
            slug="palmeraie",
            name={"en": "Palmeraie Conference Center"},
            city={"en": "Marrakesh", "ar": "مراكش"},
            zone=ZONE,
            rooms=(
                nodes.RoomNode(
                    uuid="2aa5c462-5679-4b49-aa0a-7dc8aa85754f",
                    slug="oliveraie",
                    name={"en": "Oliveraie"},
                    capacity=120,
                    capacity_confirmed=True,
                ),
            ),
        ),
    ),
    themes=(
        nodes.ThemeNode(
            uuid="bb33deb8-cbae-446c-9958-c136e7816ef8",
            number=2,
            title={"en": "Regional mobility"},
            rationale={"en": "Most people who move stay in their region."},
        ),
    ),
    sessions=(SESSION,),
    references=(
        nodes.ReferenceNode(
            uuid="1d9f1f7a-90a7-4e0e-8a4f-0f3c8f6f2c55",
            key="compact",
            number=1,
            text={"en": "Global Compact for Migration, 2018."},
            urls=("https://www.un.org/en/",),
        ),
    ),
    commitments=(
        nodes.CommitmentNode(
            key="SDG10.7", kind="target", instrument="SDG", number="10.7", name={"en": "Orderly, safe migration"}
        ),
    ),
)
SECOND, FIRST = datetime(2018, 12, 6, 7, 41, tzinfo=UTC), datetime(2018, 11, 5, 9, tzinfo=UTC)
SHOWN = Published(
    forum_id=1,
    number=2,
    digest="",
    published_at=SECOND,
    note="New hours in the afternoon",
    programme=PROGRAMME,
    history=(Edition(2, SECOND, "New hours in the afternoon"), Edition(1, FIRST, "First")),
)


def answers() -> dict[str, Any]:
    """By the name of the question."""
    session, theme = fill.session(SHOWN, SESSION), fill.theme(SHOWN, PROGRAMME.themes[0])
    release = fill.release(SHOWN, SHOWN.history[0])
    made = {
        "forums": shapes.Forums(items=[fill.forum(SHOWN)]),
        "forum": fill.forum(SHOWN),
        "releases": shapes.Releases(**_page(release)),
        "release": release,
        "changes": _changes(),
        "sessions": shapes.Sessions(**_page(session)),
        "session": shapes.OneSession(release=2, session=session),
        "roundtables": shapes.Sessions(**_page(session)),
        "themes": shapes.Themes(**_page(theme)),
        "theme": shapes.OneTheme(release=2, theme=theme),
        "rooms": shapes.Rooms(**_page(*fill.rooms(PROGRAMME))),
        "commitments": shapes.Commitments(**_page(*fill.commitments(PROGRAMME))),
        "references": shapes.References(**_page(*fill.references(PROGRAMME))),
    }
    return {name: answer.model_dump(mode="json") for name, answer in made.items()}


def _page(*items: Any) -> dict[str, Any]:
    found = list(items)
    return {"release": 2, "count": len(found), "page": 1, "pages": 1, "next": None, "previous": None, "items": found}


def _changes() -> shapes.Changes:
    earlier = replace(SESSION, starts_at=datetime(2018, 12, 6, 13, tzinfo=UTC))
    old = replace(PROGRAMME, sessions=(earlier,))
    found = [fill.change(one, old, PROGRAMME) for one in public_changes(old, PROGRAMME, SECOND)]
    return shapes.Changes(release=2, since=1, published_at=SECOND, changes=found)
