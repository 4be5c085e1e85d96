"""Every page that anyone may read, in each language, for search engines."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from ..pages import release_page
from ..releases import Published

Item = tuple[str, dict[str, Any]]


class Pages(Sitemap):
    i18n = True
    alternates = True
    x_default = True

    def __init__(self, release: Published) -> None:
        self.release = release

    def items(self) -> list[Item]:
        return list(_pages(self.release))

    def get_domain(self, site: object = None) -> str:
        """The portal’s own, whatever host was asked."""
        return urlsplit(settings.BASE_URL).netloc

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.BASE_URL).scheme

    def location(self, item: Item) -> str:
        name, kwargs = item
        return reverse(f"programme:{name}", kwargs={"forum": self.release.programme.forum.slug, **kwargs})

    def lastmod(self, item: Item) -> Any:
        return self.release.published_at


def _pages(release: Published) -> Iterator[Item]:
    programme = release.programme
    for name in ("home", "programme", "themes", "workshops", "commitments", "sections", "releases"):
        yield name, {}
    for day in programme.days:
        yield "day", {"day": day}
    for theme in programme.themes:
        yield "theme", {"number": theme.number}
    for session in programme.listed:
        yield ("roundtable", {"number": session.number}) if session.number else ("session", {"slug": session.slug})
    for section in programme.sections:
        yield "section", {"slug": section.slug}


@release_page()
def sitemap(request: HttpRequest, release: Published) -> HttpResponse:
    urls = render_to_string("sitemap.xml", {"urlset": Pages(release).get_urls()})
    return HttpResponse(urls, content_type="application/xml")


def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /verify/"]
    for code, _name in settings.LANGUAGES:
        lines += [f"Disallow: /{code}/{path}/" for path in ("accounts", "documents", "delegation", "my", "preview")]
    return HttpResponse(
        "\n".join([*lines, "", f"Sitemap: {settings.BASE_URL}/sitemap.xml", ""]), content_type="text/plain"
    )
