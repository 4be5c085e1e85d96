"""A process that builds files of print runs, as a worker does. It is started bare: what it needs it loads itself."""

import os
import resource
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gfmd_portal.settings")
django.setup()

from documents.running import build_part  # noqa: E402


def build(uuids: list[str]) -> tuple[float, float]:
    """Seconds of CPU, and the largest memory in MB."""
    start = time.process_time()
    for uuid in uuids:
        build_part(uuid)
    return time.process_time() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
