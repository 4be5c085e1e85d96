"""Texts and pictures beyond all measure: each ends its own print with a reason, and the worker makes the next one."""

import struct
import zlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.utils import timezone

from documents import services
from documents.failures import Failure
from documents.models import Document
from registrations.services.photographs import keep_photograph
from roundtables.models import GuidingQuestion
from schedule.models import Session
from tests.browser.portal import wait_for
from tests.documents.test_worker import _empty_queue, ask, state_of, worker  # noqa: F401

State = Document.State
# The worker of the portal, but for the CPU seconds of a print: no test waits for three minutes
HURRIED = "from documents.pdf import limits; limits.CPU_SECONDS = 5; from celery.__main__ import main; main()"


def bomb(side: int) -> bytes:
    """A PNG of few bytes and, unpacked, of `side` times `side` points in black."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress(bytes(side // 8 + 1) * side)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.django_db(transaction=True)
def test_worker_outlives_endless_texts_and_a_picture_bomb(desk, slugs, tmp_path):
    roundtable = desk.roundtable("2.1")
    roundtable.guiding_questions.all().delete()
    GuidingQuestion.objects.bulk_create(
        GuidingQuestion(roundtable=roundtable, position=n, text=f"Question {n}?", text_en=f"Question {n}?")
        for n in range(1, 10_001)
    )
    desk.reword("1.1", 1, "word " * 200_000)
    desk.publish()
    keep_photograph(person=desk.wanjiru.person, picture=bomb(13_000))
    endless = [ask(desk.staff, subject=slugs[number]) for number in ("2.1", "1.1")]
    badge = ask(desk.staff, "badge", str(desk.wanjiru.uuid))
    note = ask(desk.staff, subject=slugs["3.1"])
    Document.objects.filter(pk__in=[row.pk for row in endless]).update(attempt=services.MAX_ATTEMPTS - 1)

    with worker(tmp_path, "-c", HURRIED):
        wait_for(lambda: state_of(note) == State.READY, seconds=300, what="the note behind them")

    left = Document.objects.filter(state=State.BUILDING)
    assert left.update(lease_until=timezone.now() - timedelta(seconds=1)) == 2
    services.sweep()
    for row in [*endless, badge]:
        row.refresh_from_db()
    assert [(row.state, row.error) for row in endless] == [(State.FAILED, Failure.STOPPED)] * 2
    assert (badge.state, badge.error) == (State.FAILED, Failure.PHOTOGRAPH)
    assert "Mfano" in badge.failure


def test_title_of_a_megabyte_is_refused(desk):
    session = desk.roundtable("2.1").session_ptr
    session.title = session.title_en = "long " * 200_000

    with pytest.raises(ValidationError, match="300"):
        session.full_clean()
    with pytest.raises(DataError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(title=session.title)
