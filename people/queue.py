"""How a task is asked for: the queue is a hint, the row is the promise."""

import logging
from functools import partial

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

log = logging.getLogger(__name__)


def send_on_commit(task: Task, **ids: object) -> None:
    """Send `task` with `ids` when the running transaction commits.

    A broker that is away costs a second at most and fails nothing: beat's sweep sends what was
    missed. `delay_on_commit` is not used because it raises after the commit in that case.
    """
    transaction.on_commit(partial(_send, task, ids), robust=True)


def _send(task: Task, ids: dict[str, object]) -> None:
    try:
        task.apply_async(kwargs=ids, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("%s waits for the sweep, the broker is away: %s", task.name, error)
