"""At the door: the sessions of the day, checking badges in, counting plates. For staff and organisers."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from people.foreign import name_of
from programme import releases, times
from programme.models import PublishedSession
from schedule.models import Forum

from .. import services
from ..door import door, doors
from ..forms import CheckInForm, PlatesForm
from ..models import PlateCount, Registration
from ..services import CheckIn, RegistrationRefused
from .frame import Request, framed

AT_THE_DOOR = permission_required("registrations.check_in", raise_exception=True)
HISTORY = 5
DOOR = "door"  # in the reader's session: where badges were checked in last


@never_cache
@AT_THE_DOOR
@require_safe
def check_in_sessions(request: Request) -> HttpResponse:
    """Those of today first. A badge scanned by the camera of a telephone goes to the door where one stands."""
    forum = get_object_or_404(Forum, is_current=True)
    badge, stands_at = request.GET.get("badge", ""), request.session.get(DOOR)
    if badge and stands_at and PublishedSession.objects.filter(forum=forum, slug=stands_at).exists():
        return redirect(reverse("registrations:check-in-session", args=[stands_at], query={"badge": badge}))
    today = timezone.now().astimezone(forum.zone).date()
    found = doors(forum)
    return framed(
        request,
        "registrations/door/sessions.html",
        today=[one for one in found if one.day == today],
        others=[one for one in found if one.day != today],
        badge=badge,
    )


@never_cache
@AT_THE_DOOR
@require_http_methods(["GET", "HEAD", "POST"])
def check_in(request: Request, slug: str) -> HttpResponse:
    """The door of one session. POST checks a badge in; for the script the answer is the verdict alone."""
    session = _session(slug)
    if request.method != "POST":
        return _door(request, session, CheckInForm(initial={"code": request.GET.get("badge", "")}))
    request.session[DOOR] = slug
    form = CheckInForm(request.POST)
    verdict = None
    if form.is_valid():
        now = timezone.now()
        at = form.cleaned_data["at"] or now
        verdict = services.check_in(session=session, code=form.cleaned_data["code"], by=request.user, at=at, now=now)
        form = CheckInForm()
    if request.htmx:
        return framed(request, "registrations/door/_verdict.html", **_said(verdict), session=session)
    return _door(request, session, form, verdict)


@never_cache
@AT_THE_DOOR
@require_POST
def take_back(request: Request, slug: str, uuid: UUID) -> HttpResponse:
    registration = get_object_or_404(
        Registration.objects.confirmed().select_related("person", "seating__session__published"),
        uuid=uuid,
        person__isnull=False,
        seating__session__published__slug=slug,
        seating__session__forum__is_current=True,
    )
    try:
        services.take_back(registration=registration, by=request.user, now=timezone.now())
    except RegistrationRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Taken back: %(name)s is not checked in.") % {"name": name_of(registration.person)})
    return redirect("registrations:check-in-session", slug)


@never_cache
@AT_THE_DOOR
@require_POST
def count_plates(request: Request, slug: str) -> HttpResponse:
    session = _session(slug)
    form = PlatesForm(request.POST)
    if not form.is_valid():
        return _door(request, session, CheckInForm(), plates=form)
    services.count_plates(
        session=session.session, plates=form.cleaned_data["plates"], by=request.user, now=timezone.now()
    )
    messages.success(request, _("The count of plates is noted."))
    return redirect("registrations:check-in-session", slug)


def _session(slug: str) -> PublishedSession:
    return get_object_or_404(PublishedSession.objects.select_related("session"), forum__is_current=True, slug=slug)


def _door(
    request: Request,
    session: PublishedSession,
    form: CheckInForm,
    verdict: CheckIn | None = None,
    *,
    plates: PlatesForm | None = None,
) -> HttpResponse:
    counts = list(PlateCount.objects.filter(session=session.pk).select_related("counted_by")[:HISTORY])
    return framed(
        request,
        "registrations/door/_counts.html" if request.htmx else "registrations/door/session.html",
        session=session,
        door=door(session),
        form=form,
        plates=plates or PlatesForm(),
        counts=[(count, session.local(count.counted_at)) for count in counts],
        **_said(verdict),
    )


def _said(verdict: CheckIn | None) -> dict[str, Any]:
    """A verdict, with the room where the place of its bearer is."""
    release = releases.current()
    if verdict is None or verdict.elsewhere is None or release is None:
        return {"verdict": verdict}
    node = release.programme.by_uuid.get(str(verdict.elsewhere.session.uuid))
    return {"verdict": verdict, "where": times.where(node, release.programme) if node else ""}
