"""What prints cost. Ratios, because machines differ; CPU time, because they are shared.

Goals: joining a pack at most 1.2 times as dear as letting qpdf copy the same bytes, a pack at least 6 times cheaper
than one rendered whole, 2,000 packs joined again in 20 s of one core, a builder within 150 MB however many it builds.
The table goes to results/prints.md and .json.
"""

import gc
import io
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import pikepdf
from django.template.loader import render_to_string

from documents.pdf import Leaves, Part, compose, render
from documents.pdf.rendering import typeset
from tests.documents import specimens

from . import runs

PRINT = "documents/print/"
RESULTS = Path(__file__).parent / "results"
NOTES = 4
MEMBERS = 15  # of a delegation in the mean
ROWS = {
    "note": ("A concept note, rendered", "{:.0f} ms", 1000),
    "cover": ("The cover of a pack, rendered", "{:.0f} ms", 1000),
    "itinerary": ("The personal programme with the badge, rendered", "{:.0f} ms", 1000),
    "join": ("Personal programme, delegation and four notes joined to a cover", "{:.1f} ms", 1000),
    "join_over_floor": ("… times as dear as qpdf copying the same bytes (goal: at most 1.2)", "{:.2f}", 1),
    "whole_over_pack": ("A pack rendered whole, times as dear as composed (goal: at least 6)", "{:.1f}", 1),
    "whole_over_again": ("… as composed again, once one of its papers has changed", "{:.1f}", 1),
    "joined_2000": ("2,000 packs joined again (goal: 20 s)", "{:.0f} s", 1),
    "timetable": ("The whole timetable, built (goal: 0.8 s)", "{:.2f} s", 1),
    "packs": ("Packs in the run that was measured; the figures for 2,000 are extrapolated from it", "{:.0f}", 1),
    "ask_per_pack": ("Asking for a pack in a run", "{:.1f} ms", 1000),
    "cpu_per_pack": ("A pack in a run: built, and bound into its file with a separator sheet", "{:.0f} ms", 1000),
    "wall_1_worker_2000": ("2,000 packs with 1 worker, by the clock", "{:.0f} s", 1),
    "wall_2_workers_2000": ("2,000 packs with 2 workers, by the clock", "{:.0f} s", 1),
    "memory_50": ("Largest memory of a worker after 50 packs (goal: 150 MB)", "{:.0f} MB", 1),
    "memory_all": ("Largest memory of a worker after all", "{:.0f} MB", 1),
    "stale_share": ("Of the packs that hold a question, once it is changed", "{:.0%}", 1),
    "standing_2000": ("Finding which of 2,000 packs show the old one", "{:.1f} s", 1),
    "rebuilt_2000": (
        "2,000 packs right again: those that hold it made anew and bound as a supplement, once warm (goal: 20 s)",
        "{:.0f} s",
        1,
    ),
}


def cpu(*works: Callable[[], object], times: int = 9) -> list[float]:
    """Median seconds of CPU of each, once warm: in turns, so that what else the machine does disturbs all alike."""
    taken: list[list[float]] = [[] for _work in works]
    for turn in range(times + 1):
        for work, found in zip(works, taken, strict=True):
            gc.collect()
            start = time.process_time()
            work()
            if turn:
                found.append(time.process_time() - start)
    return [statistics.median(found) for found in taken]


def copied(data: bytes) -> bytes:
    """The floor: parse and write, change nothing."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        return out.getvalue()


def main() -> None:
    figures = {**of_one_pack(), **runs.measure()}
    lines = [f"| {label} | {shape.format(figures[name] * times)} |" for name, (label, shape, times) in ROWS.items()]
    table = "\n".join(["# Prints", "", "CPU time but where the clock is named.", "", "| | |", "|---|---|", *lines, ""])
    (RESULTS / "prints.md").write_text(table)
    (RESULTS / "prints.json").write_text(json.dumps(figures, indent=2) + "\n")
    print(table)


def of_one_pack() -> dict[str, float]:
    """Of the specimens that the tests print, without a database."""
    # Ten questions, as a roundtable has in the mean; the specimen has eight.
    questions = specimens.NOTE_EN["note"]["questions"]
    ten = [{**question, "number": number} for number, question in enumerate((questions * 2)[:10], start=1)]
    note_context = {**specimens.NOTE_EN, "note": {**specimens.NOTE_EN["note"], "questions": ten}}

    def note(number: int) -> bytes:
        return render(PRINT + "concept_note.html", note_context, language="en", prefix=f"RT{number}-").data

    papers = [{**specimens.PAPERS_EN[0], "label": f"RT{number}"} for number in range(NOTES)]
    members = [{**specimens.FRONT_EN["members"][0], "is_head": number == 0} for number in range(MEMBERS)]
    own_context = {**specimens.FRONT_EN, "papers": papers, "members": members}

    def own_paper(template: str, label: str) -> bytes:
        return render(PRINT + template, own_context, language="en", prefix=f"{label}-", styles=("badge",)).data

    def cover() -> bytes:
        return render(PRINT + "pack_front.html", own_context, language="en").data

    def itinerary() -> bytes:
        return own_paper("itinerary.html", "PP")

    def whole() -> bytes:
        """The same pages in one layout, as one would first write it."""
        pages = [
            render_to_string(PRINT + template, {**own_context, "language": "en"})
            for template in ("pack_front.html", "itinerary.html", "delegation_members.html")
        ]
        pages += NOTES * [render_to_string(PRINT + "concept_note.html", {**note_context, "language": "en"})]
        bodies = [page.partition("<body")[2].partition(">")[2].partition("</body>")[0] for page in pages]
        html = pages[0].partition("<body")[0] + '<body class="paper pack">' + "<hr>".join(bodies)
        return typeset(
            html.replace("pack:", "https://print.example/"), language="en", prefix="", media={}, styles=("badge",)
        ).data

    def part(label: str, data: bytes) -> Part:
        return Part(Leaves(data), label, label, "en")

    first, own = cover(), itinerary()
    shared = [part("DM", own_paper("delegation_members.html", "DM"))]
    shared += [part(f"RT{number}", note(number)) for number in range(NOTES)]

    def join() -> bytes:
        """What several packs hold is read once, what is one person's own each time."""
        return compose(first, [part("PP", own), *shared]).data

    pack = join()

    note_cost, cover_cost, itinerary_cost, floor_cost, join_cost, whole_cost = cpu(
        lambda: note(0), cover, itinerary, lambda: copied(pack), join, whole
    )
    return {
        "note": note_cost,
        "cover": cover_cost,
        "itinerary": itinerary_cost,
        "join": join_cost,
        "join_over_floor": join_cost / floor_cost,
        "whole_over_pack": whole_cost / (cover_cost + itinerary_cost + join_cost),
        "whole_over_again": whole_cost / (cover_cost + join_cost),
        "joined_2000": 2000 * join_cost,
    }
