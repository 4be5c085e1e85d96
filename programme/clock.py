"""The instants at which pages read otherwise though nothing was published."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from .changes import SessionChange
from .snapshot import Programme


def turns(programme: Programme, changes: Iterable[SessionChange]) -> tuple[datetime, ...]:
    """When a session of the days near the summit begins or ends, a day begins, or a change ceases to be news."""
    zone = ZoneInfo(programme.forum.zone)
    found = {change.until for change in changes}
    for day in programme.days:
        found.update(datetime.combine(day + timedelta(days=more), time(), zone) for more in (0, 1))
        for session in programme.on(day):
            found.update(moment for moment in (session.starts_at, session.ends_at) if moment)
    return tuple(sorted(found))
