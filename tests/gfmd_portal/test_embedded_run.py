"""`make run` as a whole: the real portal on a folder of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from gfmd_portal.embedded import prepare
from gfmd_portal.embedded.services import free_port

from .test_embedded import ROOT, environment, gone

MANAGE = [sys.executable, "bin/portal.py", "manage"]


class Portal:
    """One `make run`, its lines read as they come."""

    def __init__(self, home: Path, port: int) -> None:
        self.home, self.port = home, port
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gfmd_portal.embedded", "run"],
            cwd=ROOT,
            env=environment(home, PORT=str(port)),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.limit = threading.Timer(300, self.process.kill)  # a portal that hangs fails, it does not stop the tests
        self.limit.daemon = True
        self.limit.start()

    def until(self, pattern: str) -> re.Match[str]:
        assert self.process.stdout
        for line in self.process.stdout:
            self.lines.append(line)
            if found := re.search(pattern, line):
                return found
        pytest.fail("".join(self.lines))

    def get(self, path: str) -> bytes:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return answer.read()

    def end(self, number: signal.Signals) -> int:
        self.limit.cancel()
        self.process.send_signal(number)
        self.process.communicate(timeout=60)
        assert gone(self.home)
        return self.process.returncode


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("make run") / "data"


@pytest.fixture(scope="module")
def portal(home):
    """One for the tests that leave it running: the second on this folder, after the first was killed."""
    first = Portal(home, free_port())
    try:
        first.until(r"Ctrl-C")
    finally:
        first.end(signal.SIGKILL)  # and nothing is left of it
    second = Portal(home, free_port())
    try:
        second.until(r"Ctrl-C")
        yield second
    finally:
        ended = second.end(signal.SIGTERM)
    assert ended == 0


def run_again(home: Path, port: int | str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gfmd_portal.embedded", "run"],
        cwd=ROOT,
        env=environment(home, PORT=str(port)),
        capture_output=True,
        text=True,
        timeout=60,
    )


def pid_of(home: Path, words: str) -> int:
    """Of the processes whose command has these words the one that started the others."""
    mine = {
        int(entry.name)
        for entry in Path("/proc").glob("[0-9]*")
        if words in commandline(entry) and f"DATA_DIR={home}\0".encode() in environ(entry)
    }
    [first] = [pid for pid in mine if parent(pid) not in mine]
    return first


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def commandline(entry: Path) -> str:
    try:
        return (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def environ(entry: Path) -> bytes:
    try:
        return (entry / "environ").read_bytes() + b"\0"
    except OSError:
        return b""


def test_run_shows_the_programme_and_says_who_may_sign_in(portal):
    """Also when the one before was killed with `kill -9`."""
    said = "".join(portal.lines)
    assert f"http://127.0.0.1:{portal.port}" in said
    assert "organiser@" in said
    assert "delegate@" in said
    assert re.search(r"[Pp]assword.*: \S{8,}", said)
    assert b"Harnessing migrants" in portal.get("/en/programme/")
    assert portal.get("/readyz")


def test_manage_joins_a_running_portal(portal):
    show = (
        "from django.conf import settings; from schedule.models import Forum;"
        "print(settings.BASE_URL, Forum.objects.count())"
    )
    done = subprocess.run(
        [*MANAGE, "shell", "--no-imports", "-c", show],
        cwd=ROOT,
        env=environment(portal.home),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == f"http://127.0.0.1:{portal.port} 1\n", done.stderr
    assert portal.get("/healthz")


def test_second_run_on_one_folder_is_refused(portal):
    refused = run_again(portal.home, free_port())
    assert (refused.returncode, refused.stderr) == (
        1,
        f"The portal already runs on {portal.home}, at http://127.0.0.1:{portal.port}.\n",
    )


@pytest.mark.parametrize(("name", "words"), [("worker", "worker --queues="), ("web", "granian")])
def test_a_killed_part_is_named_and_started_again(portal, name, words):
    os.kill(pid_of(portal.home, words), signal.SIGKILL)
    portal.until(rf"portal +\| {name} was killed by SIGKILL; starting it again")
    if name == "worker":
        return
    deadline = time.monotonic() + 20
    while True:
        try:
            assert portal.get("/healthz")
            return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_ctrl_c_while_it_prepares_is_quiet(tmp_path):
    portal = Portal(tmp_path / "data", free_port())
    deadline = time.monotonic() + 40
    while not (tmp_path / "data" / "services.json").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5)
    portal.limit.cancel()
    portal.process.send_signal(signal.SIGINT)
    assert portal.process.communicate(timeout=40) == ("", None)
    assert portal.process.returncode == 128 + signal.SIGINT
    assert gone(portal.home)


def test_port_in_use_is_one_clear_line(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = run_again(tmp_path, port)
    assert (refused.returncode, refused.stderr) == (
        1,
        f"Port {port} cannot be used (Address already in use). Another one: PORT={port + 1} make run\n",
    )


def test_senseless_port_is_one_clear_line(tmp_path):
    refused = run_again(tmp_path, "eighty")
    assert (refused.returncode, refused.stderr) == (1, "PORT must be a number from 1 to 65535, not 'eighty'.\n")


def test_files_are_prepared_again_only_when_one_changed(tmp_path, monkeypatch):
    for name in (
        "static/css/portal.css",
        "locale/fr/LC_MESSAGES/django.po",
        "requirements/run.txt",
        ".data/static/a.css",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one")
    monkeypatch.setattr(prepare, "ROOT", tmp_path)
    before = prepare.files_digest()
    (tmp_path / ".data/static/a.css").write_text("collected")
    assert prepare.files_digest() == before
    (tmp_path / "static/css/portal.css").write_text("changed")
    assert prepare.files_digest() != before
