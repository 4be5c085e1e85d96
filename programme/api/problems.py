"""Why there is no answer, as RFC 9457 has it."""

import json
from http import HTTPStatus

from django.http import HttpResponse

TYPE = "application/problem+json"
DETAILS = {
    400: "The question is not one that this interface understands.",
    404: "There is nothing at this address, or it is not published.",
    405: "This interface is for reading: GET and HEAD.",
    500: "The portal could not answer. Ask again later.",
}


class Refused(Exception):
    """There is no answer, and `detail` says why."""

    def __init__(self, status: int, detail: str):
        super().__init__(detail)
        self.status = status
        self.detail = detail


def problem(status: int, detail: str = "") -> HttpResponse:
    title = HTTPStatus(status).phrase
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail or DETAILS.get(status, title),
    }
    return HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=TYPE)
