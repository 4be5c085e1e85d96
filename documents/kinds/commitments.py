"""Which themes, roundtables, questions and other sessions serve which commitments, as a table."""

from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme import commitments
from programme.releases import Published
from programme.snapshot import Programme
from themes.models import Commitment

from . import words
from .base import Bound, Kind, Marks, Subject, series
from .extracts import Extract, ForumExtract, Wording, forum_extract, wording


class ServingExtract(Extract, frozen=True, kw_only=True):
    """A theme as a whole (`theme` alone), a roundtable or one of its questions, or another session or section."""

    theme: int | None = None
    roundtable: str = ""
    question: int = 0
    title: Wording | None = None


class CommitmentExtract(Extract, frozen=True, kw_only=True):
    """`unofficial`: its name is ours, because the official wording is not there in the language of the print."""

    key: str
    kind: str
    number: str
    name: Wording
    unofficial: bool = False
    servings: tuple[ServingExtract, ...] = ()


class MatrixExtract(Extract, frozen=True, kw_only=True):
    forum: ForumExtract
    themes: tuple[int, ...]
    rows: tuple[CommitmentExtract, ...]


@dataclass(frozen=True)
class Line:
    """A row as it is set: a cell for each theme, then what is elsewhere. Instruments have no `place`."""

    place: str
    name: str
    language: str
    unofficial: bool
    cells: list[list[SafeString]]


class CommitmentsMatrix(Kind[MatrixExtract]):
    name = "commitments"
    label = gettext_lazy("Commitments matrix")
    template = "documents/print/commitments.html"
    reads = MatrixExtract
    styles = ("commitments",)

    @property
    def missing(self) -> str:
        return _("No commitment is named in the programme.")

    def subjects(self, programme: Programme) -> list[Subject]:
        return [Subject("", _("All commitments"))] if commitments.matrix(programme) else []

    def extract(self, published: Published, subject: str, language: str) -> MatrixExtract | None:
        programme = published.programme
        rows = commitments.matrix(programme)
        if subject or not rows:
            return None
        return MatrixExtract(
            forum=forum_extract(programme, language),
            themes=tuple(theme.number for theme in programme.themes),
            rows=tuple(_row(row, language) for row in rows),
        )

    def title(self, extract: MatrixExtract) -> str:
        return _("Commitments and what serves them")

    def symbol(self, extract: MatrixExtract) -> str:
        return series(extract.forum.acronym, extract.forum.starts_on, "CM/1")

    def filename(self, subject: str, extract: MatrixExtract) -> str:
        return "commitments"

    def context(self, extract: MatrixExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        return {
            "print": marks,
            "themes": extract.themes,
            "rows": [_line(row, extract.themes) for row in extract.rows],
        }

    def changes(self, old: MatrixExtract, new: MatrixExtract) -> list[str]:
        before, after = ({row.key: row for row in extract.rows} for extract in (old, new))
        found = [row for key, row in after.items() if before.get(key) != row]
        found += [row for key, row in before.items() if key not in after]
        return [words.listed(filter(None, [_place(row), row.name.text])) for row in found]


def _row(row: commitments.Row, language: str) -> CommitmentExtract:
    node = row.node
    return CommitmentExtract(
        key=node.key,
        kind="" if row.is_instrument else node.kind,
        number=node.number,
        name=wording(node.name, language),
        unofficial=bool(node.official) and language not in node.official,
        servings=tuple(_serving(one, language) for one in row.servings),
    )


def _serving(one: commitments.Serving, language: str) -> ServingExtract:
    if one.theme:
        return ServingExtract(theme=one.theme.number)
    if one.section:
        return ServingExtract(title=wording(one.section.heading, language))
    assert one.session
    if one.session.number:
        return ServingExtract(theme=one.session.theme, roundtable=one.session.number, question=one.question)
    return ServingExtract(theme=one.session.theme, title=wording(one.session.title, language))


def _line(row: CommitmentExtract, themes: tuple[int, ...]) -> Line:
    by_theme = [[_said(one) for one in row.servings if one.theme == number] for number in themes]
    # A session and the section of the paper about it often bear one name
    elsewhere = list(dict.fromkeys(_said(one) for one in row.servings if one.theme not in themes))
    return Line(_place(row), row.name.text, row.name.language, row.unofficial, [*by_theme, elsewhere])


def _place(row: CommitmentExtract) -> str:
    """“Target 10.7”."""
    return f"{Commitment.Kind(row.kind).label} \u2066{row.number}\u2069" if row.kind and row.number else ""


def _said(one: ServingExtract) -> SafeString:
    if one.title:
        return words.marked(one.title.text, one.title.language)
    if not one.roundtable:
        return format_html("{}", _("The whole theme"))
    number = format_html('<bdi dir="ltr">{}</bdi>', one.roundtable)
    if not one.question:
        return number
    return format_html(_("{roundtable}, question {number}"), roundtable=number, number=one.question)
