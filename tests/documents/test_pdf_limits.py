"""A text that is absurd or hostile ends its own print, not the machine."""

import os
import signal
import subprocess
import sys

CHILD = """
import django
from documents.pdf import limits, limit_child
from documents.pdf.rendering import typeset
django.setup()
limits.CPU_SECONDS = 1
limit_child({options})
html = '<html lang="en"><title>Probe</title><h1>Probe</h1>'
typeset(html, language="en", prefix="", media={{}})
try:
    {action}
except MemoryError:
    print("refused")
"""


def run(action, options=""):
    return subprocess.run(
        [sys.executable, "-c", CHILD.format(action=action, options=options)],
        capture_output=True,
        text=True,
        timeout=60,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "gfmd_portal.settings"},
    )


def test_limited_child_dies_of_a_text_without_end():
    endless = run("typeset(html + '<p>' + 'word ' * 2_000_000, language='en', prefix='', media={})")

    assert endless.returncode == -signal.SIGXCPU


def test_limited_child_cannot_take_all_memory():
    assert run("bytearray(2 << 30)").stdout == "refused\n"


def test_time_is_counted_for_each_print_anew():
    """Together these take longer than one print may."""
    many = run(
        "import time\n"
        "    while time.process_time() < 4: typeset(html + '<p>word ' * 20, language='en', prefix='', media={})\n"
        "    print('done')"
    )

    assert many.stdout == "done\n"
