from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse


def documents(request: HttpRequest) -> HttpResponse:
    raise NotImplementedError


my_pack = document = again = download = documents


@login_not_required
def verify(request: HttpRequest, code: str) -> HttpResponse:
    raise NotImplementedError
