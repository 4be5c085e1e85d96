from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
@never_cache
def corner(request: HttpRequest) -> HttpResponse:
    """Who is signed in: the one part of a page that depends on the reader, a fragment beside it."""
    return render(request, "people/_corner.html")
