import time

import pytest
from allauth.account.models import EmailAddress
from django.core.mail import EmailMultiAlternatives, send_mail
from django.utils import timezone
from post_office.models import STATUS, Email

from gfmd_portal.celery import app
from people import mail, queue
from people.models import User
from tests.broker import broker_away


@pytest.fixture
def folder(tmp_path, settings):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    settings.MAIL_DELIVERY = {
        "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "EMAIL_FILE_PATH": str(tmp_path),
    }
    return tmp_path


def delivered(folder) -> str:
    return "\n".join(path.read_text() for path in sorted(folder.iterdir()))


def test_message_becomes_a_row_and_then_a_file(db, folder):
    message = EmailMultiAlternatives("Your place", "Plain", to=["a@example.org"])
    message.attach_alternative("<p>Rich</p>", "text/html")
    message.send()

    row = Email.objects.get()
    assert (row.status, row.message, row.html_message) == (STATUS.queued, "Plain", "<p>Rich</p>")

    assert mail.deliver_next()
    assert not mail.deliver_next()

    row.refresh_from_db()
    assert row.status == STATUS.sent
    text = delivered(folder)
    assert "Rich" in text
    assert row.message_id in text


def test_name_in_a_message_is_never_a_template(db, folder):
    send_mail("To {{ user }}", "Dear {% now 'Y' %} {{ secret }}", None, ["a@example.org"])

    mail.deliver_next()

    assert "Dear {% now 'Y' %} {{ secret }}" in delivered(folder)


def test_message_waits_while_the_mail_server_is_away(db, settings):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    settings.MAIL_DELIVERY = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9  # nobody listens there
    send_mail("Later", "Text", None, ["a@example.org"])

    assert mail.deliver_next()

    row = Email.objects.get()
    assert row.status == STATUS.queued
    assert row.scheduled_time > timezone.now()
    assert row.logs.get().exception_type == "ConnectionRefusedError"
    assert not mail.deliver_next()


def test_refused_recipient_is_given_up_after_a_day(db, settings):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    settings.MAIL_DELIVERY = {"EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend"}
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    send_mail("Later", "Text", None, ["a@example.org"])
    Email.objects.update(number_of_retries=mail.MAX_TRIES - 1)

    mail.deliver_next()

    assert Email.objects.get().status == STATUS.failed


def test_address_that_cannot_be_written_fails_at_once_and_stops_nobody(db, settings):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    settings.MAIL_DELIVERY = {"EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    send_mail("First", "Text", None, ["b@" + "ü" * 60 + ".org"])
    send_mail("Second", "Text", None, ["a@example.org"])

    assert mail.deliver_next()
    assert mail.deliver_next()

    first, second = Email.objects.order_by("pk")
    assert (first.status, second.status) == (STATUS.failed, STATUS.sent)
    assert first.logs.get().exception_type == "UnicodeError"


@pytest.mark.parametrize(("demo", "kept"), [(False, False), (True, True)])
def test_message_with_a_key_is_blanked_once_sent(db, folder, settings, client, demo, kept):
    settings.DEMO = demo
    user = User.objects.create_user("a@example.org", "long enough password")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)

    client.post("/en/accounts/password/reset/", {"email": "a@example.org"})
    row = Email.objects.get()
    assert mail.carries_key(row)
    link = row.message
    mail.deliver_next()

    row.refresh_from_db()
    assert (row.message == link) is kept
    assert mail.KEY_HEADER not in delivered(folder)


def test_row_is_written_although_the_broker_is_away(db, folder, django_capture_on_commit_callbacks, settings):
    started = time.monotonic()
    with broker_away(), django_capture_on_commit_callbacks(execute=True):
        send_mail("Now", "Text", None, ["a@example.org"])

    assert Email.objects.get().status == STATUS.queued
    assert time.monotonic() - started < 3


@pytest.mark.parametrize(("moment", "hints"), [(3600, 1), (0, 3)])
def test_worker_is_reminded_once_in_a_moment(
    db, django_capture_on_commit_callbacks, settings, monkeypatch, moment, hints
):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"
    monkeypatch.setattr(queue, "MOMENT", moment)
    queue._reminded.clear()
    with app.connection_for_write() as broker:
        broker.default_channel.queue_purge("mail")
        with django_capture_on_commit_callbacks(execute=True):
            for number in range(3):
                send_mail(f"Mail {number}", "Text", None, ["a@example.org"])

        assert broker.default_channel.queue_purge("mail") == hints
    queue._reminded.clear()


def test_key_is_not_kept_waiting_for_the_next_moment(db, django_capture_on_commit_callbacks):
    queue._reminded.clear()
    with app.connection_for_write() as broker:
        broker.default_channel.queue_purge("mail")
        with django_capture_on_commit_callbacks(execute=True):
            for headers in ({}, {}, {mail.KEY_HEADER: "yes"}, {mail.KEY_HEADER: "yes"}):
                mail.queue(to=["a@example.org"], subject="Mail", text="Text", headers=headers)

        assert broker.default_channel.queue_purge("mail") == 3
    queue._reminded.clear()
