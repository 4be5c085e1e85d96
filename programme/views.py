"""Pages that anyone reads. Each is a function of the release, the language and the address."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from schedule.models import stored_as
from themes.models import Section

from . import addresses, agenda, dates, happening, present, releases
from .changes import public_changes
from .commitments import matrix
from .pages import release_page
from .releases import Published
from .slots import slots
from .snapshot import SessionNode

PDF = "application/pdf"
ACCESSIBILITY_STATED = date(2026, 11, 25)


def page(request: HttpRequest, release: Published, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """The template with what every page of a release needs. Without context processors: nothing of
    the reader can get in."""
    shown = addresses.Shown(request, release)
    whole = {
        "request": request,
        "release": release,
        "programme": release.programme,
        "shown": shown,
        "forum": shown.forum,
        "query": request.GET.urlencode(),
        **context,
    }
    return HttpResponse(addresses.render(f"programme/{template}", whole), status=status)


def found(node: Any) -> Any:
    """The node, or "no such page"."""
    if node is None:
        raise Http404
    return node


@release_page(turns=True)
def home(request: HttpRequest, release: Published) -> HttpResponse:
    programme = release.programme
    days = [agenda.day_of(release, day, programme.on(day)) for day in programme.days]
    return page(
        request,
        release,
        "home.html",
        days=days,
        lines=present.change_lines(release.changes, release.programme),
        now=happening.now(release),
    )


@release_page(filters=("day", "kind", "theme", "room"), turns=True)
def programme(request: HttpRequest, release: Published) -> HttpResponse:
    """All days; during the summit today and those to come before those that are over."""
    now = happening.now(release)
    wanted = agenda.filters(release.programme, request.GET)
    status = 200 if wanted.is_known else 404
    days = agenda.agenda(release, wanted)
    if now:
        days.sort(key=lambda day: (day.day < now.today, day.day))
    return page(request, release, "programme.html", status=status, days=days, filters=wanted, now=now)


@release_page(filters=("kind", "theme", "room"), turns=True)
def day(request: HttpRequest, release: Published, day: Any) -> HttpResponse:
    if day not in release.programme.days:
        raise Http404
    wanted = agenda.filters(release.programme, {**request.GET.dict(), "day": day.isoformat()})
    status = 200 if wanted.is_known else 404
    days = agenda.agenda(release, wanted)
    return page(
        request, release, "day.html", status=status, day=day, days=days, filters=wanted, now=happening.now(release)
    )


@release_page()
def themes(request: HttpRequest, release: Published) -> HttpResponse:
    return page(request, release, "themes.html")


@release_page()
def theme(request: HttpRequest, release: Published, number: int) -> HttpResponse:
    theme = found(release.programme.theme(number))
    sessions = [session for session in release.programme.roundtables if session.theme == number]
    return page(
        request,
        release,
        "theme.html",
        theme=theme,
        slots=slots(release, sessions),
        commitments=present.commitments(release.programme, *theme.commitments),
        cited=present.cited(release.programme, theme.rationale),
    )


@release_page()
def roundtable(request: HttpRequest, release: Published, number: str) -> HttpResponse:
    node = found(release.programme.roundtable(number))
    return _session(request, release, node, "roundtable.html", theme=release.programme.theme(node.theme))


@release_page()
def session(request: HttpRequest, release: Published, slug: str) -> HttpResponse:
    node = found(release.programme.by_slug.get(slug))
    if not node.listed:
        raise Http404
    if node.number:
        return redirect(addresses.Shown(request, release).url("roundtable", number=node.number))
    whole = release.programme.by_uuid.get(node.parent)
    return _session(request, release, node, "session.html", whole=whole if whole and whole.listed else None)


def _session(
    request: HttpRequest, release: Published, node: SessionNode, template: str, **context: Any
) -> HttpResponse:
    prose = [node.summary, *(outcome.text for outcome in node.outcomes)]
    return page(
        request,
        release,
        template,
        slot=slots(release, [node])[0],
        roles=present.roles(node),
        commitments=present.commitments_of(release.programme, node),
        cited=present.cited(release.programme, *prose, session=node),
        **context,
    )


@release_page()
def paper(request: HttpRequest, release: Published, slug: str, uuid: UUID) -> HttpResponse:
    """The file of a background paper: one that the release names, to be kept and never to be run in the browser."""
    node = found(release.programme.by_slug.get(slug))
    paper = found(next((paper for paper in node.papers if node.listed and paper.uuid == str(uuid)), None))
    try:
        file = default_storage.open(stored_as(paper.digest))
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(file, as_attachment=True, filename=present.file_name(paper), content_type=PDF)
    response["Cache-Control"] = "no-cache"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response  # type: ignore[return-value]  # streamed, and so kept by nobody


@release_page()
def workshops(request: HttpRequest, release: Published) -> HttpResponse:
    return page(request, release, "workshops.html", groups=agenda.event_groups(release))


@release_page()
def commitments(request: HttpRequest, release: Published) -> HttpResponse:
    return page(request, release, "commitments.html", rows=matrix(release.programme))


@release_page()
def sections(request: HttpRequest, release: Published) -> HttpResponse:
    every = release.programme.sections
    paper = [section for section in every if section.kind == Section.Kind.PAPER]
    practical = [section for section in every if section.kind == Section.Kind.PRACTICAL]
    return page(request, release, "sections.html", paper=paper, practical=practical)


@release_page()
def section(request: HttpRequest, release: Published, slug: str) -> HttpResponse:
    every = release.programme.sections
    section = found(next((section for section in every if section.slug == slug), None))
    siblings = [other for other in every if other.kind == section.kind]
    place = siblings.index(section)
    return page(
        request,
        release,
        "section.html",
        section=section,
        before=siblings[place - 1] if place else None,
        after=siblings[place + 1] if place + 1 < len(siblings) else None,
        commitments=present.commitments(release.programme, *section.commitments),
        cited=present.cited(release.programme, section.body),
    )


@release_page()
def history(request: HttpRequest, release: Published) -> HttpResponse:
    """All releases in view. The draft has none of its own."""
    return page(request, release, "releases.html")


@release_page()
def changes(request: HttpRequest, release: Published, number: int) -> HttpResponse:
    """What release `number` changed for readers, against the one before it."""
    new, old = found(releases.with_the_one_before(release, number))
    lines = []
    if old:
        found_changes = public_changes(old.programme, new.programme, new.published_at)
        lines = present.change_lines(found_changes, new.programme)
    return page(request, release, "changes.html", new=new, old=old, lines=lines)


@login_not_required
def now(request: HttpRequest, forum: str = "") -> HttpResponse:
    """What an open page asks for again and again: 204 while it reads as the page has it already."""
    release = releases.current(forum)
    if release is None or request.GET.get("seen") == release.reading:
        response = HttpResponse(status=204)
    else:
        response = page(request, release, "_now.html", now=happening.now(release))
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    """The statement for the whole portal, which no release changes."""
    stated = dates.day(ACCESSIBILITY_STATED, get_language() or "en", weekday=False, year=True)
    return render(request, "programme/accessibility.html", {"stated": stated})
