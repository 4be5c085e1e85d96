"""My places in a calendar of the reader’s own, which follows the releases. The address is its only key."""

import hashlib
import secrets

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from people.models import User
from programme import releases
from programme.addresses import edition_text
from programme.feeds import calendar
from programme.feeds.event import events, title

from ..models import Registration
from .frame import Request


@never_cache
@require_POST
def my_calendar_key(request: Request) -> HttpResponse:
    """Give the calendar an address, another one, or none: what was known before opens nothing any more."""
    user = request.user
    wanted = "off" not in request.POST
    user.calendar_key = secrets.token_urlsafe(32) if wanted else None
    user.save(update_fields=["calendar_key"])
    messages.success(
        request,
        _("Your calendar has an address of its own. Keep it to yourself.") if wanted else _("Your calendar is closed."),
    )
    return redirect("registrations:my")


@login_not_required
@require_safe
def my_calendar(request: HttpRequest, key: str) -> HttpResponse:
    """In the language of the account. Waiting lists are told as such; what one may walk into is not in it."""
    user = get_object_or_404(User.objects.select_related("person"), calendar_key=key, is_active=True)
    release = releases.current()
    if release is None:
        raise Http404
    held = Registration.objects.active().filter(
        person__isnull=False, person=user.person_id, seating__session__forum=release.forum_id
    )
    places = {str(uuid): status for uuid, status in held.values_list("seating__session__uuid", "status")}
    with translation.override(user.language):
        data = calendar.write(
            release,
            events(release, [session for session in release.programme.listed if session.uuid in places]),
            name=title(release, _("My places")),
            edition=edition_text(release),
            waiting={uuid for uuid, status in places.items() if status == Registration.Status.WAITLISTED},
        )
    response = HttpResponse(data, content_type=calendar.TYPE)
    response["Cache-Control"] = "private, no-cache"
    etag = f'"{hashlib.sha256(data).hexdigest()}"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
