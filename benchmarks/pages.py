"""What a page costs: answers a second beside the barest view that returns the same bytes under the same server.

The table goes to results/pages.md and .json; README.md says what each figure means. Rates depend on the machine and
on the client, which runs beside the server: the ratios are what is to be compared.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from playwright.sync_api import Browser, sync_playwright

from programme import services
from roundtables.models import GuidingQuestion, Roundtable
from schedule.models import Forum, Session
from tests.browser.conftest import CHROMIUM
from tests.browser.portal import free_port, wait_for
from tests.registrations import scene
from tests.registrations.crowd import WEB, Web, collect_static, make_delegates, sign_in
from themes.models import Theme

from .load import Answer, Load, ask, load

RESULTS = Path(__file__).parent / "results"
SIZES = [60, 600, 6000]
ROUNDS = 3
MANY = 100_000
RUN = f"{int(time.time()):x}"  # the data of an earlier run may be there


def main() -> None:
    call_command("migrate", verbosity=0)
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        collect_static(folder)
        for size in SIZES:
            figures[str(size)] = measure(size, folder)
        figures["browser"] = in_the_browser(folder)
        figures["memory"] = memory(folder)
    keep(figures)


def make_forum(size: int) -> Forum:
    """One roundtable with a question for each ten sessions, over three days."""
    Forum.objects.update(is_current=False)
    forum = scene.make_forum(f"of-{size}-{RUN}")
    theme = Theme.objects.create(forum=forum, number=1, title="Theme")
    Session.objects.bulk_create(
        Session(
            forum=forum,
            slug=f"session-{number}",
            kind="other",
            title=f"Session {number} of the programme",
            title_en=f"Session {number} of the programme",
            timing="timed",
            starts_at=scene.TEN + timedelta(minutes=30 * (number % 12), days=number % 3),
            ends_at=scene.TEN + timedelta(minutes=30 * (number % 12) + 30, days=number % 3),
            position=number // 36 + 1,
        )
        for number in range(size - size // 10)
    )
    for place in range(1, size // 10 + 1):
        roundtable = Roundtable.objects.create(
            forum=forum, theme=theme, place=place, slug=f"roundtable-1-{place}", title=f"Roundtable {place}",
            timing="timed", starts_at=scene.TEN, ends_at=scene.TEN + timedelta(hours=2),
        )  # fmt: skip
        GuidingQuestion.objects.create(roundtable=roundtable, position=1, text="What is to be done?")
    return forum


def measure(size: int, folder: Path) -> dict[str, float]:
    forum = make_forum(size)
    found: dict[str, float] = publishing(forum)
    paths = {
        "programme": "/en/programme/",
        "roundtable": "/en/roundtables/1.1/",
        "session": "/en/sessions/session-1/",
        "json": "/programme.json",
        "xml": "/programme.xml",
        "ics": "/programme.ics",
    }
    [delegate] = make_delegates(forum, 1, label=f"pages-{size}-{RUN}")
    [cookie] = sign_in([delegate.person.user]).values()
    web, other = webs = Web(folder), Web(folder)
    web.start()
    try:
        answers = {}
        for name, path in paths.items():
            before = time.perf_counter()
            answers[path] = ask(web.port, path)
            found[f"{name}_first"] = (time.perf_counter() - before) * 1000
            assert answers[path].status == 200, path
            found[f"{name}_bytes"] = len(answers[path].body)
        with floor(folder / f"floor-{size}", answers) as barest:
            for name, path in paths.items():
                ours, bare = in_turns(web.port, barest, path)
                found |= figures_of(name, ours) | {f"{name}_floor": bare.rate, f"{name}_ratio": ours.rate / bare.rate}
        signed = load(web.port, [paths["programme"]], f"Cookie: {cookie}")
        found |= figures_of("signed_in", signed)
        etag = answers[paths["programme"]].header("etag")
        found |= figures_of("unchanged", load(web.port, [paths["programme"]], f"If-None-Match: {etag}", status=304))
        other.start()
        found |= after_publishing(forum, webs, paths["programme"])
    finally:
        web.kill()
        other.kill()
    return found


def figures_of(name: str, found: Load) -> dict[str, float]:
    return {f"{name}_rate": found.rate, f"{name}_p50": found.p50, f"{name}_p99": found.p99}


def in_turns(port: int, barest: int, path: str) -> tuple[Load, Load]:
    """The best of each: what else the machine does disturbs both."""
    ours, bare = [], []
    for _ in range(ROUNDS):
        ours.append(load(port, [path], seconds=1.5))
        bare.append(load(barest, [path], seconds=1.5))
    return max(ours, key=lambda one: one.rate), max(bare, key=lambda one: one.rate)


@contextmanager
def floor(folder: Path, answers: dict[str, Answer]) -> Iterator[int]:
    """The port of a server that gives those answers and does nothing else."""
    folder.mkdir()
    table = {}
    for number, (path, answer) in enumerate(answers.items()):
        (folder / f"{number}.body").write_bytes(answer.body)
        table[path] = f"{number}.body", answer.header("content-type"), answer.header("content-encoding")
    (folder / "answers.json").write_text(json.dumps(table))
    port = free_port()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", *WEB.format(port=port).split(), "benchmarks.floor:application"],
            env={**os.environ, "FLOOR": str(folder)},
            cwd=settings.BASE_DIR,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        wait_for(lambda: answers_at(port, next(iter(answers))), seconds=30, what="the floor")
        yield port
    finally:
        os.killpg(process.pid, 9)
        process.wait()


def answers_at(port: int, path: str) -> bool:
    try:
        return ask(port, path).status == 200
    except OSError:
        return False


# Publishing


def publishing(forum: Forum) -> dict[str, float]:
    """The first release and the second, where one session has another title."""
    found: dict[str, float] = {}
    for name in ("first", "second"):
        base = services.newest(forum)
        with CaptureQueriesContext(connection) as queries:
            before = time.perf_counter()
            services.publish(forum=forum, by=None, base=base.number if base else None)
            found[f"publish_{name}"] = time.perf_counter() - before
        found[f"publish_{name}_queries"] = len(queries)
        reword(forum, name)
    services.publish(forum=forum, by=None, base=2)
    return found


def reword(forum: Forum, words: str) -> None:
    Session.objects.filter(forum=forum, slug="session-1").update(title_en=f"Session 1, {words}")


def after_publishing(forum: Forum, webs: Sequence[Web], path: str) -> dict[str, float]:
    """While readers ask, another release is published: when the last process serves it, how long the slowest waited."""
    reword(forum, "again")
    newest = services.newest(forum)
    assert newest
    old = [ask(web.port, path).header("etag") for web in webs]
    with ThreadPoolExecutor() as pool:
        readers = pool.submit(load, webs[0].port, [path], seconds=6)
        services.publish(forum=forum, by=None, base=newest.number)
        published = time.perf_counter()
        waiting = [pool.submit(served, web.port, path, etag) for web, etag in zip(webs, old, strict=True)]
        last = max(one.result() for one in waiting) - published
        found = readers.result()
    return {"served_after": last, "while_publishing_rate": found.rate, "while_publishing_p99": found.p99}


def served(port: int, path: str, old: str) -> float:
    """When something else than `old` is served first."""
    while ask(port, path).header("etag") == old:
        time.sleep(0.02)
    return time.perf_counter()


# In the browser


def in_the_browser(folder: Path) -> dict[str, float]:
    """A first visit to the programme of sixty, and to a page of the same length that has nothing but text."""
    web = Web(folder)
    web.start()
    path = f"/en/of-60-{RUN}/programme/"
    text = "<p>Words of a page that is nothing but text.</p>" * 800
    plain = Answer(
        200, "HTTP/1.1 200 OK\r\nContent-Type: text/html", f"<!doctype html><title>Page</title>{text}".encode()
    )
    try:
        with floor(folder / "static-page", {"/": plain}) as port, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
            ours = [visit(browser, f"http://127.0.0.1:{web.port}{path}") for _ in range(5)]
            bare = [visit(browser, f"http://127.0.0.1:{port}/") for _ in range(5)]
            browser.close()
    finally:
        web.kill()
    middle = {name: statistics.median(one[name] for one in ours) for name in ours[0]}
    return {**middle, "static_paint": statistics.median(one["paint"] for one in bare)}


def visit(browser: Browser, address: str) -> dict[str, float]:
    """With nothing kept from before: bytes that came, requests, and milliseconds to the first content."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    seen: dict[str, float] = page.evaluate(
        """() => {
            const got = [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")];
            const [paint] = performance.getEntriesByName("first-contentful-paint");
            return {bytes: got.reduce((all, one) => all + one.transferSize, 0), requests: got.length,
                    paint: paint.startTime};
        }"""
    )
    context.close()
    return seen


# Memory


def memory(folder: Path) -> dict[str, float]:
    """Of a web process before and after many requests, half of them with a parameter that nobody knows."""
    web = Web(folder)
    web.start()
    pages = [f"/en/of-60-{RUN}/{path}" for path in ("programme/", "", "sessions/session-1/", "programme.ics")]

    def path(number: int) -> str:
        return pages[number % len(pages)] + (f"?unknown={number}" if number % 2 else "")

    try:
        load(web.port, path, most=MANY // 20)
        before = resident(web.process.pid)
        found = load(web.port, path, most=MANY)
        return {"requests": MANY, "before": before, "after": resident(web.process.pid), "rate": found.rate}
    finally:
        web.kill()


def resident(process: int) -> float:
    """Megabytes of a process and its children."""
    status = Path(f"/proc/{process}/status").read_text()
    own = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return own + sum(resident(int(child)) for child in children)


# What is kept


PAGES = ["programme", "roundtable", "session", "json", "xml", "ics"]


def keep(figures: dict[str, dict[str, float]]) -> None:
    RESULTS.mkdir(exist_ok=True)
    head = ["Sessions", "Page", "KB, brotli", "A second", "Floor", "Ratio", "p50, ms", "p99, ms", "First reader, ms"]
    lines = [f"| {' | '.join(head)} |", f"|---|---|{'---:|' * (len(head) - 2)}"]
    for size in map(str, SIZES):
        found = figures[size]
        for name in PAGES:
            lines.append(
                f"| {size} | {name} | {found[f'{name}_bytes'] / 1024:.1f} | {found[f'{name}_rate']:.0f}"
                f" | {found[f'{name}_floor']:.0f} | {found[f'{name}_ratio']:.2f} | {found[f'{name}_p50']:.2f}"
                f" | {found[f'{name}_p99']:.2f} | {found[f'{name}_first']:.0f} |"
            )
    head = ["Sessions", "Signed in, a second", "Unchanged (304)", "While publishing, p99, ms", "Served after, s",
            "First release, s (queries)", "Next release, s (queries)"]  # fmt: skip
    lines += ["", f"| {' | '.join(head)} |", f"|{'---:|' * len(head)}"]
    for size in map(str, SIZES):
        found = figures[size]
        lines.append(
            f"| {size} | {found['signed_in_rate']:.0f} | {found['unchanged_rate']:.0f}"
            f" | {found['while_publishing_p99']:.0f} | {found['served_after']:.2f}"
            f" | {found['publish_first']:.2f} ({found['publish_first_queries']:.0f})"
            f" | {found['publish_second']:.2f} ({found['publish_second_queries']:.0f}) |"
        )
    seen, held = figures["browser"], figures["memory"]
    lines += [
        "",
        f"First visit to the programme of 60: {seen['bytes'] / 1024:.0f} KB in {seen['requests']:.0f} requests, first"
        f" content after {seen['paint']:.0f} ms (a page of nothing but text: {seen['static_paint']:.0f} ms).",
        f"After {held['requests']:,.0f} requests a web process holds {held['after']:.0f} MB,"
        f" {held['after'] - held['before']:+.1f} MB.",
    ]
    table = "\n".join(lines)
    print(table)
    (RESULTS / "pages.md").write_text(f"{table}\n")
    content = {part: {name: round(value, 3) for name, value in found.items()} for part, found in figures.items()}
    (RESULTS / "pages.json").write_text(json.dumps(content, indent=2) + "\n")
