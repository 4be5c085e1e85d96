"""One print: its row, asking for it again, its file."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from .. import issuing, services
from ..archive import filename
from ..models import Document
from ..services import DocumentError
from ..standing import standing
from .frame import Request, found, framed


@never_cache
@require_GET
def document(request: Request, uuid: UUID) -> HttpResponse:
    """One print. To htmx its row alone, which asks again while it is being made."""
    row = standing(found(request, uuid))
    if request.htmx:
        return framed(request, "documents/_row.html", {"standing": row, "tick": "tick" in request.GET})
    may_issue = request.user.has_perm(issuing.ISSUE) and row.document.is_of_a_paper
    context = {
        "standing": row,
        "issues": issuing.history(row.document),
        "may_issue": may_issue,
        "may_draft": request.user.has_perm(services.EDIT),
    }
    return framed(request, "documents/document.html", context)


@never_cache
@require_POST
def again(request: Request, uuid: UUID) -> HttpResponse:
    """Ask for the same print anew: after a failure, as the programme is now, or as it is being edited (`draft`)."""
    old = found(request, uuid)
    try:
        new = services.request_document(
            kind=old.kind,
            subject=old.subject,
            language=old.language,
            by=request.user,
            forum=old.forum.slug,
            sheet=old.sheet,
            ink=old.ink,
            draft=old.is_draft or "draft" in request.POST,
        )
    except DocumentError as error:
        messages.warning(request, str(error))
        return redirect("documents:list")
    if request.htmx:
        row = Document.objects.light().get(pk=new.pk)
        return framed(request, "documents/_row.html", {"standing": standing(row), "tick": "tick" in request.GET})
    return redirect("documents:list")


@never_cache
@require_GET
def download(request: Request, uuid: UUID) -> FileResponse:
    document = found(request, uuid)
    if document.state != Document.State.READY:
        raise Http404
    response = FileResponse(
        document.file.open(), as_attachment=True, filename=filename(document), content_type="application/pdf"
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
