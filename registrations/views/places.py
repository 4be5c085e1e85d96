"""A delegate’s own pages: my programme, the seat panel, giving a place up."""

from typing import Any, NamedTuple
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Model, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from people.models import User
from people.rows import prepared
from programme import copies, releases
from programme.models import PublishedSession
from schedule.models import Forum

from .. import services
from ..forms import DelegateForm
from ..itinerary import itinerary
from ..models import Delegate, Registration, Seating
from ..names import address, short_name
from ..panel import panel
from ..rules import acting
from ..services import RegistrationRefused
from .frame import Request, framed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my(request: Request) -> HttpResponse:
    """My programme; for an account without a delegation, the form to join one."""
    forum = get_object_or_404(Forum, is_current=True)
    delegates = list(Delegate.objects.of(request.user.person_id, forum))
    if not delegates or request.method == "POST":
        form = DelegateForm(request.POST or None)
        if not form.is_valid():
            return framed(request, "registrations/join.html", form=form)
        form.join(request.user)
        messages.success(request, _("You have joined. Organisers look at your accreditation; you are told by e-mail."))
        return redirect("registrations:my")
    mine = itinerary(delegates=delegates, release=releases.current())
    page = framed(request, "registrations/my.html", delegates=delegates, mine=mine)
    return copies.of_reader(page, request, releases.current())


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def seat(request: Request, slug: str) -> HttpResponse:
    """The seat panel: a fragment beside a cached page, a small page without JavaScript. POST takes a place."""
    asked = _asked(slug, request.user)
    if request.method != "POST":
        return _panel(request, asked)
    if asked.seating is None:
        raise Http404
    if not request.user.is_authenticated:
        sign_in = _sign_in(reverse("registrations:seat-panel", args=[slug]))
        return HttpResponseClientRedirect(sign_in) if request.htmx else redirect(sign_in)
    given, refused = None, ""
    try:
        given = _take(request, asked.session, asked.seating, asked.delegate)
    except RegistrationRefused as refusal:
        refused = str(refusal)
    if request.htmx:
        return _panel(request, asked, done=True, refused=refused, given=given)
    if refused:
        messages.warning(request, refused)
    return redirect("registrations:seat-panel", slug)


class Asked(NamedTuple):
    """What the panel is of; `delegate` is who the reader acts as there."""

    session: PublishedSession
    seating: Seating | None
    delegate: Delegate | None


def _asked(slug: str, user: User | AnonymousUser) -> Asked:
    found = _found(slug, user.person_id or 0 if user.is_authenticated else 0)
    if not found:
        raise Http404
    [session] = found
    seating = getattr(session.session, "seating", None)
    delegate = seating and acting(seating=seating, session=session, memberships=session.memberships)  # type: ignore[attr-defined]
    return Asked(session, seating, delegate)


@prepared
def _found(slug: str, person: int) -> QuerySet[PublishedSession]:
    """The session with its seating, and the keys of the person’s memberships, that to act with first."""
    own = Delegate.objects.of(person, OuterRef("forum"))
    return (
        PublishedSession.objects.listed()
        .filter(forum__is_current=True, slug=slug)
        .select_related("session__seating")
        .only(*_columns(PublishedSession), "session__forum", *_columns(Seating, "session__seating__"))
        .annotate(memberships=ArraySubquery(own.values("pk")))
        .order_by()
    )


def _columns(model: type[Model], under: str = "") -> list[str]:
    return [f"{under}{field.name}" for field in model._meta.concrete_fields]


def _take(request: Request, session: PublishedSession, seating: Seating, delegate: Delegate | None) -> Registration:
    """Take a place here; with `swap`, in exchange for the one it names."""
    now = timezone.now()
    if "swap" in request.POST:
        offered = panel(seating=seating, session=session, user=request.user, delegate=delegate, now=now).exchange
        if offered and str(offered.uuid) == request.POST["swap"]:
            return services.swap(registration=offered, seating=seating, by=request.user, now=now)
    return services.register(seating=seating, delegate=delegate, by=request.user, now=now)


def _panel(
    request: Request, asked: Asked, *, done: bool = False, refused: str = "", given: Registration | None = None
) -> HttpResponse:
    """`done` moves the focus to the panel, whose button is gone. `refused` is said unless the panel says it anyway."""
    session, seating, delegate = asked
    if seating is None:
        return (
            HttpResponse() if request.htmx else framed(request, "registrations/seat.html", session=session, panel=None)
        )
    user = request.user if request.user.is_authenticated else None
    found = panel(seating=seating, session=session, user=user, delegate=delegate, now=timezone.now(), given=given)
    context: dict[str, Any] = {"panel": found, "session": session, "done": done}
    context["sign_in"] = "" if user else _sign_in(address(session))
    context["refused"] = "" if refused == str(found.problem or "") else refused
    if request.htmx:
        return render(request, "registrations/_seat.html", context)
    return framed(request, "registrations/seat.html", **context)


def _sign_in(then: str) -> str:
    return redirect_to_login(then).url


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: Request, uuid: UUID) -> HttpResponse:
    """What is given up, then giving it up. In the seat panel it is a fragment."""
    registration = get_object_or_404(
        Registration.objects.active().select_related(
            "seating__session__published",
            "seating__session__forum",
            "seating__session__venue",
            "delegation__party",
            "delegation__category",
        ),
        uuid=uuid,
        person__user=request.user,
    )
    session = registration.published
    if request.method != "POST":
        template = "registrations/_release.html" if request.htmx else "registrations/release.html"
        return framed(request, template, registration=registration, session=session)
    try:
        services.give_up(registration=registration, by=request.user, now=timezone.now())
    except RegistrationRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        if request.htmx and session and session.listed and registration.seating.session.forum.is_current:
            return _panel(request, _asked(session.slug, request.user), done=True)
        messages.success(request, _("Given up: your place in %(session)s.") % {"session": short_name(session)})
    mine = reverse("registrations:my")
    return HttpResponseClientRedirect(mine) if request.htmx else redirect(mine)
