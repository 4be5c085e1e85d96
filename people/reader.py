"""Whose copy a page is: said to the worker in the browser, which keeps nobody's pages for anybody else."""

from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

HEADER = "Reader"
NOBODY = "nobody"


def named(response: HttpResponse, request: HttpRequest) -> HttpResponse:
    """The response with a key that differs for each account and tells nothing of it."""
    user = request.user
    response[HEADER] = salted_hmac("people.reader", str(user.pk)).hexdigest()[:20] if user.is_authenticated else NOBODY
    return response
