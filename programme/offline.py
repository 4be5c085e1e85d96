"""The programme in a pocket: the worker that keeps copies of pages, how it is installed, and what it asks."""

from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.utils.translation import get_language_info
from django.views.decorators.cache import never_cache
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from .addresses import Shown
from .builds import build
from .pages import release_page
from .reading import language
from .releases import Published
from .views import page

# Colours of the masthead and of paper, in light
NIGHT, PAPER = "#161a36", "#fdfcfb"
ICONS = [
    ("img/seal.svg", "any", "image/svg+xml", "any"),
    ("img/seal-192.png", "192x192", "image/png", "any"),
    ("img/seal-512.png", "512x512", "image/png", "any"),
    ("img/seal-maskable.png", "512x512", "image/png", "maskable"),
]


@require_safe
@login_not_required
@never_cache
@gzip_page
def worker(request: HttpRequest) -> HttpResponse:
    """Served from the root, for it answers for pages in every language; another build is another worker."""
    path = finders.find("js/worker.js")
    assert isinstance(path, str)
    script = Path(path).read_text(encoding="utf-8")
    return HttpResponse(f"// Build {build()}\n{script}", content_type="text/javascript; charset=utf-8")


@release_page()
def manifest(request: HttpRequest, release: Published) -> HttpResponse:
    """What a telephone needs to put the programme beside its other programs."""
    shown = Shown(request, release)
    start, code = shown.url("programme"), language()
    return JsonResponse(
        {
            "id": f"/?forum={release.programme.forum.slug}",
            "name": f"{shown.forum['acronym']} {shown.forum['city']} {shown.forum['year']}",
            "short_name": shown.forum["acronym"],
            "description": shown.forum["name"],
            "lang": code,
            "dir": "rtl" if get_language_info(code)["bidi"] else "ltr",
            "start_url": start,
            "scope": "/",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": NIGHT,
            "icons": [
                {"src": static(name), "sizes": sizes, "type": kind, "purpose": purpose}
                for name, sizes, kind, purpose in ICONS
            ],
        },
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
    )


@release_page()
def version(request: HttpRequest, release: Published) -> HttpResponse:
    """What an open page asks to learn whether the network is there, and whether it shows what is published."""
    return HttpResponse(release.version, content_type="text/plain; charset=utf-8")


@release_page()
def not_kept(request: HttpRequest, release: Published) -> HttpResponse:
    """Stands, without a network, at every address of which there is no copy."""
    return page(request, release, "offline.html")
