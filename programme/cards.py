"""Sessions on the agenda, drawn once: a release that changes one session draws that one anew on every page."""

from typing import Any

from django.template import loader
from django.utils.safestring import SafeString

from .addresses import Shown
from .reading import language
from .slots import Slot

MOST = 32_768  # cards held by one process
Key = tuple[str, str, str, int]

_drawn: dict[Key, tuple[list[Any], SafeString]] = {}


def card(slot: Slot, level: int, shown: Shown) -> SafeString:
    """The session under a heading of `level`, at the address that `shown` gives it."""
    if shown.release.is_draft:
        return _draw(slot, level, shown)
    key = slot.session.uuid, language(), shown.in_forum, level
    says, kept = _says(slot), _drawn.get(key)
    if kept and kept[0] == says:
        return kept[1]
    drawn = _draw(slot, level, shown)
    if len(_drawn) >= MOST:
        _drawn.clear()
    _drawn[key] = says, drawn
    return drawn


def _draw(slot: Slot, level: int, shown: Shown) -> SafeString:
    return loader.render_to_string("programme/_slot.html", {"slot": slot, "level": level, "shown": shown})


def _says(slot: Slot) -> list[Any]:
    """All that the card is a function of: of the programme around the session, the places and the days."""
    programme = slot.programme
    around = [programme.venues, programme.forum, programme.days]
    return [slot.session, slot.change, slot.above, around, [_says(part) for part in slot.parts]]
