"""How pages say the values of a release. `say` and `prose` mark what is not in the reader’s language."""

from datetime import date
from typing import Any

from django import template
from django.template import Context
from django.urls import reverse
from django.utils.safestring import SafeString

from programme import dates, reading, slots, times
from programme.snapshot import SessionNode, Text, ThemeNode

register = template.Library()

register.filter("say", reading.say)
register.filter("said", reading.said)
register.filter("name", reading.name)
register.filter("full_name", reading.full_name)


@register.filter
def names(parties: Any) -> SafeString:
    """Parties by their short names, in the order given."""
    return reading.conjoined(reading.say(party.name) for party in parties)


@register.simple_tag(takes_context=True)
def prose(context: Context, text: Text) -> SafeString:
    return reading.prose(text, context["programme"].reference_numbers)


@register.simple_tag(takes_context=True)
def prose_inline(context: Context, text: Text) -> SafeString:
    return reading.inline(text, context["programme"].reference_numbers)


@register.simple_tag(takes_context=True)
def page(context: Context, name: str, **kwargs: Any) -> str:
    """The address of a page, where the reader is: short, under the forum, or in the preview."""
    shown = context.get("shown")
    return shown.url(name, **kwargs) if shown else reverse(f"programme:{name}", kwargs=kwargs)


@register.simple_tag(takes_context=True)
def session_page(context: Context, session: SessionNode) -> str:
    return context["shown"].session_url(session)


@register.simple_tag(takes_context=True)
def where(context: Context, session: SessionNode, long: bool = False) -> SafeString:
    return times.where(session, context["programme"], long=long)


@register.simple_tag(takes_context=True)
def moment(context: Context, value: Any) -> str:
    return times.moment(value, context["programme"])


@register.filter
def day(value: date) -> SafeString:
    return times.day(value)


@register.filter
def clock(value: Any) -> SafeString:
    return times.clock(value)


@register.filter
def plain_day(value: date) -> str:
    """For headings and titles of windows: with a capital."""
    return dates.capital(dates.day(value, reading.language()))


@register.filter
def short_weekday(value: date) -> str:
    return dates.capital(dates.weekday_name(value, reading.language(), short=True))


@register.filter
def host_of(address: str) -> str:
    """An address as it is read: without the scheme."""
    return address.split("://", 1)[-1].rstrip("/")


@register.filter
def tile(theme: ThemeNode) -> str:
    """The icon of a theme: the piece of the panel that stands for it."""
    return slots.tile(theme.number)
