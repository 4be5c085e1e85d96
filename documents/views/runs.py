"""Print runs, for staff: what came of one, its files, and what in it is no longer so."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from programme import releases
from schedule.models import Forum

from .. import run_standing, runs, services
from ..forms import RunForm
from ..kinds import words
from ..models import PrintRun, PrintRunPart
from ..progress import Progress, progress_of_run
from ..services import DocumentError
from ..subjects import delegations_of
from .frame import Request, framed


def _run(request: Request, uuid: UUID) -> PrintRun:
    """To those who are not staff it is not there."""
    if not services.is_staff(request.user):
        raise Http404
    return get_object_or_404(PrintRun.objects.select_related("forum", "supplement_of"), uuid=uuid)


def _part(request: Request, uuid: UUID, number: int) -> PrintRunPart:
    run = _run(request, uuid)
    return get_object_or_404(PrintRunPart.objects.select_related("run"), run=run, number=number)


PER_PAGE = 25


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def run_list(request: Request) -> HttpResponse:
    """Ask for a run, and those that there are, newest first. What has changed in each asks for itself."""
    if not services.is_staff(request.user):
        raise Http404
    published = releases.current()
    delegations = delegations_of(published.forum_id) if published else []
    form = RunForm(request.POST or None, kinds=services.kinds_for(request.user), delegations=delegations)
    if form.is_valid():
        said = form.cleaned_data
        try:
            return redirect(
                runs.make_run(
                    kind=said["kind"],
                    categories=said["category"],
                    delegations=said["delegation"],
                    language=said["language"],
                    ink=said["ink"],
                    duplex=said["duplex"],
                    separators=said["separators"],
                    by=request.user,
                )
            )
        except DocumentError as error:
            form.add_error(None, str(error))
    found = PrintRun.objects.filter(forum__is_current=True).select_related("forum")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    lines = [(run, run_standing.title_of(run)) for run in page]
    return framed(request, "documents/runs.html", {"form": form, "page": page, "lines": lines})


@never_cache
@require_GET
def run_line(request: Request, uuid: UUID) -> HttpResponse:
    """How far a run is, then what of it is no longer so, in one line: a fragment of the lists of runs."""
    found = _run(request, uuid)
    if not request.htmx:
        return redirect(found)
    if moving := _progress(found):
        return framed(request, "documents/_run_line.html", {"run": found, "progress": moving})
    return framed(request, "documents/_run_line.html", {"run": found, "standing": run_standing.standing_of_run(found)})


def _progress(run: PrintRun) -> Progress | None:
    """None once all its files are made."""
    return progress_of_run(run) if run.parts.moving().exists() else None


@never_cache
@require_GET
def run(request: Request, uuid: UUID) -> HttpResponse:
    """A run. To htmx its files alone, which ask again while one is being made."""
    found = _run(request, uuid)
    context = {"run": found, "files": run_standing.files_of(found), "progress": _progress(found)}
    if request.htmx:
        return framed(request, "documents/_run_files.html", context)
    shown = {
        "title": run_standing.title_of(found),
        "standing": run_standing.standing_of_run(found),
        "supplements": [(supplement, _made_on(supplement, found.forum)) for supplement in found.supplements.all()],
    }
    return framed(request, "documents/run.html", {**context, **shown})


def _made_on(run: PrintRun, forum: Forum) -> str:
    return words.moment(run.created_at, forum.time_zone, forum.starts_on.year)


@never_cache
@require_POST
def run_supplement(request: Request, uuid: UUID) -> HttpResponse:
    found = _run(request, uuid)
    try:
        return redirect(runs.make_supplement(run=found, by=request.user))
    except DocumentError as error:
        messages.warning(request, str(error))
        return redirect(found)


@never_cache
@require_GET
def run_file(request: Request, uuid: UUID, number: int) -> FileResponse:
    """A file of the run; with `sheet` from that sheet of it on."""
    part = _part(request, uuid, number)
    if part.state != PrintRunPart.State.READY:
        raise Http404
    typed = request.GET.get("sheet", "")
    sheet = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    content = run_standing.from_sheet(part, sheet)
    if content is None:
        raise Http404
    name = f"{part.run.kind.replace('_', '-')}s-{part.run.created_at:%Y-%m-%d}-{number}"
    name += f"-from-{sheet}.pdf" if sheet > 1 else ".pdf"
    response = FileResponse(content, as_attachment=True, filename=name, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@require_POST
def run_file_again(request: Request, uuid: UUID, number: int) -> HttpResponse:
    part = _part(request, uuid, number)
    runs.again(part=part)
    messages.info(request, _("The file is being made again."))
    return redirect(part.run)
