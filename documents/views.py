from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.middleware import HtmxDetails

from people.models import User
from programme import releases
from programme.addresses import Shown

from . import services
from .forms import AskForm, kinds_for
from .kinds import KINDS
from .models import Document
from .services import DocumentError
from .standing import newest_edition, standing, standings

PER_PAGE = 25


class Request(HttpRequest):
    """Of somebody signed in, with what the middlewares add."""

    user: User
    htmx: HtmxDetails


def _render(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of the reader's own, framed by the current release."""
    published = releases.current()
    shown = Shown(request, published) if published else None
    frame = {"shown": shown, "forum": shown.forum} if shown else {}
    return render(request, template, {**frame, **context}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def documents(request: Request) -> HttpResponse:
    """The prints that there are, newest first, and the form to ask for one."""
    kinds = kinds_for(request.user)
    kind = next((kind for kind in kinds if kind.name == request.GET.get("kind")), kinds[0])
    published = releases.current()
    form = None
    if published:
        form = AskForm(request.POST or None, kind=kind, user=request.user, published=published)
        if form.is_valid():
            return _ask(request, kind.name, **form.cleaned_data)
    found = services.visible_to(request.user).newest_of_each().light()
    page = Paginator(found.order_by("-queued_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "standings": standings(page),
        "kinds": kinds,
        "kind": kind,
        "form": form,
        "is_staff": services.is_staff(request.user),
    }
    return _render(request, "documents/list.html", context)


def _ask(request: Request, kind: str, subject: str, language: str) -> HttpResponse:
    try:
        document = services.request_document(kind=kind, subject=subject, language=language, by=request.user)
    except DocumentError as error:
        messages.warning(request, str(error))
        return redirect("documents:list")
    if document.state == Document.State.READY:
        messages.info(request, _("This print is ready; nothing it shows has changed since it was made."))
        return redirect(document)
    return redirect("documents:list")


def _found(request: Request, uuid: UUID) -> Document:
    """Prints of others are refused, not denied: their address alone tells nothing."""
    document = get_object_or_404(Document.objects.light(), uuid=uuid)
    if not services.visible_to(request.user).filter(pk=document.pk).exists():
        raise PermissionDenied
    return document


@never_cache
@require_GET
def document(request: Request, uuid: UUID) -> HttpResponse:
    """One print. To htmx its row alone, which asks again while it is being made."""
    found = standing(_found(request, uuid))
    template = "documents/_row.html" if request.htmx else "documents/document.html"
    return _render(request, template, {"standing": found})


@never_cache
@require_POST
def again(request: Request, uuid: UUID) -> HttpResponse:
    """Ask for the same print anew: after a failure, or as the programme is now."""
    old = _found(request, uuid)
    try:
        new = services.request_document(
            kind=old.kind,
            subject=old.subject,
            language=old.language,
            by=request.user,
            forum=old.forum.slug,
            sheet=old.sheet,
            ink=old.ink,
            draft=old.is_draft,
        )
    except DocumentError as error:
        messages.warning(request, str(error))
        return redirect("documents:list")
    if request.htmx:
        row = Document.objects.light().get(pk=new.pk)
        return _render(request, "documents/_row.html", {"standing": standing(row)})
    return redirect("documents:list")


@never_cache
@require_GET
def download(request: Request, uuid: UUID) -> FileResponse:
    document = _found(request, uuid)
    if document.state != Document.State.READY:
        raise Http404
    kind = KINDS[document.kind]
    name = f"{kind.filename(kind.load(document.extract))}-{document.language}.pdf"
    response = FileResponse(document.file.open(), as_attachment=True, filename=name, content_type="application/pdf")
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_pack(request: Request) -> HttpResponse:
    """The reader's own pack, in the language of the page: a fragment of “My programme”."""
    delegate = services.accredited_delegate(request.user)
    print_of: dict[str, Any] = {
        "kind": "participant_pack",
        "subject": str(delegate and delegate.uuid),
        "language": get_language() or "en",
    }
    if delegate and request.method == "POST":
        services.request_document(**print_of, by=request.user)
        if not request.htmx:
            return redirect("registrations:my")
    pack = Document.objects.light().filter(**print_of).first() if delegate else None
    context = {"delegate": delegate, "standing": standing(pack) if pack else None}
    return _render(request, "documents/_my_pack.html" if request.htmx else "documents/my_pack.html", context)


@login_not_required
@never_cache
@require_GET
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a print still holds, to anyone who has it in hand. Says nothing of the person it is for."""
    typed = code.strip().upper()
    printed = Document.objects.ready().light().filter(code=typed)
    document = printed.first() if typed.isalnum() else None  # a NUL could not even be asked for
    if document is None:
        return _render(request, "documents/unknown.html", {"code": code[:40]}, status=404)
    context = {
        "standing": standing(document),
        "newest": newest_edition(document.forum),
        "personal": KINDS[document.kind].of_register,
    }
    return _render(request, "documents/verify.html", context)
