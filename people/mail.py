"""Outgoing mail as rows. django-post-office keeps and shows them; writing and sending are ours.

Its own backend would render bodies as Django templates, so a name could inject one; its sender
locks by a file on one host.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import make_msgid
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from post_office.models import PRIORITY, STATUS, Email

from .queue import remind_on_commit, send_on_commit
from .rows import insert, new

KEY_HEADER = "X-Portal-Carries-Key"
BLANKED = "(blanked after sending: this message carried a key)"
MAX_TRIES = 30


class RowBackend(BaseEmailBackend):
    """Django's mail backend that writes each message verbatim as a queued row."""

    def send_messages(self, email_messages: Iterable[EmailMessage]) -> int:
        messages = [message for message in email_messages if message.recipients()]
        with transaction.atomic(savepoint=False):
            for message in messages:
                alternatives = getattr(message, "alternatives", ())
                queue(
                    to=message.to,
                    cc=message.cc,
                    bcc=message.bcc,
                    subject=str(message.subject),
                    text=str(message.body),
                    markup=next((str(content) for content, kind in alternatives if kind == "text/html"), ""),
                    headers={name: str(value) for name, value in message.extra_headers.items()},
                    sender=message.from_email,
                )
        return len(messages)


def queue(
    *,
    to: Sequence[str],
    subject: str,
    text: str,
    markup: str = "",
    headers: Mapping[str, str] | None = None,
    cc: Sequence[str] = (),
    bcc: Sequence[str] = (),
    sender: str = "",
) -> None:
    """Write a message as a row, in the transaction of the caller, and have it sent when that commits.

    For a key somebody sits and waits: it is asked for each time.
    """
    from .tasks import send_mail

    ask = send_on_commit if KEY_HEADER in (headers or {}) else remind_on_commit
    insert(
        new(
            Email,
            from_email=sender or settings.DEFAULT_FROM_EMAIL,
            to=list(to),
            cc=list(cc),
            bcc=list(bcc),
            subject=subject,
            message=text,
            html_message=markup,
            headers=headers or {},
            status=STATUS.queued,
            priority=PRIORITY.medium,
            message_id=make_msgid(domain=settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].rstrip(">")),
        ),
        then=partial(ask, send_mail),
    )


def carries_key(email: Email) -> bool:
    """Whether the row's text holds a link or code that opens an account."""
    return KEY_HEADER in (email.headers or {})


def deliver_next() -> bool:
    """Send the oldest queued row and mark it; False when none is left to take.

    Two workers never take the same row (`skip_locked`). The row is marked in the transaction that
    holds its lock, so a worker killed in the middle leaves it queued; the fixed Message-ID lets a
    mail server drop the second copy.
    """
    with transaction.atomic():
        row = (
            Email.objects.select_for_update(skip_locked=True)
            .filter(Q(scheduled_time=None) | Q(scheduled_time__lte=timezone.now()), status=STATUS.queued)
            .order_by("pk")
            .first()
        )
        if row is None:
            return False
        try:
            _message(row).send()
        except OSError as error:  # smtplib's errors are OSErrors
            _postpone(row, error)
            return True
        except ValueError as error:  # a message that cannot be written, whatever the server says
            row.status = STATUS.failed
            row.save(update_fields=["status", "last_updated"])
            _log(row, error)
            return True
        row.status = STATUS.sent
        if carries_key(row) and not settings.DEMO:
            row.message, row.html_message = BLANKED, ""
        row.save(update_fields=["status", "message", "html_message", "last_updated"])
        return True


def _message(row: Email) -> EmailMultiAlternatives:
    headers = {name: value for name, value in (row.headers or {}).items() if name != KEY_HEADER}
    message = EmailMultiAlternatives(
        subject=row.subject,
        body=row.message,
        from_email=row.from_email,
        to=row.to,
        cc=row.cc,
        bcc=row.bcc,
        headers={"Message-ID": row.message_id, **headers},
        connection=get_connection(
            settings.MAIL_DELIVERY["EMAIL_BACKEND"],
            **({"file_path": settings.MAIL_DELIVERY["EMAIL_FILE_PATH"]} if _writes_files() else {}),
        ),
    )
    if row.html_message:
        message.attach_alternative(row.html_message, "text/html")
    return message


def _writes_files() -> bool:
    return settings.MAIL_DELIVERY["EMAIL_BACKEND"].endswith("filebased.EmailBackend")


def _postpone(row: Email, error: OSError) -> None:
    """Try again later, each time after twice the wait and at most an hour; give up after a day, visibly."""
    tries = row.number_of_retries = (row.number_of_retries or 0) + 1
    row.scheduled_time = timezone.now() + min(timedelta(seconds=10 * 2**tries), timedelta(hours=1))
    row.status = STATUS.queued if tries < MAX_TRIES else STATUS.failed
    row.save(update_fields=["number_of_retries", "scheduled_time", "status", "last_updated"])
    _log(row, error)


def _log(row: Email, error: Exception) -> None:
    row.logs.create(status=STATUS.failed, exception_type=type(error).__name__, message=str(error))
