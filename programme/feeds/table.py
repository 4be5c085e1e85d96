"""Commitments as a table for spreadsheets: a line for each thing that serves one."""

import csv
import io
from collections.abc import Iterator

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from people.spreadsheets import guard
from themes.models import Commitment

from .. import reading
from ..addresses import Shown
from ..commitments import Row, Serving, matrix
from ..pages import release_page
from ..releases import Published
from .plain import clean

HEADINGS = (
    "key", "instrument", "kind", "number", "name", "official_wording", "served_by", "theme", "roundtable", "question",
    "title", "address",
)  # fmt: skip


@release_page()
def commitments(request: HttpRequest, release: Published) -> HttpResponse:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    shown = Shown(request, release)
    shown.in_forum = release.programme.forum.slug  # tables are kept for longer than a forum is the current one
    for row in matrix(release.programme):
        for serving in row.servings:
            writer.writerow([guard(clean(cell)) for cell in _cells(row, serving, shown)])
    name = f"{release.programme.forum.slug}-commitments.csv"
    return HttpResponse(
        "\ufeff" + out.getvalue(),  # without the mark, spreadsheet programs take it for another encoding
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _cells(row: Row, serving: Serving, shown: Shown) -> Iterator[str]:
    node, session, theme, section = row.node, serving.session, serving.theme, serving.section
    yield from (node.key, node.instrument, str(Commitment.Kind(node.kind)), node.number)
    yield from (reading.said(node.name), node.official.get(reading.language(), ""))
    if theme:
        yield from ("theme", str(theme.number), "", "", reading.said(theme.title))
    elif session:
        kind = "question" if serving.question else session.kind
        yield from (kind, str(session.theme or ""), session.number, str(serving.question or ""))
        yield reading.said(session.title)
    elif section:
        yield from ("section", "", "", "", reading.said(section.heading))
    yield settings.BASE_URL + shown.serving_url(serving)
