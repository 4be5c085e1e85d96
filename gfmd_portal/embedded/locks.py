"""Locks that the kernel gives back when their holder dies, so that none is ever stale."""

import fcntl
import os
from pathlib import Path
from typing import IO


def open_lock(path: Path) -> IO[str]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+")


def take(lock: IO[str], *, shared: bool = False) -> bool:
    """Take the lock if it is free; a lock already held here is exchanged for the kind asked for."""
    try:
        fcntl.flock(lock, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
