"""What a badge costs, tagged and in every script, beside the figure of pretix, which prints one untagged.

The table goes to results/badges.md and .json; README.md says what each figure means.
"""

import gc
import json
import os
import resource
import time
from collections.abc import Sequence
from pathlib import Path

from documents.kinds.badge import face, leaves
from documents.kinds.badges import AT_ONCE
from documents.kinds.bearers import Bearer
from documents.pdf import Leaves, Part, compose, render
from documents.sheets import Ink
from tests.documents import specimens

RESULTS = Path(__file__).parent / "results"
RUN = 2000
SIZES = [1, 12, 48, 96]  # badges set at once
PRETIX = (8.4, 10.4)  # ms of CPU for a badge, untagged, Arabic names as boxes
PARTIES = [
    "Kenya", "Morocco", "Philippines", "Saint Vincent and the Grenadines", "Bosnia and Herzegovina",
    "Democratic People’s Republic of Korea", "United Kingdom of Great Britain and Northern Ireland",
]  # fmt: skip


def main() -> None:
    bearers = [_bearer(number) for number in range(RUN)]
    _set(bearers[:2], "a6")  # warm
    figures: dict[str, float] = {"load": os.getloadavg()[0]}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began, wall = time.process_time(), time.monotonic()
    pieces = [_set(bearers[start : start + AT_ONCE], "a6", f"{start}-") for start in range(0, RUN, AT_ONCE)]
    data = compose(pieces[0], (Part(Leaves(piece), "Badges", "", "en") for piece in pieces[1:])).data
    figures["run"] = (time.process_time() - began) / RUN * 1000
    figures["run_seconds"] = time.monotonic() - wall
    figures["run_bytes"] = len(data)
    figures["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures["memory_grown"] = figures["memory"] - before / 1024
    for size in SIZES:
        figures[f"at_once_{size}"] = min(_cost(bearers[:size], "a6") for _again in range(3))
    figures["four"] = min(_cost(bearers[:AT_ONCE], "a4-four") for _again in range(3))
    figures |= {"ratio_to_fastest": figures["run"] / PRETIX[0], "ratio_to_slowest": figures["run"] / PRETIX[1]}
    _keep(figures)


def _bearer(number: int) -> Bearer:
    """A third have a name in Arabic, too."""
    return Bearer(
        uuid=str(number),
        honorific="Ms.",
        given_name="Wanjiru",
        family_name=f"MFANO {number}",
        arabic_name="سلمى نموذج" if number % 3 == 0 else "",
        function="Head of Unit, Ministry of Foreign Affairs",
        party=PARTIES[number % len(PARTIES)],
        category="Member State",
        colour="#3733b4",
        badge=f"{number:04d}-7K3M-9QPT",
    )


def _set(bearers: Sequence[Bearer], sheet: str, prefix: str = "") -> bytes:
    on_one = 4 if sheet == "a4-four" else 1
    faces = [face(bearer, Ink.COLOUR) for bearer in bearers]
    context = {
        "print": specimens.print_of("Badges", "", sheet=sheet),
        **leaves(faces, on_one),
    }
    return render("documents/print/badges.html", context, language="en", prefix=prefix, styles=("badge",)).data


def _cost(bearers: Sequence[Bearer], sheet: str) -> float:
    """Milliseconds of CPU for each."""
    gc.collect()
    began = time.process_time()
    _set(bearers, sheet)
    return (time.process_time() - began) / len(bearers) * 1000


def _keep(figures: dict[str, float]) -> None:
    RESULTS.mkdir(exist_ok=True)
    rows = [
        *((f"Set {size} at once, ms each", figures[f"at_once_{size}"]) for size in SIZES),
        (f"Four to a sheet, {AT_ONCE} at once, ms each", figures["four"]),
        (f"{RUN:,} in pieces of {AT_ONCE}, joined, ms each", figures["run"]),
        (f"× pretix ({PRETIX[1]} ms; goal 1)", figures["ratio_to_slowest"]),
        (f"× pretix ({PRETIX[0]} ms; goal 1)", figures["ratio_to_fastest"]),
        (f"{RUN:,}, seconds on the clock", figures["run_seconds"]),
        (f"{RUN:,}, MB of the file", figures["run_bytes"] / 1e6),
        ("Memory at the most, MB", figures["memory"]),
        ("Load of the machine", figures["load"]),
    ]
    table = "\n".join(["| What | Figure |", "|---|---:|", *(f"| {words} | {value:.1f} |" for words, value in rows)])
    print(table)
    (RESULTS / "badges.md").write_text(f"{table}\n")
    content = {name: round(value, 2) for name, value in figures.items()}
    (RESULTS / "badges.json").write_text(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    main()
