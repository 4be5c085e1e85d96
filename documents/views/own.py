"""What delegates and focal points have, and can have."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from people.models import User
from programme import copies, releases
from programme.releases import Published

from .. import services
from ..kinds import Audience, Kind
from ..models import Document
from ..standing import Standing, standing, standings
from ..subjects import Narrowing, subjects_of
from .frame import Request, framed


@dataclass(frozen=True)
class Line:
    """One print that can be had, and how it stands; `standing` is None as long as nobody has asked for it."""

    kind: Kind[Any]
    subject: str
    standing: Standing | None


@dataclass(frozen=True)
class Holder:
    """A delegate or a delegation, with the prints made for them."""

    name: str
    lines: list[Line]


def own_prints(user: User, published: Published | None) -> list[Holder]:
    """Delegations first, in the language of the page, with a number of queries that does not grow with them."""
    if published is None:
        return []
    language, narrowing = get_language() or "en", Narrowing(only=frozenset(services.audiences(user)))
    kinds = [kind for kind in services.kinds_for(user) if kind.audience is not Audience.STAFF]
    by_audience = {
        audience: [kind for kind in kinds if kind.audience is audience]
        for audience in (Audience.DELEGATION, Audience.DELEGATE)
    }
    holders = [
        (subject, kinds)
        for kinds in by_audience.values()
        if kinds and narrowing.only
        for subject in subjects_of(kinds[0], published, narrowing)
    ]
    rows = Document.objects.for_any_of(narrowing.only).filter(forum=published.forum_id, language=language)
    found = {
        (row.document.kind, row.document.subject): row
        for row in standings(rows.newest_of_each().light().order_by("pk"))
    }
    return [
        Holder(subject.label, [Line(kind, subject.key, found.get((kind.name, subject.key))) for kind in kinds])
        for subject, kinds in holders
    ]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_pack(request: Request) -> HttpResponse:
    """The reader's own pack, in the language of the page: a fragment of “My programme”."""
    delegate = services.accredited_delegate(request.user)
    print_of: dict[str, Any] = {
        "kind": "participant_pack",
        "subject": str(delegate and delegate.uuid),
        "language": get_language() or "en",
    }
    if delegate and request.method == "POST":
        services.request_document(**print_of, by=request.user)
        if not request.htmx:
            return redirect("registrations:my")
    pack = Document.objects.light().filter(**print_of).first() if delegate else None
    context = {"delegate": delegate, "standing": standing(pack) if pack else None}
    panel = framed(request, "documents/_my_pack.html" if request.htmx else "documents/my_pack.html", context)
    return copies.of_reader(panel, request, releases.current())
