"""What the code on a print leads to."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from ..models import Document
from ..vouching import vouch
from .frame import framed


@login_not_required
@never_cache
@require_GET
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a print still holds, to anyone who has it in hand. Says nothing of the person it is for."""
    typed = code.strip().upper()
    printed = Document.objects.ready().light().filter(code=typed)
    document = printed.first() if typed.isalnum() else None  # a NUL could not even be asked for
    if document is None:
        return framed(request, "documents/unknown.html", {"code": code[:40]}, status=404)
    return framed(request, "documents/verify.html", {"vouched": vouch(document)})
