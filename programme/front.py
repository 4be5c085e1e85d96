"""Before Django: a release page that was answered is answered again from memory, byte for byte."""

import bisect
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from . import releases
from .releases import Published

MARK = "programme.release"  # in the environment: the release that the answer shows, and the forum as it was asked for
# What an answer may depend on. Whatever else a reader sends changes no release page.
ASKED = (
    "PATH_INFO", "QUERY_STRING", "HTTP_ACCEPT_ENCODING", "HTTP_IF_NONE_MATCH",
    "wsgi.url_scheme", "HTTP_X_FORWARDED_PROTO",
)  # fmt: skip
MOST = 4096  # answers held
LONGEST = 1024  # signs of what was asked: it must not fill the memory

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


@dataclass(frozen=True)
class _Answer:
    status: str
    headers: list[tuple[str, str]]
    body: bytes
    forum: str
    stamp: tuple[Any, ...]
    until: float  # seconds since 1970

    @property
    def holds(self) -> bool:
        """Whether Django would say the same: the release is held, was asked for just now, and no turn has passed."""
        return time.time() < self.until and releases.shelf.stamp(self.forum) == self.stamp


class Front:
    """A WSGI application before another.

    Never touches the database: once the release has not been asked for during half a second, Django is, whose
    middleware asks for it and closes connections that broke.
    """

    def __init__(self, application: Callable[[Environ, StartResponse], Iterable[bytes]]) -> None:
        self.application = application
        self.kept: dict[tuple[str | None, ...], _Answer] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET":
            return self.application(environ, start_response)
        asked = tuple(map(environ.get, ASKED))
        if (kept := self.kept.get(asked)) and kept.holds:
            start_response(kept.status, kept.headers)
            return [kept.body]
        return self._ask(asked, environ, start_response)

    def _ask(self, asked: tuple[Any, ...], environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        began: list[Any] = []

        def starting(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            began[:] = [status, headers]
            return start_response(status, headers, *more)

        until = _end_of_minute()
        response = self.application(environ, starting)
        if (shown := environ.get(MARK)) and sum(map(len, filter(None, asked))) < LONGEST:
            release, forum = shown
            status, headers = began
            # What is unpacked for a rare reader would be held once for each of them.
            if status.startswith("304") or any(name == "Content-Encoding" for name, _value in headers):
                if len(self.kept) >= MOST:
                    self.kept.clear()
                self.kept[asked] = _Answer(
                    status, headers, b"".join(response), forum, release.stamp, min(until, _next_turn(release))
                )
        return response


def _end_of_minute() -> float:
    """Answers say in which minute they were given."""
    return (time.time() // 60 + 1) * 60


def _next_turn(release: Published) -> float:
    coming = release.turns[bisect.bisect_right(release.turns, timezone.now()) :]
    return coming[0].timestamp() if coming else float("inf")
