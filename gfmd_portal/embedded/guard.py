"""Ends what a supervisor left behind, whatever ended the supervisor, a `kill -9` included.

Run as a plain script, so that it costs little. Its input names a process group a line and ends with
the supervisor, which holds the other end. A program is told itself by the kernel that its parent
died (`ties`); its children are not, and one that was just being made can miss the word.
"""

import os
import signal
import sys
import time
from contextlib import suppress

PATIENCE = 5  # seconds between asking and not asking


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups = {int(line) for line in sys.stdin}
    for number in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + PATIENCE
        for group in groups:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(group, number)
        while groups and time.monotonic() < deadline:
            groups = {group for group in groups if lives(group)}
            time.sleep(0.05)


def lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    main()
