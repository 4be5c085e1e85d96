"""The barest server there can be under the same web server: given bytes at given paths, without middleware.

FLOOR names a folder with `<number>.body` files and `answers.json`: path to file, content type and encoding.
"""

import json
import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import re_path

settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], MIDDLEWARE=[])
FOLDER = Path(os.environ["FLOOR"])
ANSWERS = {
    path: ((FOLDER / name).read_bytes(), content_type, encoding)
    for path, (name, content_type, encoding) in json.loads((FOLDER / "answers.json").read_text()).items()
}


def answer(request: HttpRequest) -> HttpResponse:
    try:
        body, content_type, encoding = ANSWERS[request.path_info]
    except KeyError:
        raise Http404 from None
    headers = {"Content-Length": str(len(body)), **({"Content-Encoding": encoding} if encoding else {})}
    return HttpResponse(body, content_type=content_type, headers=headers)


urlpatterns = [re_path("", answer)]
application = get_wsgi_application()
