"""Every string is translated, and written as its language is: the catalogues against what the source says now.

Works on a copy, so that a check changes nothing. To bring the catalogues up to date:
make manage ARGS="makemessages -l fr -l es -l ar --no-location --no-obsolete -i .venv -i .data -i tests -i benchmarks"
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import polib
import wording

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ["fr", "es", "ar"]
NOT_SOURCE = shutil.ignore_patterns(
    ".*", "tests", "benchmarks", "requirements", "fixtures", "docs", "fonts", "__pycache__"
)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "portal"
        shutil.copytree(ROOT, copy, ignore=NOT_SOURCE)
        options = ["--no-location", "--no-obsolete", "--verbosity=0", *(f"--locale={name}" for name in LANGUAGES)]
        subprocess.run([sys.executable, "manage.py", "makemessages", *options], cwd=copy, check=True)
        found = [f"{language}: {fault}" for language in LANGUAGES for fault in faults(ROOT, copy, language)]
    print("\n".join(found))
    return 1 if found else 0


def faults(root: Path, copy: Path, language: str) -> Iterator[str]:
    kept = catalogue(root, language)
    yield from compare(kept, catalogue(copy, language))
    yield from malformed(path_of(root, language))
    for entry in kept:
        yield from wording.entry_faults(entry, language)


def path_of(root: Path, language: str) -> Path:
    return root / "locale" / language / "LC_MESSAGES" / "django.po"


def catalogue(root: Path, language: str) -> polib.POFile:
    path = path_of(root, language)
    return polib.pofile(str(path)) if path.exists() else polib.POFile()


def malformed(path: Path) -> list[str]:
    """What gettext finds: plural forms that are missing, places to fill that the original does not have."""
    done = subprocess.run(["msgfmt", "--check", "-o", os.devnull, str(path)], capture_output=True, text=True)
    return [line.removeprefix(f"{path}:") for line in done.stderr.splitlines()] if done.returncode else []


def compare(kept: polib.POFile, wanted: polib.POFile) -> Iterator[str]:
    """What the kept catalogue lacks, has not understood, or has outlived."""
    have = {(entry.msgctxt, entry.msgid): entry for entry in kept if not entry.obsolete}
    want = {(entry.msgctxt, entry.msgid) for entry in wanted if not entry.obsolete}
    for key in sorted(want - have.keys(), key=str):
        yield f"missing: {key[1]!r}"
    for key in sorted(have.keys() - want, key=str):
        yield f"no longer said: {key[1]!r}"
    for entry in kept.obsolete_entries():
        yield f"obsolete: {entry.msgid!r}"
    for key in sorted(want & have.keys(), key=str):
        if have[key].fuzzy:
            yield f"fuzzy: {key[1]!r}"
        elif not have[key].translated():
            yield f"untranslated: {key[1]!r}"


if __name__ == "__main__":
    sys.exit(main())
