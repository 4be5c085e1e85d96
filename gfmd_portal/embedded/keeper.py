"""The process that owns the services: it starts them, watches them, and ends with its last client.

A client is whoever holds a share of `clients.lock`. The kernel takes the share back however the
client ends, so the keeper needs no word from it: when the whole lock can be had, nobody is left.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from . import secrets
from .account import account_for
from .errors import EmbeddedError
from .locks import open_lock, take
from .services import Postgres, Service, Valkey

LOOK_EVERY = 0.1
VARIABLES: dict[str, type[Service]] = {"DATABASE_URL": Postgres, "REDIS_URL": Valkey}


def keep(home: Path, wanted: list[str], *, owner_lock: int, lasting: bool) -> None:
    """Run the services for these variables; say READY or what went wrong on standard output."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit())
    state = home / "services.json"
    services: dict[str, Service] = {}
    try:
        account, kept = account_for(home / Postgres.name), secrets.kept_in(home)
        for variable in wanted:
            kind = VARIABLES[variable]
            service = kind(home, kept[f"{kind.name.upper()}_PASSWORD"], account=account, lasting=lasting)
            services[variable] = service
            service.start(inherit=(owner_lock,))
        write_state(state, {variable: service.url for variable, service in services.items()})
        tell("READY")
        clients = open_lock(home / "clients.lock")  # held, once it can be had, until the services have stopped
        while not take(clients):
            look_after(services.values(), owner_lock)
            time.sleep(LOOK_EVERY)
    except EmbeddedError as error:
        tell(str(error))
    finally:
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        state.unlink(missing_ok=True)
        for service in reversed(services.values()):
            service.stop()


def look_after(services: Iterable[Service], owner_lock: int) -> None:
    for service in services:
        if not service.running:
            print(f"{service.name} has ended by itself; starting it again", file=sys.stderr, flush=True)
            service.start(inherit=(owner_lock,))


def write_state(path: Path, urls: dict[str, str]) -> None:
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(urls))
    draft.replace(path)


def tell(message: str) -> None:
    """To the client that waits for us; it may be gone."""
    try:
        print(message, flush=True)
    except BrokenPipeError:
        pass
    finally:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
