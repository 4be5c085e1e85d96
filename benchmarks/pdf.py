"""What prints cost. Ratios, because machines differ; CPU time, because they are shared.

Goals: joining a pack at most 1.2 times as dear as letting qpdf copy the same bytes, and a pack at
least 6 times cheaper than one rendered whole.
"""

import gc
import io
import resource
import statistics
import time
from collections.abc import Callable

import django
import pikepdf
from django.template.loader import render_to_string

PRINT = "documents/print/"
PACKS = 40
NOTES = 4


def cpu(work: Callable[[], object], times: int = 7) -> float:
    """Median seconds of CPU, once warm."""
    work()
    taken = []
    for _ in range(times):
        gc.collect()
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def copied(data: bytes) -> bytes:
    """The floor: parse and write, change nothing."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        return out.getvalue()


def main() -> None:
    django.setup()
    from documents.pdf import Part, compose, render
    from documents.pdf.rendering import typeset
    from tests.documents import specimens

    # Ten questions, as a roundtable has in the mean; the specimen has eight.
    questions = specimens.NOTE_EN["note"]["questions"]
    ten = [{**question, "number": number} for number, question in enumerate((questions * 2)[:10], start=1)]
    note_context = {**specimens.NOTE_EN, "note": {**specimens.NOTE_EN["note"], "questions": ten}}

    def note(number: int) -> Part:
        label = f"RT{number}"
        data = render(PRINT + "concept_note.html", note_context, language="en", prefix=f"{label}-").data
        return Part(data, f"Roundtable {number}", label, "en")

    papers = [{**specimens.PAPERS_EN[0], "label": f"RT{number}"} for number in range(NOTES)]
    front_context = {**specimens.FRONT_EN, "papers": papers}

    def front() -> bytes:
        return render(PRINT + "pack_front.html", front_context, language="en", styles=("badge",)).data

    def whole() -> bytes:
        """The same pages in one layout, as one would first write it."""
        pages = [render_to_string(PRINT + "pack_front.html", {**front_context, "language": "en"})]
        pages += NOTES * [render_to_string(PRINT + "concept_note.html", {**note_context, "language": "en"})]
        bodies = [page.partition("<body")[2].partition(">")[2].partition("</body>")[0] for page in pages]
        html = pages[0].partition("<body")[0] + '<body class="paper pack">' + "<hr>".join(bodies)
        return typeset(
            html.replace("pack:", "https://print.example/"), language="en", prefix="", media={}, styles=("badge",)
        ).data

    parts = [note(number) for number in range(NOTES)]
    cover = front()
    pack = compose(cover, parts)

    note_cost, front_cost = cpu(lambda: note(0)), cpu(front)
    floor_cost, join_cost = cpu(lambda: copied(pack)), cpu(lambda: compose(cover, parts))
    whole_cost = cpu(whole, times=3)
    print(f"a note {note_cost * 1000:.0f} ms, a front {front_cost * 1000:.0f} ms, a pack {len(pack) // 1024} KB")
    print(f"joining {NOTES} notes: {join_cost * 1000:.1f} ms, {join_cost / floor_cost:.2f} x the floor (goal 1.2)")
    pack_cost = front_cost + join_cost
    print(
        f"a pack: {pack_cost * 1000:.0f} ms, whole {whole_cost * 1000:.0f} ms: {whole_cost / pack_cost:.1f} x (goal 6)"
    )
    print(f"2,000 packs joined again: {2000 * join_cost:.0f} s of one core (goal 20)")

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(PACKS):
        compose(front(), parts)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"memory after {PACKS} packs: {after // 1024} MB, {(after - before) // 1024} MB more (goal 150)")


if __name__ == "__main__":
    main()
