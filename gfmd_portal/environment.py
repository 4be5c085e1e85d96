"""The environment, read strictly: every fault is named at once, in one plain line each."""

import base64
import binascii
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from environs import Env, EnvValidationError, validate


def read() -> Env:
    """Return an `Env` that collects faults; call `seal` when everything has been asked for."""
    return Env(eager=False)


def seal(env: Env) -> None:
    """End the program with one line for each missing or malformed variable."""
    try:
        env.seal()
    except EnvValidationError as error:
        for name, faults in dict(error.error_messages).items():  # type: ignore[arg-type]
            print(f"Setting {name}: {' '.join(faults)} See .env.example.", file=sys.stderr)
        sys.exit(2)


def demand(env: Env, name: str, *, when: bool, otherwise: str = "") -> str:
    """A variable that must be set `when` asked for, and has a harmless value otherwise."""
    if when:
        return env.str(name, validate=validate.Length(min=1, error="must not be empty."))
    return env.str(name, otherwise)


def folder(url: str) -> Path | None:
    """The folder behind a `file://` address, None for any other."""
    parts = urlsplit(url)
    return Path(unquote(parts.path)) if parts.scheme == "file" and parts.path else None


def is_field_key(key: str) -> bool:
    """Whether `key` can encrypt: 32 bytes in URL-safe base64."""
    try:
        return len(base64.b64decode(key, altchars="-_", validate=True)) == 32
    except binascii.Error:
        return False
