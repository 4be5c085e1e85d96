"""The search page. Any question may be asked, so that its answers are kept by nobody."""

import logging
from dataclasses import dataclass

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from .. import pages, present, reading, releases, times
from ..addresses import Shown
from ..feeds.plain import clean
from ..releases import Published
from ..snapshot import CommitmentNode, RoomNode, SectionNode, SessionNode, ThemeNode
from ..views import page
from .finding import Findings, Hit, find
from .things import Kind
from .words import PRIVATE

log = logging.getLogger(__name__)

HEADINGS = {
    Kind.ROUNDTABLE: gettext_lazy("Roundtables"),
    Kind.SESSION: gettext_lazy("Other sessions"),
    Kind.QUESTION: gettext_lazy("Questions and expected outcomes"),
    Kind.THEME: gettext_lazy("Themes and the concept paper"),
    Kind.ROOM: gettext_lazy("Rooms"),
    Kind.COMMITMENT: gettext_lazy("Commitments"),
}


@dataclass(frozen=True)
class Line:
    """A hit as it is read: where it leads, what it is called, when and where it is held."""

    address: str
    name: SafeString
    text: SafeString
    facts: tuple[SafeString, ...] = ()


@require_safe
@login_not_required
def search(request: HttpRequest, forum: str = "") -> HttpResponse:
    release = releases.current(forum)
    if release is None:
        return pages.nothing_published(request, forum)
    request.GET = pages.known(request.GET, ("q",))  # type: ignore[assignment]
    question = PRIVATE.sub("", clean(request.GET.get("q", "")))
    status, found = 200, Findings()
    try:
        found = find(release, question)
    except Error as error:
        log.warning("Nothing can be searched: %s", error)
        status = 503
    shown = Shown(request, release)
    groups = [(HEADINGS[kind], [_line(hit, release, shown) for hit in hits]) for kind, hits in found.groups]
    template = "_found.html" if request.headers.get("HX-Target") == "found" else "search.html"
    response = page(
        request, release, template, status=status, question=question, found=found, groups=groups, away=status == 503
    )
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _line(hit: Hit, release: Published, shown: Shown) -> Line:
    thing, node = hit.thing, hit.thing.node
    match node:
        case SessionNode():
            facts = (times.when(node, release.programme), times.where(node, release.programme))
            name = reading.titled(node, hit.title or reading.say(node.title))
            return Line(shown.session_url(node), name, hit.text, facts)
        case ThemeNode():
            return Line(shown.url("theme", number=node.number), hit.title or reading.say(node.title), hit.text)
        case SectionNode():
            return Line(shown.url("section", slug=node.slug), hit.title or reading.say(node.heading), hit.text)
        case CommitmentNode():
            name = hit.title or reading.say(node.name)
            if node.number:
                name = reading.listed([present.place_of(node), name])
            return Line(f"{shown.url('commitments')}#{node.key}", name, hit.text)
        case RoomNode():
            return Line(f"{shown.url('programme')}?room={node.slug}", hit.title or reading.say(node.name), hit.text)
    assert thing.session
    part, place = (
        (_("Question %(number)s") % {"number": thing.number}, f"q{thing.number}")
        if thing.kind is Kind.QUESTION
        else (_("Expected outcomes"), f"o{thing.number}")
    )
    return Line(
        f"{shown.session_url(thing.session)}#{place}", reading.listed([reading.name(thing.session), part]), hit.text
    )
