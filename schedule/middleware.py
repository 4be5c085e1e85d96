from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from .models import Forum


class HoursOfTheForumMiddleware:
    """In the administration hours are typed and shown as on the pages: in the zone of the current forum."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(reverse("admin:index")):
            return self.get_response(request)
        forum = Forum.objects.filter(is_current=True).only("time_zone").first()
        with timezone.override(forum.zone if forum else None):
            return self.get_response(request)
