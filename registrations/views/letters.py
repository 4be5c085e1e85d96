"""Notes verbales and letters of nomination: uploaded, announced, handed out to the few who may see them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from .. import services
from ..forms import LetterForm
from ..models import Delegation, Letter
from ..services import RegistrationRefused
from .frame import Request, framed
from .own import own

PAGES = "registrations/delegation/"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delegation_letters(request: Request, uuid: UUID) -> HttpResponse:
    """The letters of a delegation; POST adds one."""
    delegation = own(request, uuid)
    form = LetterForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    if form.is_valid():
        try:
            services.upload_letter(
                delegation=delegation, file=form.cleaned_data["file"], by=request.user, now=timezone.now()
            )
        except RegistrationRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The letter is here. Organisers can read it."))
            return redirect("registrations:delegation-letters", uuid=uuid)
    letters = delegation.letters.all()
    return framed(request, f"{PAGES}letters.html", delegation=delegation, letters=letters, form=form)


@never_cache
@require_POST
def letter_follows(request: Request, uuid: UUID) -> HttpResponse:
    delegation = own(request, uuid)
    delegation.announce_letter(follows=request.POST.get("follows") == "yes")
    if delegation.letter_follows:
        messages.success(request, _("Organisers know that the letter follows."))
    else:
        messages.success(request, _("The letter is no longer announced."))
    return redirect("registrations:delegation-letters", uuid=uuid)


@never_cache
@require_safe
def letter(request: Request, uuid: UUID) -> HttpResponse:
    """The file, to be kept and never to be run in the browser."""
    found = get_object_or_404(Letter.objects.visible_to(request.user), uuid=uuid)
    with found.file.open() as file:
        response = HttpResponse(file.read(), content_type=found.media_type)
    response["Content-Disposition"] = content_disposition_header(True, found.name) or "attachment"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter_remove(request: Request, uuid: UUID) -> HttpResponse:
    own_letters = Letter.objects.filter(delegation__in=Delegation.objects.looked_after_by(request.user))
    found = get_object_or_404(own_letters.select_related("delegation__party"), uuid=uuid)
    if request.method != "POST":
        return framed(request, f"{PAGES}letter_remove.html", letter=found, delegation=found.delegation)
    services.remove_letter(letter=found)
    messages.success(request, _("The letter is removed."))
    return redirect("registrations:delegation-letters", uuid=found.delegation.uuid)
