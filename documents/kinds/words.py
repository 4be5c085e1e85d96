"""Texts of prints, in the language that is active: days, hours, places, and who may come.

Names of the programme are markup, since one that stands in English for want of a translation is marked as such.
"""

from collections.abc import Iterable
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from people.direction import plain
from programme import dates, reading
from schedule.models import Role, Session

from .extracts import ForumExtract, Holder, Slot, Wording


# Days and hours
def language() -> str:
    return get_language() or "en"


def day(value: date) -> str:
    """“Thursday 6 December 2018”, “jeudi 6 décembre 2018”."""
    return dates.day(value, language(), year=True)


def local_day(moment: datetime, zone: str) -> str:
    return dates.day(moment.astimezone(ZoneInfo(zone)), language(), weekday=False, year=True)


def days(first: date, last: date) -> str:
    return dates.days(first, last, language())


def moment(value: datetime, zone: str, year: int) -> str:
    """“6 December, 08:41”, with the year when it is not `year`, that of the forum."""
    local = value.astimezone(ZoneInfo(zone))
    return dates.moment(local, language(), year=local.year != year)


def edition(published_at: datetime, zone: str, year: int) -> str:
    """“Programme of 6 December, 08:41”, on the clock of the forum."""
    return _("Programme of %(when)s") % {"when": moment(published_at, zone, year)}


def register(read_at: datetime, zone: str, year: int) -> str:
    """“Register of 5 December, 16:20”: delegates and places as they were then."""
    return _("Register of %(when)s") % {"when": moment(read_at, zone, year)}


def draft(read_at: datetime, zone: str, year: int) -> str:
    """“Draft of 5 December, 16:20”: the programme as it was being edited."""
    return _("Draft of %(when)s") % {"when": moment(read_at, zone, year)}


DAY_PARTS = dict(Session.DayPart.choices)


def hours(slot: Slot) -> str:
    """“10:00–12:30”, “22:00 to 7 December, 01:00”, “Morning”, “All day”, or that the day is not known."""
    start, end = slot.local_start, slot.local_end
    if start and end:
        if start.date() == end.date():
            return _from_the_left(f"{start:%H:%M}–{end:%H:%M}")
        return pgettext("hours that end on another day", "{start} to {day}, {end}").format(
            start=clock(start),
            day=dates.day(end.date(), language(), weekday=False),
            end=clock(end),
        )
    if slot.month:
        return _("Day to be announced")
    return str(DAY_PARTS[slot.day_part]) if slot.day_part else _("All day")


def zone(slot: Slot, forum: ForumExtract) -> str:
    """“New York time, UTC−5” for hours in another zone than the forum’s, else nothing."""
    if slot.local_start is None or slot.zone == forum.zone:
        return ""
    shift = _from_the_left(dates.offset(slot.local_start))
    if not slot.city:
        return shift
    return pgettext("hours of another city", "{city} time, {offset}").format(city=slot.city, offset=shift)


def clock(moment: datetime) -> str:
    return _from_the_left(dates.clock(moment))


def _from_the_left(digits: str) -> str:
    return f"\u2066{digits}\u2069"


def when(slot: Slot, forum: ForumExtract) -> str:
    """Day and hours in one line, as far as they are known."""
    if slot.month:
        return dates.month(slot.month, language())
    assert slot.first_day
    assert slot.last_day
    if slot.local_start:
        text = _("%(day)s, %(hours)s") % {"day": day(slot.first_day), "hours": hours(slot)}
        elsewhere = zone(slot, forum)
        return f"{text} ({elsewhere})" if elsewhere else text
    if slot.first_day != slot.last_day:
        return days(slot.first_day, slot.last_day)
    if slot.day_part:
        return _("%(day)s, %(hours)s") % {"day": day(slot.first_day), "hours": hours(slot).lower()}
    return day(slot.first_day)


def to_confirm(slot: Slot, *what: str) -> str:
    """What of `what` is still to be confirmed, in the order of weight."""
    words = {
        "session": _("to be confirmed"),
        "day": _("day to be confirmed"),
        "hours": _("hours to be confirmed"),
        "room": _("to be confirmed"),
    }
    return next((words[key] for key in what if key in slot.to_confirm), "")


# Places, persons, rules
def listed(items: Iterable[str]) -> str:
    """“A, B, C” with the comma of the language."""
    return pgettext("between the items of a list", ", ").join(items)


def labelled(label: str, text: str) -> SafeString:
    """“Co-chairs: Egypt”, with the space that French wants."""
    return format_html(pgettext("a label and its text", "{label}: {text}"), label=label, text=text)


def told(of: str, what: str) -> str:
    """The same as plain text: “Roundtable 2.2: new room”."""
    return plain(labelled(of, what))


def marked(text: str, language: str) -> SafeString:
    """A text, in its own language if that is not the print's."""
    return format_html('<span lang="{}" dir="ltr">{}</span>', language, text) if language else format_html("{}", text)


def named(slot: Slot, field: str) -> SafeString:
    return marked(getattr(slot, field), "en" if field in slot.in_english else "")


def place(slot: Slot) -> str:
    return reading.listed(filter(None, [named(slot, field) for field in PLACE_FIELDS])) or _("To be announced")


def name(slot: Slot) -> SafeString:
    """What kind of session it is, with its number or host: “Roundtable 2.2”, “Side-event of BMZ”."""
    if slot.number:
        return marked(_("Roundtable %(number)s") % {"number": slot.number}, "")
    return named(slot, "host") or marked(str(Session.Kind(slot.kind).label), "")


def entry(slot: Slot) -> SafeString:
    text = str(Session.Entry(slot.entry).label) if slot.entry else ""
    found = filter(None, [text, named(slot, "entry_note")])  # the note is a sentence
    return format_html_join(". ", "{}", ((part,) for part in found))


def record(slot: Slot) -> str:
    return ". ".join(filter(None, [recorded(slot), open_to_media(slot)]))


def recorded(slot: Slot) -> str:
    return str(Session.Record(slot.record).label) if slot.record else ""


def open_to_media(slot: Slot) -> str:
    return str(Session.Media(slot.media).label) if slot.media else ""


def media(slot: Slot) -> str:
    """The same where a heading says what it is about."""
    words = {"open": _("Open"), "photo": _("Photo opportunity"), "closed": _("Closed")}
    return words.get(slot.media, "")


def language_names() -> dict[str, str]:
    return {"en": _("English"), "fr": _("French"), "es": _("Spanish"), "ar": _("Arabic")}


def languages(codes: Iterable[str]) -> str:
    return listed(language_names()[code] for code in codes)


def language_within(code: str) -> str:
    """Within a sentence, where only English writes a capital."""
    name = language_names()[code]
    return name if language() == "en" else name.lower()


def holders(roles: Iterable[Holder]) -> dict[str, SafeString]:
    """Names by role ("Co-chairs": "Philippines, Egypt, Zambia"), in the order given."""
    names: dict[str, list[SafeString]] = {}
    for role in roles:
        names.setdefault(role.role, []).append(marked(role.name, role.language))
    return {role_name(role, len(found)): reading.listed(found) for role, found in names.items()}


def role_name(role: str, count: int = 1) -> str:
    if role == Role.Kind.CO_CHAIR:
        return ngettext("Co-chair", "Co-chairs", count)
    return str(Role.Kind(role).label)


def hours_of(forum: ForumExtract) -> str:
    """“All hours are those of Marrakesh (UTC+1).”"""
    noon = datetime.combine(forum.starts_on, time(12), ZoneInfo(forum.zone))
    return _("All hours are those of %(city)s (%(offset)s).") % {
        "city": forum.city,
        "offset": _from_the_left(dates.offset(noon)),
    }


def cancelled(slot: Slot, forum: ForumExtract) -> str:
    """“Cancelled on 6 December, 07:55”, on the clock of the forum."""
    if slot.cancelled_at is None:
        return ""
    return _("Cancelled on %(when)s") % {"when": moment(slot.cancelled_at, forum.zone, forum.starts_on.year)}


TIME_FIELDS = ("timing", "starts_at", "ends_at", "starts_on", "ends_on", "day_part", "month", "zone")
PLACE_FIELDS = ("room", "venue", "city")


def changes(old: Slot, new: Slot, forum: ForumExtract) -> list[str]:
    """What of time, place and name differs, a phrase each."""
    found = []
    if bool(old.cancelled_at) != bool(new.cancelled_at):
        found.append(_("cancelled") if new.cancelled_at else _("held again"))
    if _differ(old, new, TIME_FIELDS):
        found.append(_("new time: %(when)s") % {"when": when(new, forum)})
    if _differ(old, new, PLACE_FIELDS):
        found.append(_("new room: %(place)s") % {"place": new.room or plain(place(new))})
    if _differ(old, new, ("title", "host", "number", "theme")):
        found.append(_("title"))
    if _differ(old, new, ("entry", "entry_note", "media", "record", "interpretation")):
        found.append(_("who enters, media and record"))
    if old.to_confirm != new.to_confirm:
        found.append(_("what is to be confirmed"))
    return found


def _differ(old: Slot, new: Slot, fields: tuple[str, ...]) -> bool:
    return any(getattr(old, field) != getattr(new, field) for field in fields)


# Kinds whose name says more than their title alone
NAMED = ("roundtable", "side_event", "workshop")


def heading(slot: Slot) -> tuple[SafeString, Wording]:
    """What stands bold in a timetable, and what beside it. “Side-event” is not said twice."""
    bold = name(slot)
    said_twice = _begins_alike(plain(bold).casefold().split(), slot.title.text.casefold().split())
    if not slot.title.text or (slot.kind in NAMED and not said_twice):
        return bold, slot.title
    return marked(slot.title.text, slot.title.language), Wording()


def _begins_alike(name: list[str], title: list[str]) -> bool:
    """Also in the plural: “نشاط جانبي” and “أنشطة جانبية” have only their second words in common."""
    return len(title) >= len(name) and title[len(name) - 1].startswith(name[-1])


def room(slot: Slot) -> str:
    return named(slot, "room") or named(slot, "venue") or _("To be announced")


def house(slot: Slot) -> SafeString:
    """Where that is which `room` names."""
    around = PLACE_FIELDS[1:] if slot.room else PLACE_FIELDS[2:]
    return reading.listed(filter(None, [named(slot, field) for field in around]))


def called(slot: Slot) -> str:
    """What a sentence calls it: “Roundtable 2.2”, or its title."""
    bold, title = heading(slot)
    return plain(bold) or title.text
