from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, set_response_etag

from .. import front
from . import limits, problems
from .problems import problem

BEGINS = "/api/v1/"
METHODS = "GET, HEAD, OPTIONS"
PREFLIGHT = {
    "Allow": METHODS,
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class ApiMiddleware:
    """What all answers below `/api/v1/` have in common: any page may read them, a client that asks too often
    has to wait, and what is wrong is said as data."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(BEGINS):
            return self.get_response(request)
        response = self._answer(request)
        request.META.pop(front.MARK, None)  # each question counts
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag, Retry-After"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method == "OPTIONS":
            return HttpResponse(status=204, headers=PREFLIGHT)
        if request.method not in ("GET", "HEAD"):
            response = problem(405)
            response["Allow"] = METHODS
            return response
        if seconds := limits.wait(request):
            response = problem(429, f"More questions than a client may ask in a minute. Ask again in {seconds} s.")
            response["Retry-After"] = str(seconds)
            return response
        return _finished(request, self.get_response(request))


def _finished(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if response.status_code >= 400 and response["Content-Type"] != problems.TYPE:
        response = problem(response.status_code)
    if response.has_header("ETag"):  # a kept one
        return response
    del response["Vary"]  # the same for everybody
    response["Content-Language"] = "en"
    if response.status_code == 200:
        set_response_etag(response)
        response["Cache-Control"] = "no-cache"
        return get_conditional_response(request, etag=response["ETag"], response=response)  # type: ignore[return-value]
    return response
