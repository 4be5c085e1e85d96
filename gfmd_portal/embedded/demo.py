"""The environment of a demonstration, wherever the caller's own does not say otherwise."""

import os
from pathlib import Path

from . import secrets
from .errors import EmbeddedError
from .locks import open_lock, take

ROOT = Path(__file__).resolve().parents[2]
RUNNING = "run.lock"  # held by `make run`; says where it answers


def data_folder() -> Path:
    return ROOT / (os.environ.get("DATA_DIR") or ".data")


def port() -> int:
    value = os.environ.get("PORT") or "8000"
    if not value.isdecimal() or not 0 < int(value) < 65536:
        raise EmbeddedError(f"PORT must be a number from 1 to 65535, not {value!r}.")
    return int(value)


def environment(home: Path) -> dict[str, str]:
    """DEMO=1 unless told otherwise; then keys and a password too, kept in the data folder."""
    given = {name: value for name, value in os.environ.items() if value}
    # Libraries keep caches (fonts) and settings (the browser of the tests) here instead of in the user's home.
    demo = {"DEMO": "1", "XDG_CACHE_HOME": str(home / "cache"), "XDG_CONFIG_HOME": str(home / "cache")}
    if given.get("DEMO", "1").lower() in {"1", "true", "yes", "on"}:
        kept = secrets.kept_in(home)
        demo |= {name: kept[name] for name in ("SECRET_KEY", "FIELD_KEY", "DEMO_PASSWORD")}
        demo |= {"BASE_URL": running_at(home) or f"http://127.0.0.1:{port()}"}
    return demo | given | {"DATA_DIR": str(home)}


def running_at(home: Path) -> str:
    """The address that `make run` serves now, so that a command beside it writes the same links."""
    with open_lock(home / RUNNING) as running:
        return "" if take(running) else running.read()
