"""The whole way with real workers, as processes of their own on the database of the test."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from documents import services
from documents.models import Document
from documents.pdf.leaner import PUT_OFF
from gfmd_portal.celery import app
from tests.broker import broker_away
from tests.browser.portal import wait_for
from tests.documents.structcheck import problems

State = Document.State
pytestmark = pytest.mark.django_db(transaction=True)


def ask(by, kind="concept_note", subject="", language="en"):
    return services.request_document(kind=kind, subject=subject, language=language, by=by)


def state_of(row) -> str:
    row.refresh_from_db()
    return row.state


def test_worker_loads_no_addresses():
    """They would bring the views and the administration with them: a third of what a worker takes. Nor a shell,
    nor what is for other fonts than ours."""
    program = "import django; django.setup(); import sys, documents.running, gfmd_portal.worker; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=settings.BASE_DIR, capture_output=True, check=True)
    loaded = set(done.stdout.decode().split())
    assert {"weasyprint", "documents.tasks"} <= loaded
    unwanted = {"gfmd_portal.urls", "documents.views", "documents.admin", "openpyxl", "ninja", "prompt_toolkit"}
    assert not unwanted.union(PUT_OFF) & loaded


@contextmanager
def worker(folder, *started_by):
    """A worker of the documents queue; ended hard, as a machine that goes dark, if the test has not.

    `started_by` tells Python how, where it is not as the portal does.
    """
    database = connection.settings_dict
    address = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database)
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(
            [
                sys.executable,
                *(started_by or ("-m", "gfmd_portal.worker")),
                "--queues=documents",
                "--concurrency=1",
                "--loglevel=INFO",
                "--without-gossip",
                "--without-mingle",
            ],
            env={**os.environ, "DATABASE_URL": address, "STORAGE_URL": settings.MEDIA_ROOT.as_uri()},
            cwd=settings.BASE_DIR,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        kill(process)


def kill(process) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture(autouse=True)
def _empty_queue():
    app.control.purge()
    yield
    app.control.purge()


def test_print_asked_for_while_the_worker_is_stopped_appears_when_it_starts(desk, slugs, tmp_path):
    note = ask(desk.staff, subject=slugs["1.1"])
    time.sleep(0.2)
    assert state_of(note) == State.QUEUED

    with worker(tmp_path):
        wait_for(lambda: state_of(note) == State.READY, what="the note")

    with note.file.open() as file:
        assert problems(file.read()) == {}


def test_print_of_a_killed_worker_is_picked_up_again(desk, slugs, tmp_path):
    desk.give_place(desk.wanjiru, "2.2")
    pack = ask(desk.staff, "participant_pack", str(desk.wanjiru.uuid))

    # The worker takes the pack, then stands before a locked door: it is killed in the middle
    with transaction.atomic(), worker(tmp_path) as first:
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE documents_reading IN ACCESS EXCLUSIVE MODE")
        wait_for(lambda: state_of(pack) == State.BUILDING, what="the worker")
        kill(first)
    assert state_of(pack) == State.BUILDING

    Document.objects.filter(pk=pack.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    services.sweep()
    with worker(tmp_path):
        wait_for(lambda: state_of(pack) == State.READY, what="the pack")
    assert pack.attempt == 2
    with pack.file.open() as file:
        assert problems(file.read()) == {}


def test_request_with_the_broker_away_returns_at_once_and_the_print_comes_later(desk, slugs, tmp_path):
    started = time.monotonic()
    with broker_away():
        note = ask(desk.staff, subject=slugs["1.2"])
    assert time.monotonic() - started < 3
    assert state_of(note) == State.QUEUED

    Document.objects.update(hinted_at=timezone.now() - services.HINT_AGAIN)
    services.sweep()
    with worker(tmp_path):
        wait_for(lambda: state_of(note) == State.READY, what="the note")
