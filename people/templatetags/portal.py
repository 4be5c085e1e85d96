"""Tags every page may use. They look at the address alone, never at the user or the session."""

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_from_path, get_language_info

register = template.Library()

# On a narrow screen a language stands by its code; Arabic by its own first letter.
SHORT_NAMES = {"ar": "ع"}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A symbol of templates/_sprite.html. Always decoration: words beside it say the same."""
    return format_html('<svg class="{}" aria-hidden="true"><use href="#{}"/></svg>', f"i {css}".strip(), name)


@register.simple_tag(takes_context=True)
def language_url(context: Context, code: str) -> str:
    """This page in another language. Addresses differ in the prefix only, so that also a page
    that does not exist keeps its address. Release pages have dropped what they do not know of the query.
    """
    request: HttpRequest | None = context.get("request")
    prefix = get_language_from_path(request.path_info) if request else None
    if request is None or prefix is None:
        return f"/{code}/"
    query = request.GET.urlencode()
    return f"/{code}{request.path_info.removeprefix(f'/{prefix}')}" + (f"?{query}" if query else "")


@register.simple_tag(takes_context=True)
def here(context: Context) -> str:
    """This page’s address as a print names it: on the portal’s own host, whatever host was asked."""
    request: HttpRequest | None = context.get("request")
    return settings.BASE_URL.split("://", 1)[1] + (request.path if request else "")


@register.simple_tag(takes_context=True)
def languages(context: Context) -> list[dict[str, object]]:
    """The languages of the portal, each by its own name, with this page's address in it."""
    return [
        {
            "code": code,
            "name": name,
            "short": SHORT_NAMES.get(code, code.upper()),
            "bidi": get_language_info(code)["bidi"],
            "url": language_url(context, code),
            "current": code == get_language(),
        }
        for code, name in settings.LANGUAGES
    ]
