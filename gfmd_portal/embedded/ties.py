"""Processes that end with the process that started them, however that one ends."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def tied(number: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the new process gets this signal when its parent dies, even by `kill -9`."""
    parent = os.getpid()

    def tie() -> None:
        end_with_parent(number)
        if os.getppid() != parent:  # it died between the fork and the line above
            os._exit(1)

    return tie


def end_with_parent(number: signal.Signals) -> None:
    if LIBC is not None:
        LIBC.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
