"""All forums that have something in view, held in each process as the releases are."""

import time

from django.db import Error

from . import releases
from .models import Release
from .releases import Published
from .snapshot import load

_held: tuple[float, tuple[Published, ...]] | None = None


def in_view() -> tuple[Published, ...]:
    """Of each forum the newest release in view, with nothing but the forum in it; the latest forum first."""
    global _held
    if _held is None or time.monotonic() - _held[0] >= releases.ASK_EVERY:
        try:
            _held = time.monotonic(), _ask()
        except Error:
            if _held is None:
                raise
    return _held[1]


def forget() -> None:
    global _held
    _held = None


def _ask() -> tuple[Published, ...]:
    newest = (
        Release.objects.in_view()
        .order_by("forum_id", "-number")
        .distinct("forum_id")
        .values_list(
            "forum_id",
            "number",
            "digest",
            "created_at",
            "note",
            "forum__is_current",
            "snapshot__schema",
            "snapshot__forum",
        )
    )
    found = [
        Published(
            forum_id=forum,
            number=number,
            digest=digest,
            published_at=published_at,
            note=note,
            programme=load({"schema": schema or 1, "forum": node}),
            is_current_forum=is_current,
        )
        for forum, number, digest, published_at, note, is_current, schema, node in newest
    ]
    return tuple(sorted(found, key=lambda one: one.programme.forum.starts_on, reverse=True))
