"""Addresses of the interface: each a release page, so that it is kept and answered from memory."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from ..pages import release_page
from ..releases import Published
from .openapi import document, filters_of
from .views import api

app_name = "api"


def _reading(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """What GET gets; that HEAD has no body is seen to by the server."""

    def read(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        asked, request.method = request.method, "GET"
        try:
            return view(request, **kwargs)
        finally:
            request.method = asked

    return read


def _kept(view: Callable[..., HttpResponse], name: str) -> Callable[..., HttpResponse]:
    @release_page(filters=filters_of(name))
    def page(request: HttpRequest, release: Published, **kwargs: Any) -> HttpResponse:
        request.release = release  # type: ignore[attr-defined]
        response = view(request, forum=release.programme.forum.slug, **kwargs)
        response["Content-Language"] = "ar, en, es, fr"
        return response

    return page


def _patterns() -> list[URLPattern]:
    found = [path("openapi.json", login_not_required(document), name="openapi")]
    for pattern in api.urls[0]:
        assert isinstance(pattern, URLPattern)
        assert pattern.name
        if pattern.name != "api-root":
            view = _reading(pattern.callback)
            pattern.callback = login_not_required(view) if pattern.name == "forums" else _kept(view, pattern.name)
            found.append(pattern)
    return found


urlpatterns = _patterns()
