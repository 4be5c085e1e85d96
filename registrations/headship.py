"""When somebody heads a delegation, by days and halves of days, as the reader says it.

A half-day begins at midnight or at noon where the forum is held; until a half-day means: that one included.
"""

from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from people.direction import isolated
from programme import dates
from programme.reading import language
from schedule.models import Forum, Session

from .models import DelegationHead

NOON = time(12)


def half_days(forum: Forum) -> Iterator[datetime]:
    """Each half-day of the forum by the moment at which it begins."""
    for ahead in range((forum.ends_on - forum.starts_on).days + 1):
        for hour in (time(), NOON):
            yield datetime.combine(forum.starts_on + timedelta(days=ahead), hour, forum.zone)


def first_half_day(moment: datetime) -> str:
    """“Thursday 6 December”, “Thursday 6 December, afternoon”; another hour as it is."""
    if moment.time() == time():
        return dates.day(moment, language())
    return _at(moment, str(Session.DayPart.AFTERNOON.label).lower() if moment.time() == NOON else "")


def _last_half_day(moment: datetime) -> str:
    """The one that `moment` ends."""
    if moment.time() == time():
        return dates.day(moment - timedelta(days=1), language())
    return _at(moment, str(Session.DayPart.MORNING.label).lower() if moment.time() == NOON else "")


def _at(moment: datetime, part: str) -> str:
    return pgettext("day and hours", "{day}, {hours}").format(
        day=dates.day(moment, language()), hours=part or isolated(dates.clock(moment))
    )


def span(head: DelegationHead, forum: Forum) -> str:
    begins, ends = (bound and bound.astimezone(forum.zone) for bound in (head.period.lower, head.period.upper))
    if begins and ends:
        return _("From {start} until {end}").format(start=first_half_day(begins), end=_last_half_day(ends))
    if begins:
        return _("From {start}").format(start=first_half_day(begins))
    if ends:
        return _("Until {end}").format(end=_last_half_day(ends))
    return _("The whole time")
