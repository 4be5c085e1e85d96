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
