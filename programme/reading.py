"""Values per language as one reader gets them: their own, else English marked as such."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, pgettext
from django.utils.translation import gettext as _

from people.direction import latin_isolated

from . import texts
from .snapshot import PersonNode, RoleNode, Text

FALLBACK = "en"


class Titled(Protocol):
    """A session, of a release or by itself."""

    @property
    def number(self) -> str: ...

    @property
    def title(self) -> Text: ...


def language() -> str:
    return get_language() or FALLBACK


def choose(text: Text) -> tuple[str, str]:
    """The value for this reader and its language: theirs, else English, else what there is."""
    for code in (language(), FALLBACK, *text):
        if text.get(code):
            return text[code], code
    return "", language()


def said(text: Text) -> str:
    """The value without a mark, for titles of windows and the like."""
    return choose(text)[0]


def say(text: Text) -> SafeString:
    """The value, escaped; inside <span lang dir> when it is not in the reader’s language."""
    value, code = choose(text)
    runs_from_the_right = get_language_info(code)["bidi"]
    return _marked("span", latin_isolated(value) if runs_from_the_right else format_html("{}", value), code)


def prose(text: Text, numbers: Mapping[str, int]) -> SafeString:
    value, code = choose(text)
    return _marked("div", texts.html(value, numbers), code) if value else SafeString()


def inline(text: Text, numbers: Mapping[str, int]) -> SafeString:
    value, code = choose(text)
    return _marked("span", texts.inline(value, numbers), code)


def listed(items: Iterable[str]) -> SafeString:
    """“A, B, C” with the comma of the language."""
    separator = pgettext("between the items of a list", ", ")
    return format_html_join(separator, "{}", ((item,) for item in items))


def conjoined(items: Iterable[str]) -> SafeString:
    """“A, B and C”."""
    every = list(items)
    if len(every) < 2:
        return listed(every)
    return format_html(
        pgettext("end of a list of names", "{first} and {last}"), first=listed(every[:-1]), last=every[-1]
    )


def name(session: Titled) -> SafeString:
    """“Roundtable 2.2”, or the title."""
    if not session.number:
        return say(session.title)
    return format_html(_("Roundtable {number}"), number=format_html('<bdi dir="ltr">{}</bdi>', session.number))


def full_name(session: Titled) -> SafeString:
    """“Roundtable 2.2: Regional mobility …”, or the title."""
    return titled(session, say(session.title))


def titled(session: Titled, title: SafeString) -> SafeString:
    """The full name where the title is marked up otherwise."""
    if not session.number:
        return title
    return format_html(pgettext("number and title of a roundtable", "{name}: {title}"), name=name(session), title=title)


def person(node: PersonNode) -> SafeString:
    """As given; in Arabic by the Arabic name where there is one."""
    if language() == "ar" and node.arabic_name:
        return format_html("{}", node.arabic_name)
    return format_html('<bdi dir="ltr">{}</bdi>', node.name)


def role(node: RoleNode) -> SafeString:
    """Who holds it: “Philippines”, or “Arriola (Philippines)”."""
    if node.person and node.party:
        return format_html("{} ({})", person(node.person), say(node.party.name))
    if node.person:
        return person(node.person)
    return say(node.party.name) if node.party else SafeString()


def _marked(tag: str, content: SafeString, code: str) -> SafeString:
    if code == language():
        return content
    direction = "rtl" if get_language_info(code)["bidi"] else "ltr"
    return format_html('<{} lang="{}" dir="{}">{}</{}>', tag, code, direction, content, tag)
