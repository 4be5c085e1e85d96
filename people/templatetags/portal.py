"""Tags every page may use. They look at the address alone, never at the user or the session."""

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.utils.encoding import escape_uri_path
from django.utils.html import format_html
from django.utils.http import escape_leading_slashes
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_from_path, get_language_info

from people.direction import isolated, plain

register = template.Library()
register.filter("isolated", isolated)
register.filter("plain", plain)

# On a narrow screen a language stands by its code; Arabic by its own first letter.
SHORT_NAMES = {"ar": "ع"}


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A symbol of templates/_sprite.html. Always decoration: words beside it say the same."""
    return format_html('<svg class="{}" aria-hidden="true"><use href="#{}"/></svg>', f"i {css}".strip(), name)


@register.simple_tag(takes_context=True)
def language_url(context: Context, code: str) -> str:
    """This page in another language, with its query; release pages have dropped what they do not know of it.

    Addresses differ in the prefix only, so that also a page that does not exist keeps its address.
    One without prefix is asked for the language.
    """
    request: HttpRequest | None = context.get("request")
    if request is None:
        return f"/{code}/"
    query = request.GET.copy()
    if "next" in query:
        query["next"] = _in_language(str(query["next"]), code)
    if get_language_from_path(request.path_info) is None:
        query["language"] = code
    path = escape_leading_slashes(escape_uri_path(_in_language(request.path_info, code)))
    return f"{path}?{query.urlencode(safe='/')}" if query else path


def _in_language(path: str, code: str) -> str:
    prefix = get_language_from_path(path)
    return f"/{code}{path.removeprefix(f'/{prefix}')}" if prefix else path


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
