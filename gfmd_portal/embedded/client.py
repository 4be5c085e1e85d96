"""Start the services or join running ones, for as long as a `with` block lasts."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from .demo import ROOT
from .errors import EmbeddedError
from .keeper import VARIABLES
from .locks import open_lock, take

PATIENCE = 90


@contextmanager
def services(home: Path, *, lasting: bool = True, alone: bool = False) -> Iterator[dict[str, str]]:
    """The addresses of the services that the environment does not name itself.

    `alone`: nobody else may use them. Not `lasting`: fast, and lost when the machine crashes.
    """
    wanted = [variable for variable in VARIABLES if not os.environ.get(variable)]
    if not wanted:
        yield {}
        return
    make_home(home)
    with open_lock(home / "clients.lock") as clients:
        wait_for(clients, shared=not alone, otherwise=f"Another command is using the services in {home}.")
        take(clients, shared=True)
        keeper = None
        try:
            deadline = time.monotonic() + PATIENCE
            while (addresses := running(home, wanted)) is None:
                if keeper := keeper or start_keeper(home, wanted, lasting=lasting):
                    continue
                if time.monotonic() > deadline:
                    raise EmbeddedError(f"The services in {home} neither answer nor end; see {home / 'log'}.")
                time.sleep(0.05)
            yield addresses
        finally:
            if keeper and take(clients):  # nobody else is using them
                keeper.terminate()
                keeper.wait()


def make_home(home: Path) -> None:
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        (home / "log").mkdir(exist_ok=True)
    except OSError as error:
        raise EmbeddedError(f"DATA_DIR {home} cannot be used: {error.strerror}.") from None


def wait_for(lock: IO[str], *, shared: bool, otherwise: str) -> None:
    """Whoever stops the services holds this lock for a moment."""
    deadline = time.monotonic() + (PATIENCE if shared else 5)
    while not take(lock, shared=shared):
        if time.monotonic() > deadline:
            raise EmbeddedError(otherwise)
        time.sleep(0.05)


def running(home: Path, wanted: list[str]) -> dict[str, str] | None:
    """The addresses, if services run here and answer."""
    try:
        addresses = json.loads((home / "services.json").read_text())
    except FileNotFoundError:
        return None
    if missing := set(wanted) - set(addresses):
        lacking = " and ".join(sorted(missing))
        raise EmbeddedError(f"The services in {home} were started without {lacking}: end that command first.")
    answer = all(VARIABLES[variable].answers_at(addresses[variable]) for variable in wanted)
    return {variable: addresses[variable] for variable in wanted} if answer else None


def start_keeper(home: Path, wanted: list[str], *, lasting: bool) -> subprocess.Popen[str] | None:
    """None if somebody has the folder: a keeper, or services whose keeper died and that are stopping."""
    with open_lock(home / "services.lock") as owner, (home / "log" / "keeper.log").open("a") as log:
        if not take(owner):
            return None
        (home / "services.json").unlink(missing_ok=True)
        os.set_inheritable(owner.fileno(), True)
        keeper = subprocess.Popen(
            [sys.executable, "-m", "gfmd_portal.embedded", "keep", str(home), str(owner.fileno())]
            + (["--lasting"] if lasting else [])
            + wanted,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            cwd=ROOT,
            pass_fds=(owner.fileno(),),
            start_new_session=True,  # it outlives us while others use the services
        )
    assert keeper.stdout
    if (word := keeper.stdout.readline().strip()) != "READY":
        rest = keeper.stdout.read().strip()
        keeper.wait()
        raise EmbeddedError("\n".join(filter(None, (word, rest))) or f"The services ended; see {home / 'log'}.")
    return keeper
