"""Which themes, roundtables, questions and other sessions serve which commitments, as far as the release says it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from .snapshot import CommitmentNode, Programme, SectionNode, SessionNode, ThemeNode


@dataclass(frozen=True)
class Serving:
    """What serves a commitment: a theme, a session (`question`: one of its questions only) or a section."""

    theme: ThemeNode | None = None
    session: SessionNode | None = None
    question: int = 0
    section: SectionNode | None = None


@dataclass(frozen=True)
class Row:
    """`by_theme` has the theme itself, its roundtables and their questions, by the number of the theme."""

    node: CommitmentNode
    by_theme: dict[int, list[Serving]]
    sessions: list[Serving] = field(default_factory=list)
    sections: list[Serving] = field(default_factory=list)

    @property
    def is_instrument(self) -> bool:
        return self.node.key == self.node.instrument

    @property
    def servings(self) -> list[Serving]:
        return [serving for cell in (*self.by_theme.values(), self.sessions, self.sections) for serving in cell]


def matrix(programme: Programme) -> list[Row]:
    """Each instrument that is served, itself or in one of its places, and those places behind it."""
    every = [_row(programme, node) for node in programme.commitments]
    wanted = {row.node.instrument for row in every if row.servings}
    order = [row.node.key for row in every]
    rows = [row for row in every if row.servings or (row.is_instrument and row.node.key in wanted)]
    return sorted(rows, key=lambda row: order.index(row.node.instrument) if row.node.instrument in order else 0)


def _row(programme: Programme, node: CommitmentNode) -> Row:
    key = node.key
    row = Row(node, {theme.number: [] for theme in programme.themes})
    for theme in programme.themes:
        if key in theme.commitments:
            row.by_theme[theme.number].append(Serving(theme=theme))
    for session in programme.listed:
        cell = row.by_theme.get(session.theme, row.sessions) if session.theme else row.sessions
        cell += _of_session(session, key)
    row.sections.extend(Serving(section=section) for section in programme.sections if key in section.commitments)
    return row


def _of_session(session: SessionNode, key: str) -> Iterator[Serving]:
    if key in session.commitments:
        yield Serving(session=session)
    for number, question in enumerate(session.questions, 1):
        if key in question.commitments:
            yield Serving(session=session, question=number)
