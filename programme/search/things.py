"""What of a release can be found, and where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from ..commitments import matrix
from ..snapshot import (
    CommitmentNode,
    ParagraphNode,
    Programme,
    QuestionNode,
    RoomNode,
    SectionNode,
    SessionNode,
    ThemeNode,
    VenueNode,
)


class Kind(StrEnum):
    ROUNDTABLE = "roundtable"
    SESSION = "session"
    QUESTION = "question"
    OUTCOME = "outcome"
    THEME = "theme"
    SECTION = "section"
    ROOM = "room"
    COMMITMENT = "commitment"


Found = SessionNode | QuestionNode | ParagraphNode | ThemeNode | SectionNode | RoomNode | CommitmentNode


@dataclass(frozen=True)
class Thing:
    """`number` counts the outcomes or the questions of `session`; `venue` is that of a room."""

    kind: Kind
    key: str
    node: Found
    session: SessionNode | None = None
    venue: VenueNode | None = None
    number: int = 0


def things(programme: Programme) -> Iterator[Thing]:
    """In the order in which a reader would come upon them; of what is internal nothing."""
    for theme in programme.themes:
        yield Thing(Kind.THEME, theme.uuid, theme)
    for session in programme.listed:
        kind = Kind.ROUNDTABLE if session.number else Kind.SESSION
        yield Thing(kind, session.uuid, session, session=session)
        for number, outcome in enumerate(session.outcomes, 1):
            yield Thing(Kind.OUTCOME, outcome.uuid, outcome, session=session, number=number)
        for number, question in enumerate(session.questions, 1):
            yield Thing(Kind.QUESTION, question.uuid, question, session=session, number=number)
    for section in programme.sections:
        yield Thing(Kind.SECTION, section.uuid, section)
    near = {(session.venue, session.room) for day in programme.days for session in programme.on(day)}
    for venue in programme.venues:
        for room in venue.rooms:
            if (venue.slug, room.slug) in near:
                yield Thing(Kind.ROOM, room.uuid, room, venue=venue)
    for row in matrix(programme):
        yield Thing(Kind.COMMITMENT, row.node.key, row.node)
