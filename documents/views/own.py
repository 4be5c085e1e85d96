"""What the reader has for oneself."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from .. import services
from ..models import Document
from ..standing import standing
from .frame import Request, framed


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
    return framed(request, "documents/_my_pack.html" if request.htmx else "documents/my_pack.html", context)
