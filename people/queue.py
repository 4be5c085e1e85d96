"""How a task is asked for: the queue is a hint, the row is the promise."""

import logging
import time
from collections.abc import Mapping, Sequence
from functools import partial

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)

MOMENT = 0.5  # seconds; asking costs as much as half a place
_reminded: dict[int, float] = {}  # when, by the identity of the task: to tell its name its app would be looked for


def send_on_commit(task: Task, **ids: object) -> None:
    """Send `task` with `ids` when the running transaction commits.

    A broker that is away costs a second at most and fails nothing: beat's sweep sends what was
    missed. `delay_on_commit` is not used because it raises after the commit in that case.
    """
    transaction.on_commit(partial(_send, task, ids), robust=True)


def remind_on_commit(task: Task) -> None:
    """The same for a task that does whatever is there to be done, but not twice in a moment in one process.

    What is committed in that moment is found by the task that is on its way, else by beat's sweep.
    """
    transaction.on_commit(partial(_remind, task), robust=True)


def _remind(task: Task) -> None:
    now = time.monotonic()
    if now - _reminded.get(id(task), -MOMENT) >= MOMENT:
        _reminded[id(task)] = now
        _send(task, {})


def send_each_on_commit(task: Task, each: Sequence[Mapping[str, object]]) -> None:
    """The same for many, of which the first that does not get through leaves the rest to the sweep."""
    if each:
        transaction.on_commit(lambda: all(_send(task, ids) for ids in each) or None, robust=True)


def _send(task: Task, ids: Mapping[str, object]) -> bool:
    try:
        task.apply_async(kwargs=dict(ids), retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("%s waits for the sweep, the broker is away: %s", task.name, error)
        return False
    return True
