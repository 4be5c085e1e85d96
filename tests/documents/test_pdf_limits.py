"""A text that is absurd or hostile ends its own print, not the machine."""

import os
import signal
import subprocess
import sys

CHILD = """
import time
from documents.pdf import limits, limit_child
from documents.pdf.rendering import typeset
limits.CPU_SECONDS, limits.GRACE = 1, 0
limit_child()
def printed(body):
    html = '<html lang="en"><title>Probe</title><h1>Probe</h1>' + body
    return typeset(html, language="en", prefix="", media={})
"""


def run(action):
    return subprocess.run(
        [sys.executable, "-c", CHILD + action],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "gfmd_portal.settings"},
    )


def test_limited_child_dies_of_a_text_without_end():
    endless = run("printed('<p>' + 'word ' * 2_000_000)")

    assert endless.returncode == -signal.SIGXCPU


def test_limited_child_prints_but_cannot_take_all_memory():
    greedy = run(
        """
limits.CPU_SECONDS = 60
print(printed("<p>word").pages)
try:
    bytearray(2 << 30)
except MemoryError:
    print("refused")
"""
    )

    assert greedy.stdout == "1\nrefused\n"


def test_end_of_the_time_is_told_before_the_process_dies_of_it():
    over = run(
        """
limits.GRACE = 60
told = [limits.is_over()]
limits.wind_up()
told.append(limits.is_over())
start = time.process_time()
while time.process_time() < start + 1.5:
    pass
print(*told, limits.is_over())
"""
    )

    assert over.stdout == "False False True\n"


def test_time_is_counted_for_each_print_anew():
    """Together these take longer than one print may."""
    many = run(
        """
start = time.process_time()
while time.process_time() < start + 2.5:
    limits.wind_up()
print("done")
"""
    )

    assert many.stdout == "done\n"
