"""How pages say the values of a release. `say` and `prose` mark what is not in the reader’s language."""

from datetime import date
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.urls import reverse
from django.utils.safestring import SafeString

from programme import cards, dates, present, reading, slots, times
from programme.commitments import Serving
from programme.feeds import linked
from programme.snapshot import SessionNode, Text, ThemeNode

register = template.Library()

register.filter("say", reading.say)
register.filter("said", reading.said)
register.filter("name", reading.name)
register.filter("full_name", reading.full_name)
register.filter("place_of", present.place_of)
register.filter("is_unofficial", present.is_unofficial)


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


@register.simple_tag
def webcal(address: str) -> str:
    """The address of a feed for programs that follow calendars."""
    return f"webcal://{settings.BASE_URL.split('://', 1)[1]}{address}"


@register.simple_tag(takes_context=True)
def linked_data(context: Context, slot: slots.Slot | None = None) -> SafeString:
    """What search engines read of a session, or of the forum."""
    release = context["release"]
    return linked.of_session(release, slot) if slot else linked.of_forum(release)


@register.simple_tag(takes_context=True)
def block_text(context: Context, name: str) -> SafeString:
    """What the page puts into the block `name`, to be said a second time."""
    block = context.render_context[BLOCK_CONTEXT_KEY].get_block(name)
    return block.render(context)


@register.simple_tag(takes_context=True)
def card(context: Context, slot: slots.Slot, level: int) -> SafeString:
    return cards.card(slot, level, context["shown"])


@register.simple_tag(takes_context=True)
def session_page(context: Context, session: SessionNode) -> str:
    return context["shown"].session_url(session)


@register.simple_tag(takes_context=True)
def serving_page(context: Context, serving: Serving) -> str:
    return context["shown"].serving_url(serving)


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
