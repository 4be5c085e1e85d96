"""Before the portal starts: database, programme, demo accounts; and, beside it, the static files."""

import hashlib
import sys
from io import StringIO
from pathlib import Path

from ..messages import compile_messages
from .demo import ROOT


def database(words: Path) -> None:
    """Migrate and fill; what the demo says (its accounts) is kept for the end of the start."""
    call_command = django()
    call_command("migrate", interactive=False, verbosity=1 if sys.stdout.isatty() else 0)
    said = StringIO()
    call_command("setup_demo", stdout=said)
    words.write_text(said.getvalue())


def files() -> None:
    compile_messages()
    django()("collectstatic", interactive=False, verbosity=0)


def files_digest() -> str:
    """Of all that `files` works on: when it has not changed, nothing is to be done."""
    digest = hashlib.sha256()
    own = [*ROOT.glob("static/**/*"), *ROOT.glob("[!.]*/static/**/*"), *ROOT.glob("locale/**/*.po")]
    for path in sorted({*own, ROOT / "requirements" / "run.txt", ROOT / "gfmd_portal" / "settings.py"}):
        if path.is_file():
            status = path.stat()
            digest.update(f"{path.relative_to(ROOT)} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def django():
    import django
    from django.core.management import call_command

    django.setup()
    return call_command


if __name__ == "__main__":
    if sys.argv[1] == "database":
        database(Path(sys.argv[2]))
    else:
        files()
