"""Texts and pictures beyond all measure: each ends its own print with a reason, and the worker makes the next one."""

import io
import struct
import zlib

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, transaction

from documents import runs
from documents.failures import Failure
from documents.models import Document
from documents.running import build_part
from registrations.services.photographs import keep_photograph
from roundtables.models import GuidingQuestion
from schedule.models import BackgroundPaper, Session
from schedule.papers import keep
from tests.browser.portal import wait_for
from tests.documents.test_kinds import pages_of
from tests.documents.test_worker import _empty_queue, ask, state_of, worker  # noqa: F401
from tests.registrations import scene

State = Document.State
# The worker of the portal, but for the CPU seconds of a print: no test waits for three minutes
HURRIED = "from documents.pdf import limits; limits.CPU_SECONDS = 5; from gfmd_portal.worker import main; main()"


def bomb(side: int) -> bytes:
    """A PNG of few bytes and, unpacked, of `side` times `side` points in black."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    rows = zlib.compress(bytes(side // 8 + 1) * side)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def swollen(megabytes: int) -> bytes:
    """A PDF of few bytes with a page of so many."""
    packer = zlib.compressobj(1)
    piece = bytes(1 << 20)
    packed = b"".join(packer.compress(piece) for _ in range(megabytes)) + packer.flush()
    with pikepdf.new() as pdf:
        content = pikepdf.Stream(pdf, b"")
        content.write(packed, filter=pikepdf.Name.FlateDecode)
        pdf.add_blank_page().obj.Contents = content
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_worker_outlives_endless_texts_and_bombs(desk, slugs, tmp_path):
    roundtable = desk.roundtable("2.1")
    roundtable.guiding_questions.all().delete()
    GuidingQuestion.objects.bulk_create(
        GuidingQuestion(roundtable=roundtable, position=n, text=f"Question {n}?", text_en=f"Question {n}?")
        for n in range(1, 10_001)
    )
    desk.reword("1.1", 1, "word " * 200_000)
    keep_photograph(person=desk.wanjiru.person, picture=bomb(13_000))
    paper = {"position": 1, "language": "en", "title": "Financing", "in_packs": True, "pages": 1}
    session = desk.roundtable("3.2").session_ptr
    BackgroundPaper.objects.create(session=session, digest=keep(swollen(1_200)), **paper)
    desk.give_place(desk.kofi, "3.2")
    desk.publish()
    endless = [ask(desk.staff, subject=slugs[number]) for number in ("2.1", "1.1")]
    pack = ask(desk.staff, "participant_pack", str(desk.kofi.uuid))
    badge = ask(desk.staff, "badge", str(desk.wanjiru.uuid))
    note = ask(desk.staff, subject=slugs["3.1"])

    with worker(tmp_path, "-c", HURRIED):
        wait_for(lambda: state_of(note) == State.READY, seconds=300, what="the note behind them")

    for row in [*endless, badge, pack]:
        row.refresh_from_db()
    assert [(row.state, row.error) for row in endless] == [(State.FAILED, Failure.TIME)] * 2
    assert (badge.state, badge.error) == (State.FAILED, Failure.PHOTOGRAPH)
    assert "Mfano" in badge.failure
    assert (pack.state, pack.error) == (State.FAILED, Failure.MEMORY)


def test_pack_of_whom_the_photograph_is_damaged_is_the_only_one_missing_from_a_run(desk):
    keep_photograph(person=desk.wanjiru.person, picture=scene.half_a_picture())

    run = runs.make_run(kind="participant_pack", by=desk.staff, language="en", ink="black")
    part = run.parts.get()
    build_part(str(part.uuid))

    part.refresh_from_db()
    assert part.state == State.READY
    with part.file.open() as file:
        ticks, *pages = pages_of(file.read())
    assert "photograph cannot be read" in ticks
    assert "Mfano" in ticks
    assert any("Mensah" in page for page in pages)
    assert not any("Mfano" in page for page in pages)


def test_title_of_a_megabyte_is_refused(desk):
    session = desk.roundtable("2.1").session_ptr
    session.title = session.title_en = "long " * 200_000

    with pytest.raises(ValidationError, match="300"):
        session.full_clean()
    with pytest.raises(DataError), transaction.atomic():
        Session.objects.filter(pk=session.pk).update(title=session.title)
