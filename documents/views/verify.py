"""What the code on a print leads to."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from registrations.badges import person_with
from registrations.models import Delegate

from ..models import Document
from ..vouching import vouch
from .frame import Request, framed


@login_not_required
@never_cache
@require_GET
def verify(request: Request, code: str) -> HttpResponse:
    """Whether a print still holds, to anyone who has it in hand. Says nothing of the person it is for."""
    typed = code.strip().upper()
    printed = Document.objects.ready().light().filter(code=typed)
    document = printed.first() if typed.isalnum() else None  # a NUL could not even be asked for
    if document:
        return framed(request, "documents/verify.html", {"vouched": vouch(document)})
    return _badge(request, code) or framed(request, "documents/unknown.html", {"code": code[:40]}, status=404)


def _badge(request: Request, code: str) -> HttpResponse | None:
    """Whether the badge with that code lets its bearer in; staff go on to the door where they stand."""
    person = person_with(code)
    if person is None:
        return None
    if request.user.has_perm("registrations.check_in"):
        return redirect(reverse("registrations:check-in", query={"badge": code}))
    holds = Delegate.objects.accredited().filter(person=person, delegation__forum__is_current=True).exists()
    return framed(request, "documents/verify_badge.html", {"holds": holds, "code": code})
