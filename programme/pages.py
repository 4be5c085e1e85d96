"""Release pages: functions of a release, rendered once per process and answered from memory.

A view marked `@release_page` sets no cookie, token or nonce and never touches the reader. Its
answer is kept compressed by release, build, language, path and the filters it names; it is handed
out before sessions are touched, so it needs no database while a release is held.
"""

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any

import brotli
from django.conf import settings
from django.contrib.auth.decorators import login_not_required, permission_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.cache import patch_vary_headers

from . import copies, front, releases
from .builds import build
from .moved import forum_moved, node_moved
from .releases import Published

LIMIT = 32 * 1024 * 1024  # bytes of compressed pages held by one process
LONGEST = 256  # signs of an address: what is remembered of them must not fill the memory either
TRANSPORT = {"Content-Length", "Content-Encoding", "Content-Type", "ETag", "Cache-Control", "Vary"}

View = Callable[..., HttpResponse]


@dataclass(frozen=True)
class Kept:
    etag: str
    content_type: str
    headers: tuple[tuple[str, str], ...]
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
        self.turns = [threading.Lock() for _ in range(64)]

    def turn(self, key: tuple[str, ...]) -> threading.Lock:
        """Held by who makes the page: one process renders it once, however many ask for it at once."""
        return self.turns[hash(key) % len(self.turns)]

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


def release_page(*, filters: Collection[str] = (), turns: bool = False) -> Callable[[View], View]:
    """Mark a view whose answer depends on the release, the language, the path and `filters` only.

    With `turns` also on the last turn of the clock that has passed (`release.turn`).

    The view gets the release as its second argument. Query parameters that it does not name, and
    blank ones, are dropped before it sees them. When nothing is published it is not asked: the
    reader is told so, with 404. What has another address by now is redirected to. `view.preview`
    is the same page made from the draft, for those who may see it, and never kept by anyone.
    """

    def mark(view: View) -> View:
        @wraps(view)
        def published(request: HttpRequest, forum: str = "", **kwargs: Any) -> HttpResponse:
            request.GET = known(request.GET, filters)  # type: ignore[assignment]
            release = releases.current(forum)
            if release is None:
                return nothing_published(request, forum)
            if elsewhere := forum_moved(request, release, forum):
                return elsewhere
            try:
                return view(request, release, **kwargs)
            except Http404:
                if elsewhere := node_moved(request, release):
                    return elsewhere
                raise

        @permission_required("programme.preview", raise_exception=True)
        @wraps(view)
        def preview(request: HttpRequest, forum: str = "", **kwargs: Any) -> HttpResponse:
            request.GET = known(request.GET, filters)  # type: ignore[assignment]
            draft = releases.preview(forum)
            if draft is None:
                raise Http404
            response = view(request, draft, **kwargs)
            response["Cache-Control"] = "no-store"
            return response

        answer = login_not_required(published)
        answer.release_page = tuple(filters)  # type: ignore[attr-defined]
        answer.turns = turns  # type: ignore[attr-defined]
        answer.preview = preview  # type: ignore[attr-defined]
        return answer

    return mark


def nothing_published(request: HttpRequest, forum: str) -> HttpResponse:
    """Nothing to read yet. A forum that is not there gets the ordinary page for that."""
    if forum and not releases.exists(forum):
        raise Http404
    return render(request, "programme/not_published.html", status=404)


def known(query: QueryDict, filters: Collection[str]) -> QueryDict:
    """The parameters that a page knows, as far as anything could match them."""
    kept = QueryDict(mutable=True)
    for name in sorted(set(query) & set(filters)):
        if query[name]:
            kept[name] = str(query[name])[:100]
    return kept


class ReleasePageMiddleware:
    """Answers release pages from memory, before sessions, cookies and languages are looked at."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        found = _found(request)
        if found is None:
            return self.get_response(request)
        at, release, key = found
        page = pages.get(key)
        if page is None:
            with pages.turn(key):  # the others who ask for it meanwhile find it made
                page = pages.get(key)
                if page is None:
                    response = self.get_response(request)
                    if response.status_code != 200 or response.streaming or response.cookies:
                        return response
                    page = _keep(response, key)
                    pages.put(key, page)
        request.META[front.MARK] = release, at.forum
        return copies.dated(_hand_out(request, page), release, at.language)


Found = tuple["Addressed", Published, tuple[str, ...]]


def _found(request: HttpRequest) -> Found | None:
    """The page, its release and what the answer depends on; None when the address is not one of a release page."""
    found = _addressed(request.path_info) if len(request.path_info) < LONGEST else None
    published = releases.current(found.forum) if found else None
    if found is None or published is None:
        return None
    query = known(request.GET, found.filters).urlencode() if request.META.get("QUERY_STRING") else ""
    turn = str(published.turn) if found.turns else ""
    # Changes cease to be news in order of time, so that their number tells which are left.
    key = (*map(str, published.stamp), str(len(published.changes)), turn, build(), request.path_info, query)
    return found, published, key


@dataclass(frozen=True)
class Addressed:
    """The release page at an address."""

    language: str
    forum: str
    filters: tuple[str, ...]
    turns: bool


@lru_cache(maxsize=4096)
def _addressed(path: str) -> Addressed | None:
    """What Django’s own resolving says, which takes longer than all the rest of an answer from memory."""
    language = translation.get_language_from_path(path) or settings.LANGUAGE_CODE
    with translation.override(language):
        try:
            match = resolve(path)
        except Resolver404:
            return None
    filters = getattr(match.func, "release_page", None)
    if filters is None:
        return None
    forum = match.kwargs.get("forum", "")
    return Addressed(language, forum, filters, match.func.turns)  # type: ignore[attr-defined]


def _keep(response: HttpResponse, key: tuple[str, ...]) -> Kept:
    return Kept(
        etag=hashlib.sha256("|".join(key).encode()).hexdigest()[:24],
        content_type=response["Content-Type"],
        headers=tuple((name, value) for name, value in response.items() if name not in TRANSPORT),
        brotli=brotli.compress(response.content, quality=7),
        gzip=gzip.compress(response.content, mtime=0),
    )


def _hand_out(request: HttpRequest, page: Kept) -> HttpResponse:
    """The kept page as this reader takes it. The tag is weak: one page, several encodings."""
    response: HttpResponse
    if page.etag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(content_type=page.content_type, headers=dict(page.headers))
        if _accepts(request, "br"):
            response.content, response["Content-Encoding"] = page.brotli, "br"
        elif _accepts(request, "gzip"):
            response.content, response["Content-Encoding"] = page.gzip, "gzip"
        else:
            response.content = gzip.decompress(page.gzip)
        response["Content-Length"] = str(len(response.content))
        if request.method == "HEAD":
            response.content = b""
    response["ETag"] = f'W/"{page.etag}"'
    response["Cache-Control"] = "no-cache"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _accepts(request: HttpRequest, encoding: str) -> bool:
    accepted = request.headers.get("Accept-Encoding", "")
    return re.search(rf"\b{encoding}\b(?!\s*;\s*q=0(?:\.0*)?(?:\s*,|\s*$))", accepted) is not None
