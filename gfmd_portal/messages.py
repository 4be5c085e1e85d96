"""Message catalogues, compiled without gettext: `python -m gfmd_portal.messages`."""

from pathlib import Path

import polib

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_messages(locale: Path = LOCALE) -> list[Path]:
    """Write django.mo beside every django.po that is newer; return the written ones."""
    stale = []
    for source in sorted(locale.glob("*/LC_MESSAGES/django*.po")):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            stale.append(target)
    return stale


if __name__ == "__main__":
    compile_messages()
