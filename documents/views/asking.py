"""Asking for prints: what, of whom, in which languages, on which paper."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from programme import releases

from .. import services
from ..asking import request_documents
from ..forms import AskForm, NarrowForm
from ..kinds import Audience, Kind, Subject
from ..services import DocumentError
from ..subjects import subjects_of
from .desk import tell
from .frame import Request, framed


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Request) -> HttpResponse:
    """The kind and what narrows its subjects stand in the address, so that it can be linked."""
    kinds = services.kinds_for(request.user)
    kind = next((kind for kind in kinds if kind.name == request.GET.get("kind")), None)
    published, only = releases.current(), request.GET.getlist("subject")
    context: dict[str, Any] = {"groups": groups(kinds), "kind": kind, "query": request.GET.urlencode()}
    context["keep"] = f"&{urlencode({'subject': only}, doseq=True)}" if only else ""
    if published and kind:
        narrow = NarrowForm(request.GET, kind=kind, published=published)
        subjects = _theirs(request, subjects_of(kind, published, narrow.narrowing(only)))
        form = AskForm(
            request.POST or None,
            kind=kind,
            subjects=subjects,
            ticked=bool(only),
            languages=request.GET.getlist("language"),
            drafts=request.user.has_perm(services.EDIT),
        )
        if form.is_valid() and (answer := _asked(request, form)):
            return answer
        context |= {"narrow": narrow, "form": form, "subjects": subjects, "only": only}
        context["left_out"] = len(set(only) - {subject.key for subject in subjects})
    return framed(request, "documents/ask.html", context)


def _asked(request: Request, form: AskForm) -> HttpResponse | None:
    try:
        asked = request_documents(wanted=form.wanted(), by=request.user)
    except DocumentError as error:
        form.add_error(None, str(error))
        return None
    tell(request, asked)
    return redirect("documents:list")


def _theirs(request: Request, subjects: list[Subject]) -> list[Subject]:
    if services.is_staff(request.user):
        return subjects
    theirs = services.audiences(request.user)
    return [subject for subject in subjects if subject.key in theirs]


def groups(kinds: list[Kind[Any]]) -> list[tuple[str, list[Kind[Any]]]]:
    """The kinds in the order of the catalogue, under what they are prints of."""
    found: dict[str, list[Kind[Any]]] = {}
    for kind in kinds:
        found.setdefault(_group(kind), []).append(kind)
    return list(found.items())


def _group(kind: Kind[Any]) -> str:
    if kind.audience is Audience.DELEGATE:
        return _("For delegates")
    if kind.audience is Audience.DELEGATION:
        return _("For delegations")
    return _("Persons and places") if kind.of_register else _("The programme")
