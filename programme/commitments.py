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
    numbers = [theme.number for theme in programme.themes]
    every = {node.key: Row(node, {number: [] for number in numbers}) for node in programme.commitments}
    for keys, serving in _servings(programme):
        for row in (every[key] for key in keys if key in every):
            _cell(row, serving).append(serving)
    wanted = {row.node.instrument for row in every.values() if row.servings}
    order = {key: place for place, key in enumerate(every)}
    rows = [row for row in every.values() if row.servings or (row.is_instrument and row.node.key in wanted)]
    return sorted(rows, key=lambda row: order.get(row.node.instrument, 0))


def _servings(programme: Programme) -> Iterator[tuple[tuple[str, ...], Serving]]:
    """With the keys of what each serves."""
    for theme in programme.themes:
        yield theme.commitments, Serving(theme=theme)
    for session in programme.listed:
        yield session.commitments, Serving(session=session)
        for number, question in enumerate(session.questions, 1):
            yield question.commitments, Serving(session=session, question=number)
    for section in programme.sections:
        yield section.commitments, Serving(section=section)


def _cell(row: Row, serving: Serving) -> list[Serving]:
    if serving.section:
        return row.sections
    number = serving.theme.number if serving.theme else serving.session.theme if serving.session else None
    return row.by_theme.get(number, row.sessions) if number else row.sessions
