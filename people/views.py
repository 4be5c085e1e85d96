from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from .models import User
from .reader import named


class Request(HttpRequest):
    """Of somebody signed in."""

    user: User


@require_safe
@login_not_required
@never_cache
def corner(request: HttpRequest) -> HttpResponse:
    """Who is signed in: the one part of a page that depends on the reader, a fragment beside it."""
    return named(render(request, "people/_corner.html"), request)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def account(request: Request) -> HttpResponse:
    """One’s account. POST sets its language; the switch of the administration sends along where it stood."""
    if request.method != "POST":
        return render(request, "people/account.html")
    language = request.POST.get("language")
    if language not in dict(settings.LANGUAGES):
        raise BadRequest("no such language")
    request.user.language = language
    request.user.save(update_fields=["language"])
    back = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(back)
    messages.success(request, _("The language of your account is set."))
    return redirect("people:account")
