"""The questions that can be asked. Each answer is a function of a release and its address."""

from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Path, Query, Schema
from ninja.errors import ValidationError
from ninja.operation import Operation
from ninja.renderers import JSONRenderer
from pydantic import Field

from .. import releases
from ..changes import public_changes
from ..forums import in_view
from ..releases import Published
from ..snapshot import SessionNode
from . import fill, shapes
from .fields import Day, Kind, Language
from .paging import Paging, listing
from .problems import Refused, problem


class Asking(HttpRequest):
    release: Published


class Renderer(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.url_name


api = Api(
    title="Programme of the Forum",
    version="1.0.0",
    description=(
        "The programme as it was last published, for reading. No key is needed. Every answer has an ETag: ask again"
        " with If-None-Match, and 304 says that nothing has changed. Parameters that are not named here are not looked"
        " at. Texts are plain: a “<” in one is that sign, and is to be shown as such."
    ),
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    renderer=Renderer(),
)

ForumSlug = Annotated[str, Path(description="The forum’s address.", examples=["marrakesh-2018"])]
SessionSlug = Annotated[str, Path(description="The session’s address.", examples=["common-space"])]
ThemeNumber = Annotated[int, Path(ge=1, examples=[2])]
ReleaseNumber = Annotated[int, Path(ge=1, examples=[1])]


class Filters(Schema):
    """Sessions that fulfil all that is asked."""

    day: Day | None = Field(None, description="Held on this day, where it is held.", examples=["2018-12-06"])
    kind: Kind | None = Field(None, description="Of this kind.", examples=["roundtable"])
    theme: int | None = Field(None, ge=1, description="Of the theme with this number.", examples=[2])
    room: str | None = Field(None, max_length=50, description="In the room of this slug.", examples=["oliveraie"])
    language: Language | None = Field(
        None, description="Can be followed in it: spoken on the floor or interpreted.", examples=["fr"]
    )

    def admit(self, session: SessionNode) -> bool:
        return (
            (self.day is None or session.is_on(self.day))
            and self.kind in (None, session.kind)
            and self.theme in (None, session.theme)
            and self.room in (None, session.room)
            and (self.language is None or self.language in (*session.floor_languages, *session.interpretation))
        )


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    wrong = (f"{fault['loc'][-1]}: {fault['msg']}" for fault in error.errors)
    return problem(400, "; ".join(wrong))


@api.exception_handler(Refused)
def refused(request: HttpRequest, error: Refused) -> HttpResponse:
    return problem(error.status, error.detail)


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    """For `release_page`, which may know where it has gone."""
    raise error


@api.get("/forums", response=shapes.Forums, url_name="forums", summary="All forums with a programme")
def forums(request: HttpRequest) -> Any:
    return {"items": [fill.forum(one) for one in in_view()]}


@api.get("/forums/{slug:forum}", response=shapes.Forum, url_name="forum", summary="One forum")
def forum(request: Asking, forum: ForumSlug) -> Any:
    return fill.forum(request.release)


@api.get(
    "/forums/{slug:forum}/releases", response=shapes.Releases, url_name="releases", summary="Releases, newest first"
)
def history(request: Asking, forum: ForumSlug, paging: Query[Paging]) -> Any:
    shown = request.release
    return listing(request, paging, shown.number, shown.history, lambda one: fill.release(shown, one))


@api.get(
    "/forums/{slug:forum}/releases/{int:number}", response=shapes.Release, url_name="release", summary="One release"
)
def release(request: Asking, forum: ForumSlug, number: ReleaseNumber) -> Any:
    return fill.release(request.release, _edition(request.release, number))


@api.get(
    "/forums/{slug:forum}/releases/{int:number}/changes",
    response=shapes.Changes,
    url_name="changes",
    summary="What changed between two releases",
)
def changes(
    request: Asking,
    forum: ForumSlug,
    number: ReleaseNumber,
    since: Annotated[
        int | None,
        Query(ge=1, description="An earlier release; without it the one before `number`.", examples=[1]),
    ] = None,
) -> Any:
    shown = request.release
    edition = _edition(shown, number)
    earlier = [one.number for one in shown.history if one.number < number]
    if since is not None and since not in earlier:
        raise Refused(404, f"There is no release {since} before release {number}.")
    since = since or next(iter(earlier), None)
    found: list[shapes.Change] = []
    if since:
        both = releases.of(shown, since, number)
        old, new = both[since].programme, both[number].programme
        found = [fill.change(one, old, new) for one in public_changes(old, new, edition.published_at)]
    return {"release": number, "since": since, "published_at": edition.published_at, "changes": found}


def _edition(shown: Published, number: int) -> releases.Edition:
    for edition in shown.history:
        if edition.number == number:
            return edition
    raise Http404


@api.get("/forums/{slug:forum}/sessions", response=shapes.Sessions, url_name="sessions", summary="The programme")
def sessions(request: Asking, forum: ForumSlug, filters: Query[Filters], paging: Query[Paging]) -> Any:
    """All that is published, in order of time: the days of the forum and the year before them."""
    shown = request.release
    listed = shown.programme.listed
    if filters.theme and shown.programme.theme(filters.theme) is None:
        raise Refused(404, f"There is no theme {filters.theme}.")
    if filters.room and all(one.room != filters.room for one in listed):
        raise Refused(404, "Nothing is held in a room of this name.")
    found = [one for one in listed if filters.admit(one)]
    return listing(request, paging, shown.number, found, lambda one: fill.session(shown, one))


@api.get(
    "/forums/{slug:forum}/sessions/{slug:slug}", response=shapes.OneSession, url_name="session", summary="One session"
)
def session(request: Asking, forum: ForumSlug, slug: SessionSlug) -> Any:
    node = request.release.programme.by_slug.get(slug)
    if node is None or not node.listed:
        raise Http404
    return {"release": request.release.number, "session": fill.session(request.release, node)}


@api.get(
    "/forums/{slug:forum}/roundtables",
    response=shapes.Sessions,
    url_name="roundtables",
    summary="Roundtables, with their outcomes and guiding questions",
)
def roundtables(request: Asking, forum: ForumSlug, paging: Query[Paging]) -> Any:
    shown = request.release
    return listing(request, paging, shown.number, shown.programme.roundtables, lambda one: fill.session(shown, one))


@api.get("/forums/{slug:forum}/themes", response=shapes.Themes, url_name="themes", summary="Themes")
def themes(request: Asking, forum: ForumSlug, paging: Query[Paging]) -> Any:
    shown = request.release
    return listing(request, paging, shown.number, shown.programme.themes, lambda one: fill.theme(shown, one))


@api.get("/forums/{slug:forum}/themes/{int:number}", response=shapes.OneTheme, url_name="theme", summary="One theme")
def theme(request: Asking, forum: ForumSlug, number: ThemeNumber) -> Any:
    node = request.release.programme.theme(number)
    if node is None:
        raise Http404
    return {"release": request.release.number, "theme": fill.theme(request.release, node)}


@api.get("/forums/{slug:forum}/rooms", response=shapes.Rooms, url_name="rooms", summary="Rooms that are used")
def rooms(request: Asking, forum: ForumSlug, paging: Query[Paging]) -> Any:
    return _all(request, paging, fill.rooms(request.release.programme))


@api.get(
    "/forums/{slug:forum}/commitments",
    response=shapes.Commitments,
    url_name="commitments",
    summary="International commitments, and what serves them",
)
def commitments(request: Asking, forum: ForumSlug, paging: Query[Paging]) -> Any:
    return _all(request, paging, fill.commitments(request.release.programme))


@api.get("/forums/{slug:forum}/references", response=shapes.References, url_name="references", summary="Footnotes")
def references(request: Asking, forum: ForumSlug, paging: Query[Paging]) -> Any:
    return _all(request, paging, fill.references(request.release.programme))


def _all(request: Asking, paging: Paging, found: list[Any]) -> dict[str, Any]:
    return listing(request, paging, request.release.number, found, lambda one: one)
