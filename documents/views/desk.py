"""The print desk: what the day needs, the list of prints, and what is done to many."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from programme import releases
from programme.releases import Published

from .. import services
from ..archive import check_size, zipped
from ..asking import Asked, again, request_documents
from ..forms import MORNING, SearchForm
from ..kinds import KINDS, words
from ..models import Document, DocumentQuerySet, PrintRun
from ..needs import Needs, day_to_prepare, from_day, needs_of, wanted_on
from ..progress import progress
from ..run_standing import title_of
from ..searching import found_by
from ..services import DocumentError
from ..standing import out_of_date, standings
from ..subjects import uuids
from .frame import Request, framed
from .own import own_prints

PER_PAGE = 25
RUNS = 5
NAMED = 5  # of those that cannot be made


@never_cache
@require_safe
def documents(request: Request) -> HttpResponse:
    """For staff the desk; for others what they can have, and what they have."""
    published = releases.current()
    found, form = _found(request, published)
    page = Paginator(found.light().order_by("-queued_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    is_staff, is_searched = services.is_staff(request.user), any(request.GET.get(name) for name in form.fields)
    context = {
        "page": page,
        "standings": standings(page),
        "form": form,
        "is_searched": is_searched,
        "is_staff": is_staff,
        "progress": progress(services.visible_to(request.user)),
        "query": request.GET.urlencode(),
        "morning": datetime.combine(today_of(published), MORNING),
    }
    if is_staff and not is_searched:
        context |= _of_the_day(request, published)
        context["runs"] = [(run, title_of(run)) for run in _newest_runs(published)]
    elif not is_staff:
        context["holders"] = own_prints(request.user, published)
    return framed(request, "documents/desk.html" if is_staff else "documents/own.html", context)


def _newest_runs(published: Published | None) -> QuerySet[PrintRun]:
    """Those that may still lie about."""
    found = PrintRun.objects.filter(forum=published.forum_id) if published else PrintRun.objects.none()
    return found.select_related("forum")[:RUNS]


@never_cache
@require_GET
def queue(request: Request) -> HttpResponse:
    """How far the queue is: a line of the desk that asks for itself again."""
    now = progress(services.visible_to(request.user))
    return framed(request, "documents/_progress.html", {"progress": now})


@never_cache
@require_GET
def archive(request: Request) -> HttpResponse | StreamingHttpResponse:
    """The prints that were ticked, or all that the list shows, as one ZIP; only those that hold."""
    chosen = request.GET.getlist("print")
    if chosen:
        found = services.visible_to(request.user).filter(uuid__in=uuids(chosen))
    else:
        found, _form = _found(request, releases.current())
    ready = found.ready().exclude(pk__in=out_of_date(found.ready().light()))
    try:
        check_size(ready)
    except DocumentError as error:
        messages.warning(request, str(error))
        return redirect("documents:list")
    rows = ready.select_related("forum").order_by("kind", "subject", "language", "pk")
    answer = StreamingHttpResponse(zipped(rows.iterator(chunk_size=20)), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="prints-{timezone.now():%Y-%m-%d-%H%M}.zip"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@never_cache
@require_POST
def rebuild(request: Request) -> HttpResponse:
    """Ask anew for all that is out of date, of what a day needs or of what the list shows."""
    published = releases.current()
    if "day" in request.GET and published:
        first = _day(request, published)
        stale = needs_of(published, from_day(published.programme, first)).stale if first else []
        rows = [standing.document for standing in stale if services.is_staff(request.user)]
    else:
        found, _form = _found(request, published)
        rows = list(Document.objects.filter(pk__in=out_of_date(found.ready().light())).light())
    tell(request, again(documents=rows, by=request.user))
    return _back(request)


@never_cache
@require_POST
def prepare(request: Request) -> HttpResponse:
    """Ask for all that a day needs of one kind in one language."""
    published = releases.current()
    day = _day(request, published) if published else None
    if published is None or day is None:
        raise Http404
    kind, language = request.POST.get("kind", ""), request.POST.get("language", "")
    wanted = wanted_on(published, day, kind, language)
    tell(request, request_documents(wanted=wanted, by=request.user))
    return _back(request)


def _back(request: Request) -> HttpResponse:
    """To the day that was looked at."""
    return redirect(reverse("documents:list", query={"day": request.GET["day"]} if "day" in request.GET else None))


def tell(request: HttpRequest, asked: Asked) -> None:
    """What came of asking for many."""
    moving, ready = asked.moving, len(asked.documents) - asked.moving
    if moving:
        made = ngettext("%(n)s print is being made.", "%(n)s prints are being made.", moving)
        messages.success(request, made % {"n": moving})
    if ready:
        holding = ngettext(
            "%(n)s print is ready: nothing it shows has changed since it was made.",
            "%(n)s prints are ready: nothing they show has changed since they were made.",
            ready,
        )
        messages.info(request, holding % {"n": ready})
    reasons: dict[str, dict[str, None]] = {}
    for wanted, why in asked.refused:
        reasons.setdefault(why, {})[wanted.label or str(KINDS[wanted.kind].label)] = None
    for why, names in reasons.items():
        named, more = list(names)[:NAMED], len(names) - NAMED
        if more > 0:
            named.append(ngettext("and %(n)s more", "and %(n)s more", more) % {"n": more})
        messages.warning(request, f"{words.listed(named)}: {why}")


def _found(request: Request, published: Published | None) -> tuple[DocumentQuerySet, SearchForm]:
    """What the query of the address asks for, among what the reader may see, by the clock of the forum."""
    zone = published.programme.forum.zone if published else timezone.get_default_timezone_name()
    with timezone.override(zone):
        now = timezone.localtime()
        form = SearchForm(request.GET, kinds=services.kinds_for(request.user))
        search = form.search(midnight=now.replace(hour=0, minute=0, second=0, microsecond=0))
    return found_by(search, services.visible_to(request.user), published), form


def _day(request: Request, published: Published) -> date | None:
    """The day that was chosen, else the one to prepare."""
    programme = published.programme
    chosen = next((day for day in programme.days if day.isoformat() == request.GET.get("day")), None)
    return chosen or day_to_prepare(programme, today_of(published))


def today_of(published: Published | None) -> date:
    """The day it is where the forum is."""
    zone = ZoneInfo(published.programme.forum.zone) if published else None
    return timezone.localdate(timezone=zone)


def _of_the_day(request: Request, published: Published | None) -> dict[str, Any]:
    first = _day(request, published) if published else None
    if published is None or first is None:
        return {"needs": Needs()}
    days = from_day(published.programme, first)
    return {"needs": needs_of(published, days), "day": first, "days": published.programme.days}
