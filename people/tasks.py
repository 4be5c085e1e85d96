from celery import shared_task

from . import mail


@shared_task
def send_mail() -> None:
    """Send the queued rows, one at a time, until none is left or one had to wait."""
    for _ in range(200):
        if not mail.deliver_next():
            break
