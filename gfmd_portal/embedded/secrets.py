"""What a demo machine must keep to itself, made once and kept beside the data it opens."""

import base64
import json
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from .errors import EmbeddedError


def kept_in(home: Path) -> dict[str, str]:
    path = home / "secrets.json"
    if not path.exists():
        if (home / "postgres").exists():
            raise EmbeddedError(f"{path} is missing, and without it the database beside it cannot be opened.")
        _write_once(path)
    return json.loads(path.read_text())


def _write_once(path: Path) -> None:
    """Of two that come at once the first wins, and nobody reads half a file."""
    made = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "FIELD_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "DEMO_PASSWORD": "-".join(secrets.token_hex(2) for _ in range(3)),
        "POSTGRES_PASSWORD": secrets.token_urlsafe(24),
        "VALKEY_PASSWORD": secrets.token_urlsafe(24),
    }
    with tempfile.NamedTemporaryFile("w", dir=path.parent, prefix=".secrets-") as file:  # mode 0600
        json.dump(made, file, indent=1)
        file.flush()
        with suppress(FileExistsError):
            os.link(file.name, path)
