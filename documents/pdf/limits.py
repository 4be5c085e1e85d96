"""What one worker process may take. A hostile or absurd text kills its print, not the machine."""

import ctypes
import resource
from math import ceil

MEMORY = 1 << 30
CPU_SECONDS = 60
GRACE = 12  # seconds of CPU more, in which it can be said that the time is over
M_MMAP_THRESHOLD = -3  # of glibc
LARGE = 1 << 15

_limited = False


def limit_child(*, memory: int = MEMORY) -> None:
    """Call once in each worker process (Celery: `worker_process_init`), never in the web process.

    From then on an allocation beyond `memory` raises MemoryError, and a print that burns more than
    CPU_SECONDS `is_over`, of which the process dies GRACE seconds later: Python signals do not help,
    since parts of the layout swallow the exceptions they raise.

    Large blocks are handed back as soon as they are free: glibc would keep more and more of them, up to 8 MB in all.
    """
    global _limited
    if mallopt := getattr(ctypes.CDLL(None), "mallopt", None):
        mallopt(M_MMAP_THRESHOLD, LARGE)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limited = True


def wind_up() -> None:
    """Give the print that begins now its CPU_SECONDS. The kernel counts a process's whole life."""
    if _limited:
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (_used() + CPU_SECONDS + GRACE, hard))


def is_over() -> bool:
    """Whether the print has used up its CPU_SECONDS. Always false where nothing is limited."""
    end, _hard = resource.getrlimit(resource.RLIMIT_CPU)
    return _limited and end != resource.RLIM_INFINITY and _used() >= end - GRACE


def _used() -> int:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return ceil(usage.ru_utime + usage.ru_stime)
