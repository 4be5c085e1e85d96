from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import DatabaseError
from django.http import HttpRequest
from django.middleware.locale import LocaleMiddleware
from django.utils import translation


class LanguageMiddleware(LocaleMiddleware):
    """The language is that of the address. Where it names none: the one asked for by `?language=`,
    then the account’s, then the browser’s.

    An address with a language never looks at the reader, so release pages need no session.
    """

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if translation.get_language_from_path(request.path_info):
            return
        if language := _asked_for(request) or _of_account(request):
            translation.activate(language)
            request.LANGUAGE_CODE = language


def _asked_for(request: HttpRequest) -> str:
    language = request.GET.get("language", "")
    return language if language in dict(settings.LANGUAGES) else ""


def _of_account(request: HttpRequest) -> str:
    """Nothing while the database is away: nobody is known then."""
    try:
        return request.user.language if request.user.is_authenticated else ""
    except DatabaseError:
        return ""


class DenyByDefaultMiddleware(LoginRequiredMiddleware):
    """Django's, but asks the view before the reader: a public page needs no session, so no database."""

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
