"""What a paper says of its being issued, in the language that is active."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from people.direction import plain
from programme import dates, reading

from . import words


def issued(issued_at: datetime, zone: str) -> str:
    """“Issued 6 December 2018”"""
    return _("Issued %(day)s") % {"day": words.local_day(issued_at, zone)}


def status(code: str, *, is_issued: bool) -> str:
    """Of a print in the language `code`."""
    if code == "en":
        return "" if is_issued else _("Provisional")
    return _("Unofficial translation") if is_issued else _("Provisional; unofficial translation")


def only(codes: Iterable[str]) -> str:
    """“English only”, “English and French only”: the languages in which a paper is issued."""
    names = plain(reading.conjoined(words.language_names()[code] for code in codes))
    if words.language() != "en":  # the others write languages small
        names = names.lower()
    return dates.capital(pgettext("languages of a paper", "%(languages)s only") % {"languages": names})
