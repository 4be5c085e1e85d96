"""Release pages: functions of a release, rendered once per process and answered from memory.

A view marked `@release_page` sets no cookie, token or nonce and never touches the reader. Its
answer is kept compressed by release, build, language, path and the filters it names; it is handed
out before sessions are touched, so it needs no database while a release is held.
"""

import gzip
import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, wraps

import brotli
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

from . import releases

LIMIT = 32 * 1024 * 1024  # bytes of compressed pages held by one process

View = Callable[..., HttpResponse]


@cache
def build() -> str:
    """Changes with every file that shapes a page: templates, catalogues and static files."""
    sources = hashlib.sha256()
    for folder, pattern in (("templates", "**/*.html"), ("locale", "**/*.mo"), ("static", "css/*"), (".", "*/*.py")):
        for path in sorted((settings.BASE_DIR / folder).glob(pattern)):
            if path.is_file():
                sources.update(path.read_bytes())
    return sources.hexdigest()[:16]


@dataclass(frozen=True)
class Kept:
    etag: str
    content_type: str
    brotli: bytes
    gzip: bytes

    @property
    def size(self) -> int:
        return len(self.brotli) + len(self.gzip)


class Pages:
    """Least recently used pages, within a limit of bytes."""

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self.size = 0
        self.kept: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self.lock = threading.Lock()

    def get(self, key: tuple[str, ...]) -> Kept | None:
        with self.lock:
            if found := self.kept.get(key):
                self.kept.move_to_end(key)
            return found

    def put(self, key: tuple[str, ...], page: Kept) -> None:
        with self.lock:
            if old := self.kept.pop(key, None):
                self.size -= old.size
            self.kept[key] = page
            self.size += page.size
            while self.size > self.limit and self.kept:
                _key, gone = self.kept.popitem(last=False)
                self.size -= gone.size

    def clear(self) -> None:
        with self.lock:
            self.kept.clear()
            self.size = 0


pages = Pages()


def release_page(*, filters: Collection[str] = ()) -> Callable[[View], View]:
    """Mark a view whose answer depends on the release, the language, the path and `filters` only.

    The view gets the release as its second argument. Unknown query parameters are dropped before
    it sees them. When nothing has been published it answers 404 through `releases.current`.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            request.GET = _known(request.GET, filters)  # type: ignore[assignment]
            return view(request, *args, **kwargs)

        answer.release_page = tuple(filters)  # type: ignore[attr-defined]
        return login_not_required(answer)

    return mark


def _known(query: QueryDict, filters: Collection[str]) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name in sorted(set(query) & set(filters)):
        kept[name] = query[name][:100]
    return kept


class ReleasePageMiddleware:
    """Answers release pages from memory, before sessions, cookies and languages are looked at."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD") or "HX-Request" in request.headers:
            return self.get_response(request)
        key = _key(request)
        if key is None:
            return self.get_response(request)
        page = pages.get(key)
        if page is None:
            response = self.get_response(request)
            if response.status_code != 200 or response.streaming:
                return response
            page = _keep(response, key)
            pages.put(key, page)
        return _hand_out(request, page)


def _key(request: HttpRequest) -> tuple[str, ...] | None:
    """What the answer depends on; None when the address is not one of a release page."""
    language = translation.get_language_from_path(request.path_info)
    if language is None:
        return None
    with translation.override(language):
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return None
    filters = getattr(match.func, "release_page", None)
    if filters is None:
        return None
    published = releases.current(match.kwargs.get("forum", ""))
    if published is None:
        return None
    return (published.digest, str(published.number), build(), request.path_info, _known(request.GET, filters).urlencode())


def _keep(response: HttpResponse, key: tuple[str, ...]) -> Kept:
    return Kept(
        etag=f'"{hashlib.sha256("|".join(key).encode()).hexdigest()[:24]}"',
        content_type=response["Content-Type"],
        brotli=brotli.compress(response.content, quality=7),
        gzip=gzip.compress(response.content, mtime=0),
    )


def _hand_out(request: HttpRequest, page: Kept) -> HttpResponse:
    if page.etag in request.headers.get("If-None-Match", ""):
        response: HttpResponse = HttpResponseNotModified()
    else:
        accepts = request.headers.get("Accept-Encoding", "")
        response = HttpResponse(content_type=page.content_type)
        if "br" in accepts:
            response.content, response["Content-Encoding"] = page.brotli, "br"
        elif "gzip" in accepts:
            response.content, response["Content-Encoding"] = page.gzip, "gzip"
        else:
            response.content = gzip.decompress(page.gzip)
    response["ETag"] = page.etag
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
