"""Verbs over sessions."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .models import Session


class SessionError(Exception):
    """The sessions stay as they are; the message says why."""


@transaction.atomic
def cancel(*, sessions: Collection[Session], now: datetime) -> list[Session]:
    """Cancel those that are still held, and return them."""
    rows = Session.objects.select_for_update().filter(pk__in=[session.pk for session in sessions]).held()
    cancelled = list(rows.in_order())
    Session.objects.filter(pk__in=[session.pk for session in cancelled]).update(cancelled_at=now)
    return cancelled


@transaction.atomic
def restore(*, session: Session) -> None:
    """Hold a cancelled session again. Raises `SessionError` when its room has been given away."""
    try:
        with transaction.atomic():
            Session.objects.filter(pk=session.pk).update(cancelled_at=None)
    except IntegrityError as error:
        raise SessionError(
            _("“%(session)s” stays cancelled: its room is taken at this time by “%(other)s”.")
            % {"session": session, "other": session.in_the_way()}
        ) from error


@transaction.atomic
def exchange_rooms(*, one: Session, other: Session) -> list[Session]:
    """Hold each where the other was; return both as they are now.

    Raises `SessionError` when one of them has no room, or when a third session holds one of the rooms at the new time.
    """
    chosen = Session.objects.filter(pk__in=[one.pk, other.pk]).in_order()
    pair = list(chosen.select_for_update(of=["self"]).select_related("room"))
    first, second = (session.room for session in pair)
    if first is None or second is None:
        raise SessionError(_("Only sessions that both have a room can exchange them."))
    for session, room in zip(pair, (second, first), strict=True):
        session.room, session.venue_id = room, room.venue_id
    try:
        with transaction.atomic():
            # One statement: the constraint looks at the end of it
            Session.objects.bulk_update(pair, ["room", "venue"])
    except IntegrityError as error:
        raise SessionError(_in_the_way(pair)) from error
    return pair


def _in_the_way(pair: list[Session]) -> str:
    for session in pair:
        there = Session.objects.overlapping(session.starts_at, session.ends_at).filter(room=session.room)
        if taker := there.exclude(pk__in=[each.pk for each in pair]).first():
            return _("“%(session)s” cannot be held in %(room)s: “%(other)s” is there at this time.") % {
                "session": session,
                "room": session.room,
                "other": taker,
            }
    return _("The rooms stay as they are: they changed a moment ago. Try again.")
