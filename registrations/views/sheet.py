"""Delegates from a spreadsheet: the template, every row looked at, then all of them entered or none."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from .. import sheet
from ..forms import SheetForm
from ..models import Delegation
from .frame import Request, framed
from .own import own


@never_cache
@require_safe
def delegation_import_template(request: Request, uuid: UUID) -> HttpResponse:
    content = sheet.template(own(request, uuid))
    disposition = {"Content-Disposition": 'attachment; filename="delegates.xlsx"'}
    return HttpResponse(content, content_type=sheet.XLSX, headers=disposition)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_import(request: Request, uuid: UUID) -> HttpResponse:
    """POST shows what a file would do; POST of what is kept of it does it."""
    delegation = own(request, uuid)
    if "kept" in request.POST:
        return _enter(request, delegation, request.POST["kept"])
    form = SheetForm(request.POST, request.FILES) if request.method == "POST" else SheetForm()
    if form.is_valid():
        try:
            table = sheet.read(form.cleaned_data["file"])
        except sheet.SheetRefused as refusal:
            form.add_error("file", str(refusal))
        else:
            found = sheet.look(delegation, table)
            kept = sheet.keep(delegation, request.user, table) if found.is_good else ""
            return _preview(request, delegation, found, kept)
    explanations = sheet.explanations(delegation)
    return framed(
        request, "registrations/sheet/import.html", delegation=delegation, form=form, explanations=explanations
    )


def _preview(request: Request, delegation: Delegation, found: sheet.Preview, kept: str = "") -> HttpResponse:
    return framed(
        request, "registrations/sheet/preview.html", delegation=delegation, found=found, kept=kept, form=SheetForm()
    )


def _enter(request: Request, delegation: Delegation, token: str) -> HttpResponse:
    done = sheet.enter(delegation=delegation, user=request.user, token=token, now=timezone.now())
    if done is None:
        messages.warning(request, _("The file is no longer at hand. Choose it again."))
        return redirect("registrations:delegation-import", uuid=delegation.uuid)
    if isinstance(done, sheet.Preview):
        return _preview(request, delegation, done)
    messages.success(
        request,
        ngettext(
            "%d delegate is entered. Organisers look at the accreditation.",
            "%d delegates are entered. Organisers look at the accreditation.",
            len(done),
        )
        % len(done),
    )
    return redirect("registrations:delegation-page", uuid=delegation.uuid)
