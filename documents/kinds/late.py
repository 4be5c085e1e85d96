"""What has changed late: sessions as they stood and as they stand, from what was news in a release."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _
from msgspec import structs

from programme import reading
from programme.changes import SessionChange
from programme.snapshot import Programme

from . import words
from .extracts import Extract, ForumExtract, Slot, slot


class Late(Extract, frozen=True, kw_only=True):
    """`before` is None for a session that was added, `after` for one that was taken out; `at` is when."""

    before: Slot | None = None
    after: Slot | None = None
    at: datetime


def late(change: SessionChange, programme: Programme, language: str) -> Late:
    stood = structs.replace(programme, venues=change.venues_before)  # its room may have gone since
    return Late(
        before=slot(stood, change.before, language) if change.before else None,
        after=slot(programme, change.after, language) if change.after else None,
        at=change.at,
    )


@dataclass(frozen=True)
class Fact:
    """Of a session: what no longer holds, and what holds instead."""

    old: str
    new: str
    old_language: str = ""
    new_language: str = ""


def facts(found: Late, forum: ForumExtract, on: date) -> list[Fact]:
    """As told on a day. Empty where nothing reads otherwise in the language of the print."""
    before, after = found.before, found.after
    if before is None or after is None:
        return [Fact(_whole(before, forum, on), _whole(after, forum, on) or _("no longer in the programme"))]
    if after.cancelled_at:
        return [] if before.cancelled_at else [Fact(_whole(before, forum, on), words.cancelled(after, forum))]
    if before.cancelled_at:
        return [Fact(words.cancelled(before, forum), _whole(after, forum, on))]
    where = words.room if before.venue == after.venue else words.place
    told = [
        Fact(when(before, forum, on), when(after, forum, on)),
        Fact(where(before), where(after)),
        Fact(before.title.text, after.title.text, before.title.language, after.title.language),
    ]
    return [fact for fact in told if fact.old != fact.new]


def when(place: Slot, forum: ForumExtract, on: date) -> str:
    """Without the day where that is `on`."""
    if not place.first_day == place.last_day == on:
        return words.when(place, forum)
    elsewhere = words.zone(place, forum)
    return f"{words.hours(place)} ({elsewhere})" if elsewhere else words.hours(place)


def _whole(place: Slot | None, forum: ForumExtract, on: date) -> str:
    if place is None:
        return ""
    where = words.room if place.city == forum.city else words.place
    return reading.listed([when(place, forum, on), where(place)])
