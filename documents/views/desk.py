"""The print desk."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programme import releases

from .. import services
from ..forms import AskForm, kinds_for
from ..models import Document
from ..services import DocumentError
from ..standing import standings
from .frame import Request, framed

PER_PAGE = 25


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
    return framed(request, "documents/list.html", context)


def _ask(request: Request, kind: str, subject: str, language: str, *, draft: bool = False) -> HttpResponse:
    try:
        document = services.request_document(
            kind=kind, subject=subject, language=language, by=request.user, draft=draft
        )
    except DocumentError as error:
        messages.warning(request, str(error))
        return redirect("documents:list")
    if document.state == Document.State.READY:
        messages.info(request, _("This print is ready; nothing it shows has changed since it was made."))
        return redirect(document)
    return redirect("documents:list")
