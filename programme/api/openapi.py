"""The document of the interface (OpenAPI 3.1), with what all its answers have in common."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from . import problems, shapes
from .examples import answers
from .middleware import BEGINS
from .views import api

JSON = "application/json"
TAG = {"description": "Changes whenever the answer does.", "schema": {"type": "string"}, "example": 'W/"0f3a"'}
WAIT = {"description": "After how many seconds to ask again.", "schema": {"type": "integer"}, "example": 20}


@cache
def described() -> dict[str, Any]:
    whole = dict(api.get_openapi_schema(path_prefix=BEGINS.strip("/") + "/"))
    whole["components"]["schemas"]["Problem"] = shapes.Problem.model_json_schema()
    whole["components"]["headers"] = {"ETag": TAG, "Retry-After": WAIT}
    whole["components"]["responses"] = {
        "moved": {
            "description": "It has another address now.",
            "headers": {"Location": {"schema": {"type": "string"}}},
        },
        "unchanged": {"description": "Not Modified", "headers": _headers("ETag")},
        "not-understood": _problem(400, "theme: Input should be greater than or equal to 1"),
        "not-found": _problem(404),
        "too-many": {**_problem(429, "Ask again in 20 s."), "headers": _headers("Retry-After")},
    }
    whole["servers"] = [{"url": settings.BASE_URL}]
    shown = answers()
    for operations in whole["paths"].values():
        operation = operations["get"]
        found = operation["responses"][200]
        found["headers"] = _headers("ETag")
        found["content"][JSON]["example"] = shown[operation["operationId"]]
        others = {304: "unchanged", 429: "too-many"}
        if operation["parameters"]:
            others |= {301: "moved", 400: "not-understood", 404: "not-found"}
        for status, name in sorted(others.items()):
            operation["responses"][status] = {"$ref": f"#/components/responses/{name}"}
        for parameter in operation["parameters"]:
            if "examples" in parameter:  # a list is right in a schema, and here is not
                parameter["example"] = parameter.pop("examples")[0]
            for choice in parameter["schema"].get("anyOf", ()):
                if choice == {"type": "null"}:  # in an address that is a blank, which is as if it were not there
                    choice |= {"type": "string", "const": ""}
    return whole


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def _problem(status: int, detail: str = "") -> dict[str, Any]:
    example = json.loads(problems.problem(status, detail).content)
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": example["title"], "content": {problems.TYPE: {"schema": schema, "example": example}}}


def filters_of(name: str) -> list[str]:
    """The parameters that an address looks at."""
    for router in api._get_bound_routers():
        for found in router.path_operations.values():
            for operation in found.operations:
                if operation.url_name == name:
                    models = [model for model in operation.models if model.__ninja_param_source__ == "query"]
                    return [field for model in models for field in model.__ninja_flatten_map__]
    raise LookupError(name)


def document(request: HttpRequest) -> HttpResponse:
    return HttpResponse(json.dumps(described(), ensure_ascii=False), content_type=JSON)
