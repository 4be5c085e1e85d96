"""A process that builds files of print runs, as a worker does. It is started bare: what it needs it loads itself."""

import os
import re
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gfmd_portal.settings")
django.setup()

from documents.running import build_part  # noqa: E402


def build(uuids: list[str]) -> tuple[list[float], float]:
    """Seconds of CPU for each file, and the largest memory in MB."""
    taken = []
    for uuid in uuids:
        start = time.process_time()
        build_part(uuid)
        taken.append(time.process_time() - start)
    return taken, largest_memory()


def largest_memory() -> float:
    """`ru_maxrss` would not do: a process takes over what the one that started it had."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024
