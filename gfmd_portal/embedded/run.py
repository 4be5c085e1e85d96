"""`make run`: services, database, programme, then web, worker and beat until Ctrl-C."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

from . import demo, prepare
from .client import make_home, services
from .errors import EmbeddedError
from .locks import open_lock, take
from .services import HOST
from .supervisor import Program, Supervisor
from .ties import tied


def run() -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    home, port = demo.data_folder(), demo.port()
    make_home(home)
    with open_lock(home / demo.RUNNING) as running:
        if not take(running):
            raise EmbeddedError(f"The portal already runs on {home}, at {running.read()}.")
        running.truncate()
        refuse_taken_port(port)
        with services(home) as addresses:
            environment = demo.environment(home) | addresses
            running.write(environment["BASE_URL"])
            running.flush()
            words = prepare_all(home, environment)
            supervisor = Supervisor(programs(home, port), folder=demo.ROOT, environment=environment)
            return asyncio.run(
                supervisor.run(lambda: answers(port), f"\n{words}\n  {environment['BASE_URL']}   (Ctrl-C stops it)\n")
            )


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise EmbeddedError(
                f"Port {port} cannot be used ({error.strerror}). Another one: PORT={port + 1} make run"
            ) from None


def prepare_all(home: Path, environment: dict[str, str]) -> str:
    """Database and files at the same time. Returns what the demo has to say."""
    words, stamp, digest = home / "demo.txt", home / "files.stamp", prepare.files_digest()
    tasks = {"database": start("database", str(words), environment=environment)}
    if not (stamp.exists() and stamp.read_text() == digest):
        tasks["files"] = start("files", environment=environment)
    try:
        for name, task in tasks.items():
            if task.wait() != 0:
                raise EmbeddedError(f"The {name} could not be prepared; the lines above say why.")
    finally:
        for task in tasks.values():
            task.terminate()
            task.wait()
    if "files" in tasks:
        stamp.write_text(digest)
    return words.read_text()


def start(*arguments: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "gfmd_portal.embedded.prepare", *arguments],
        cwd=demo.ROOT,
        env={"DJANGO_SETTINGS_MODULE": "gfmd_portal.settings"} | environment,
        start_new_session=True,  # Ctrl-C is ours to pass on
        preexec_fn=tied(signal.SIGTERM),
    )


def programs(home: Path, port: int) -> list[Program]:
    python = [sys.executable]
    return [
        Program(
            "web",
            [
                *python,
                "-m",
                "granian",
                "--interface=wsgi",
                f"--host={HOST}",
                f"--port={port}",
                "--workers=2",
                "--blocking-threads=4",
                "--no-access-log",
                "--log-level=warning",
                "gfmd_portal.wsgi:application",
            ],
        ),
        Program(
            "worker",
            [
                *python,
                "-W",
                "ignore:You're running the worker",  # in a demonstration root may well be root
                "-m",
                "gfmd_portal.worker",
                "--queues=mail,documents,default",
                f"--concurrency={min(os.cpu_count() or 1, 4)}",
                "--loglevel=WARNING",
                "--without-gossip",
                "--without-mingle",
                "--without-heartbeat",
            ],
        ),
        Program(
            "beat",
            [
                *python,
                "-m",
                "celery",
                "--app=gfmd_portal",
                "--quiet",
                "beat",
                "--loglevel=WARNING",
                f"--schedule={home / 'beat'}",
                "--pidfile=",
            ],
        ),
    ]


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://{HOST}:{port}/healthz", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True
