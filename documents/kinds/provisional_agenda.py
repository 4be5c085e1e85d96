"""The provisional agenda: what is on it, by number, on one page."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from programme.releases import Published
from programme.snapshot import Programme, SessionNode

from . import words
from .base import Bound, Kind, Marks, Subject, series
from .extracts import Extract, ForumExtract, Slot, forum_extract, name_of, slot

# What the forum itself does; what others hold beside it has a programme of its own
OFFICIAL = ("plenary", "roundtable", "common_space", "special_session", "business_mechanism", "civil_society_days")


class AgendaItemsExtract(Extract, frozen=True, kw_only=True):
    """`roundtables` are one item, after the `before` items that begin earlier than the first of them."""

    forum: ForumExtract
    items: tuple[Slot, ...]
    roundtables: tuple[Slot, ...] = ()
    before: int = 0


@dataclass(frozen=True)
class Line:
    mark: str
    text: str
    language: str = ""
    theme: int | None = None


@dataclass(frozen=True)
class AgendaItem:
    number: int
    text: str
    language: str
    parts: list[Line]


class ProvisionalAgenda(Kind[AgendaItemsExtract]):
    name = "provisional_agenda"
    label = gettext_lazy("Provisional agenda")
    template = "documents/print/provisional_agenda.html"
    reads = AgendaItemsExtract

    def subjects(self, programme: Programme) -> list[Subject]:
        return [Subject("", _("The whole agenda"))]

    def extract(self, published: Published, subject: str, language: str) -> AgendaItemsExtract | None:
        programme = published.programme
        official = [session for session in programme.listed if _is_official(programme, session)]
        if subject or not official:
            return None
        items = [session for session in official if session.kind != "roundtable"]
        roundtables = [session for session in programme.roundtables if session in official]
        first = min((session.sort_key for session in roundtables), default=None)
        return AgendaItemsExtract(
            forum=forum_extract(programme, language),
            items=tuple(name_of(slot(programme, session, language)) for session in items),
            roundtables=tuple(name_of(slot(programme, session, language)) for session in roundtables),
            before=len([session for session in items if first and session.sort_key < first]),
        )

    def title(self, extract: AgendaItemsExtract) -> str:
        return _("Provisional agenda of the %(forum)s") % {"forum": extract.forum.title}

    def symbol(self, extract: AgendaItemsExtract) -> str:
        return series(extract.forum.acronym, extract.forum.starts_on, "1")

    def filename(self, subject: str, extract: AgendaItemsExtract) -> str:
        return "provisional-agenda"

    def context(self, extract: AgendaItemsExtract, marks: Marks, papers: list[Bound]) -> dict[str, Any]:
        items = [_item(place) for place in extract.items]
        if extract.roundtables:
            items.insert(extract.before, (_("Roundtables"), "", _parts(extract.roundtables)))
        return {
            "print": marks,
            "title": extract.forum.title,
            "items": [AgendaItem(number, *item) for number, item in enumerate(items, 1)],
        }

    def changes(self, old: AgendaItemsExtract, new: AgendaItemsExtract) -> list[str]:
        before = {place.uuid: place for place in (*old.items, *old.roundtables)}
        after = {place.uuid: place for place in (*new.items, *new.roundtables)}
        # Not inside the f-strings: makemessages does not look there
        added, taken_out, title = _("added"), _("taken out"), _("title")
        found = [words.told(words.called(place), added) for uuid, place in after.items() if uuid not in before]
        found += [words.told(words.called(place), taken_out) for uuid, place in before.items() if uuid not in after]
        found += [
            words.told(words.called(place), title)
            for uuid, place in after.items()
            if uuid in before and before[uuid].title != place.title
        ]
        return found or [_("order of the items")]


def _is_official(programme: Programme, session: SessionNode) -> bool:
    day, forum = session.first_day, programme.forum
    near = bool(day and abs((day - forum.starts_on).days) <= 7)
    return session.kind in OFFICIAL and not session.parent and not session.is_cancelled and near


def _item(place: Slot) -> tuple[str, str, list[Line]]:
    bold, title = words.heading(place)
    if title.text:
        return words.labelled(bold, title.text), title.language, []
    return bold, place.title.language, []


def _letters() -> str:
    """What sub-items are counted by; Arabic papers of the United Nations use the old order of the letters."""
    return "أبجدهوزحطي" if words.language() == "ar" else "abcdefghij"


def _parts(roundtables: tuple[Slot, ...]) -> list[Line]:
    return [
        Line(f"({mark})", words.labelled(words.name(place), place.title.text), place.title.language, place.theme)
        for mark, place in zip(_letters(), roundtables, strict=False)
    ]
