from celery import shared_task

from . import mail
from .sessions import SessionStore


@shared_task
def send_mail() -> None:
    """Send the queued rows, one at a time, until none is left or one had to wait."""
    for _ in range(200):
        if not mail.deliver_next():
            break


@shared_task
def clear_sessions() -> None:
    """Nothing is kept of a browser whose session has ended."""
    SessionStore.clear_expired()
