"""What was typed in a language or a script of its own, as the administration shows it.

Codes, names of persons, functions, log texts stay as they were given, so that they are isolated from
the sentence around them and not translated. Text in four languages falls back to English, and says so.
"""

import re
from typing import Any

from django.conf import settings
from django.db.models import Model
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import get_language, get_language_bidi, get_language_info
from django.utils.translation import gettext as _

from .direction import isolated

LATIN, ARABIC = re.compile("[A-Za-z]"), re.compile("[\u0600-\u06ff]")


def as_given(text: Any) -> Any:
    """Isolated in markup. Text in both scripts runs as its first letter does."""
    if text is None or not LATIN.search(str(text)):
        return text
    if ARABIC.search(str(text)):
        return format_html('<bdi translate="no">{}</bdi>', text)
    return format_html('<bdi dir="ltr">{}</bdi>', text)


def given(row: Model, name: str) -> Any:
    return as_given(getattr(row, name)) or None


def in_words(row: Model, name: str) -> Any:
    """A field in four languages: marked where it falls back to English."""
    text = getattr(row, name)
    if text and not getattr(row, f"{name}_{get_language()}"):
        return format_html('<span lang="{}" dir="ltr">{}</span>', settings.LANGUAGE_CODE, text)
    return as_given(text) if get_language_bidi() else text


def yes_or_no(row: Model, name: str) -> str:
    """In words: the icons of Django say True and False in every language."""
    return _("Yes") if getattr(row, name) else _("No")


def name_of(row: object) -> str:
    """Of a row, in plain text: isolated where it is not of the direction of the page."""
    text = str(row)
    return isolated(text) if LATIN.search(text) else text


def in_language(what: str, code: str) -> str:
    """“Title, French”. Only English writes a language with a capital there."""
    language = get_language_info(code)["name_translated"]
    if get_language() != settings.LANGUAGE_CODE:
        language = language.lower()
    return _("%(field)s, %(language)s") % {"field": what, "language": language}


def label(db_field: Any) -> str:
    """Of a field in one of the four languages: what it holds and, but for English, in which."""
    original, language = capfirst(str(db_field.translated_field.verbose_name)), db_field.language
    return original if language == settings.LANGUAGE_CODE else in_language(original, language)


class Named:
    """A row whose name is isolated; all else is the row’s. Django’s templates write rows into sentences."""

    def __init__(self, row: Model) -> None:
        self._row = row

    def __str__(self) -> str:
        return name_of(self._row)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)
