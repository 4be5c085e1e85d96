"""What many packs cost: a print run of a populated Marrakesh, and what one changed question costs afterwards."""

import multiprocessing
import time
from pathlib import Path

from django.core.management import call_command
from django.db import connections
from django.utils import timezone

from documents import building, runs
from documents.models import Document, PrintRunItem
from documents.services import request_document
from programme import releases, services
from programme.fixture import Loader
from registrations.populating import populate
from roundtables.models import GuidingQuestion
from schedule.models import Forum

from .builder import build

MARRAKESH = Path(__file__).parent.parent / "fixtures" / "marrakesh_2018"
DELEGATIONS, DELEGATES = 20, 150
WANTED = 2000


def measure() -> dict[str, float]:
    """Seconds of CPU unless they are wall; extrapolated from DELEGATES to WANTED packs where the name says so."""
    forum = prepare()
    figures = {"timetable": timetable()}
    start = time.process_time()
    run = runs.make_run(kind="participant_pack", by=None, language="en")
    packs = PrintRunItem.objects.filter(part__run=run).count()
    figures["packs"] = packs
    figures["ask_per_pack"] = (time.process_time() - start) / packs
    uuids = [str(uuid) for uuid in run.parts.order_by("number").values_list("uuid", flat=True)]
    one = in_processes([uuids[:2]])
    rest = in_processes([uuids[2::2], uuids[3::2]])
    first, others = (2 * runs.PART, packs - 2 * runs.PART)
    figures["cpu_per_pack"] = sum(one.files + rest.files) / packs
    figures["wall_1_worker_2000"] = one.wall / first * WANTED
    figures["wall_2_workers_2000"] = rest.wall / others * WANTED
    figures["memory_50"], figures["memory_all"] = one.memory, rest.memory
    question = GuidingQuestion.objects.filter(roundtable__forum=forum, roundtable__place=1).order_by("pk")[0]
    question.text_en += " And since when?"
    question.save()
    services.publish(forum=forum, by=None, base=services.newest(forum).number)
    releases.shelf.clear()
    start = time.process_time()
    stale = len(runs.standing_of_run(run).stale)
    figures["standing_2000"] = (time.process_time() - start) / packs * WANTED
    figures["stale_share"] = stale / packs
    supplement = runs.make_supplement(run=run, by=None)
    *full, last = [str(uuid) for uuid in supplement.parts.order_by("number").values_list("uuid", flat=True)]
    _warming, *files = in_processes([[last, *full]]).files
    figures["rebuilt_2000"] = sum(files) / (len(files) * runs.PART) * stale / packs * WANTED
    return figures


def prepare() -> Forum:
    call_command("migrate", verbosity=0)
    forum = Forum.objects.filter(slug="marrakesh-2018").first() or Loader(MARRAKESH).run()
    assert forum
    newest = services.newest(forum)
    if newest is None:
        services.publish(forum=forum, by=None, base=None)
        populate(
            forum=forum,
            delegations=DELEGATIONS,
            delegates=DELEGATES,
            seed=1,
            password=None,
            now=timezone.now(),
            say=lambda line: None,
        )
    return forum


def timetable() -> float:
    """Of the whole programme, from its row to its file, once warm: in French first, then in English."""
    Document.objects.filter(kind="agenda").delete()
    taken = 0.0
    for language in ("fr", "en"):
        document = request_document(kind="agenda", subject="", language=language, by=None)
        start = time.process_time()
        building.build(str(document.uuid))
        taken = time.process_time() - start
        assert Document.objects.ready().filter(pk=document.pk).exists()
    return taken


class Cost:
    """CPU of each file, wall until the last was done, and the largest memory of one process, in MB."""

    def __init__(self, files: list[float], wall: float, memory: float) -> None:
        self.files, self.wall, self.memory = files, wall, memory


def in_processes(shares: list[list[str]]) -> Cost:
    """Each share of the files is built by a process of its own, as a worker is."""
    connections.close_all()
    context = multiprocessing.get_context("spawn")
    start = time.monotonic()
    with context.Pool(len(shares)) as pool:
        costs = pool.map(build, shares, chunksize=1)
    wall = time.monotonic() - start
    return Cost([cpu for taken, _memory in costs for cpu in taken], wall, max(memory for _cpu, memory in costs))
