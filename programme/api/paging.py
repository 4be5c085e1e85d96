"""Long lists in pages."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from .problems import Refused


class Paging(Schema):
    page: int = Field(1, ge=1, le=100_000, description="Which page of the list.", examples=[1])
    per_page: int = Field(100, ge=1, le=200, description="How many on a page.", examples=[100])


def listing(
    request: HttpRequest, paging: Paging, release: int, found: Sequence[Any], fill: Callable[[Any], Any]
) -> dict[str, Any]:
    """One page of `found`; only what stands on it is filled in. There is always a first page."""
    pages = max(1, -(-len(found) // paging.per_page))
    if paging.page > pages:
        raise Refused(404, f"The last page is {pages}.")
    start = (paging.page - 1) * paging.per_page
    return {
        "release": release,
        "count": len(found),
        "page": paging.page,
        "pages": pages,
        "next": _address(request, paging.page + 1) if paging.page < pages else None,
        "previous": _address(request, paging.page - 1) if paging.page > 1 else None,
        "items": [fill(one) for one in found[start : start + paging.per_page]],
    }


def _address(request: HttpRequest, page: int) -> str:
    query = {**request.GET.dict(), "page": page}
    return f"{settings.BASE_URL}{request.path}?{urlencode(query)}"
