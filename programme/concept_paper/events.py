"""Workshops and side-events of a year, each on one line: “Labour migration (3rd May in Geneva)”."""

import re
from datetime import date, timedelta

from programme.dates import MONTHS

from .tree import Event, When

MONTH = {name: number for language in ("en", "fr") for number, name in enumerate(MONTHS[language], 1)}
MONTH = {name.lower(): number for name, number in MONTH.items()}
MONTH_WORD = "|".join(MONTH)
NUMBER = r"\d{1,2}(?:st|nd|rd|th|er)?"
DAYS = rf"{NUMBER}(?:(?:\s*[,–—-]\s*|\s+(?:and|et|to|au)\s+(?:le\s+)?){NUMBER})*"
YEAR = r"(?:,?\s+(?P<year>\d{4}))?"
DATE = re.compile(
    rf"\b(?:(?P<days>{DAYS})\s+(?P<month>{MONTH_WORD})|(?P<of>{MONTH_WORD})(?:\s+(?P<later>{DAYS}))?)\b{YEAR}",
    re.IGNORECASE,
)
OPEN_DATE = re.compile(r"\b(?:TBC|TBD|to be confirmed|à confirmer|date à préciser)\b", re.IGNORECASE)
BESIDE = re.compile(r"^(?:[\s,;–—-]+|(?:in|on|from|to|the|en|les|le|du|au|à)\b)+|[\s,;–—-]+$", re.IGNORECASE)
EVENT = re.compile(r"(?P<title>.*\S)\s*\((?P<written>[^()]*)\)\s*[.;]?", re.DOTALL)


def event(kind: str, line: int, text: str, year: int | None) -> Event:
    """`when` is None where the bracket at the end holds no date, or days that do not follow each other."""
    found = EVENT.fullmatch(text)
    if not found or not (DATE.search(found["written"]) or OPEN_DATE.search(found["written"])):
        return Event(kind=kind, line=line, title=text)
    city = OPEN_DATE.sub("", DATE.sub("", found["written"]))
    return Event(
        kind=kind, line=line, title=found["title"], when=when(found["written"], year), city=BESIDE.sub("", city)
    )


def when(written: str, year: int | None) -> When | None:
    dates = list(DATE.finditer(written))
    to_confirm = bool(OPEN_DATE.search(written))
    years = [int(found["year"]) for found in dates if found["year"]]
    year = years[-1] if years else year
    if not dates or not year:
        return None
    days = [day for found in dates for day in _days(found, year)]
    if not days:
        month = date(year, _month(dates[0]), 1)
        return When(written=written, timing="month", month=month, to_confirm=to_confirm) if len(dates) == 1 else None
    if None in days:
        return None
    known = [day for day in days if day]
    listed = re.search(rf"{NUMBER}\s*(?:,|\b(?:and|et)\b)", written) and len(dates) == 1
    if known != sorted(known) or (listed and known[-1] - known[0] != timedelta(days=len(known) - 1)):
        return None
    return When(written=written, timing="dated", starts_on=known[0], ends_on=known[-1], to_confirm=to_confirm)


def _month(found: re.Match[str]) -> int:
    return MONTH[(found["month"] or found["of"]).lower()]


def _days(found: re.Match[str], year: int) -> list[date | None]:
    numbers = re.findall(r"\d+", found["days"] or found["later"] or "")
    return [_day(int(found["year"] or year), _month(found), int(number)) for number in numbers]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
