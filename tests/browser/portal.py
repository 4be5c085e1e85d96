"""The whole portal as its users meet it: web, worker and beat as processes of their own.

Database and broker are reached through doors that a test may shut, which is what the processes
see when a server stops.
"""

import os
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
from django.conf import settings

PYTHON = [sys.executable, "-m"]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(ask: Callable[[], Any], *, seconds: float = 30, what: str = "it") -> Any:
    """Ask until the answer is true; the test fails when it never is."""
    deadline = time.monotonic() + seconds
    while not (answer := ask()):
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.1)
    return answer


class Door:
    """A TCP address of our own that leads to a service, while it is open."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.target = (parts.hostname or "127.0.0.1", parts.port or 0)
        self.port = free_port()
        self.url = parts._replace(netloc=parts.netloc.rpartition("@")[0] + f"@127.0.0.1:{self.port}").geturl()
        self.listener: socket.socket | None = None
        self.passing: list[socket.socket] = []
        self.holds = False
        self.carried = 0  # bytes, there and back

    def hold(self) -> None:
        """From now on nothing passes, and nobody is told."""
        self.holds = True

    def open(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, args=(self.listener,), daemon=True).start()

    def shut(self) -> None:
        if self.listener:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
            self.listener = None
        for end in self.passing:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.passing.clear()

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                ours, _address = listener.accept()
                theirs = socket.create_connection(self.target)
                self.passing += [ours, theirs]
                for source, target in ((ours, theirs), (theirs, ours)):
                    threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while (data := source.recv(65536)) and not self.holds:
                target.sendall(data)
                self.carried += len(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)


class Portal:
    """Serves a database of its own in the cluster of the tests, with the demo in it."""

    password = "a-password-of-the-tests"

    def __init__(self, folder: Path, number: int = 0) -> None:
        """`number` tells apart those that stand side by side, each with a database and a queue of its own."""
        self.name = f"portal_of_the_tests_{number}"
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        own = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}").geturl()
        broker = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{number + 8}").geturl()
        self.database, self.broker = Door(own), Door(broker)
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "gfmd_portal.settings",
            "DATABASE_URL": self.database.url,
            "REDIS_URL": self.broker.url,
            "DATA_DIR": str(folder),
            "BASE_URL": self.url,
            "DEMO": "1",
            "DEMO_PASSWORD": self.password,
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    # Its life

    def start(self) -> None:
        self._create_database()
        self.database.open()
        self.broker.open()
        self.run("files", "django", "collectstatic", "-v0", "--noinput")
        for command in ("migrate -v0", "setup_demo"):
            self.manage(*command.split())
        assert self.processes.pop("files").wait() == 0, (self.folder / "files.log").read_text()
        self.run("web", *WEB.format(port=self.port).split())
        self.run("worker", *WORKER.split())
        self.run("beat", *BEAT.format(folder=self.folder).split())
        wait_for(self.is_ready, seconds=60, what="the portal")

    def stop(self) -> None:
        for name in list(self.processes):
            self.end(name)
        self.database.shut()
        self.broker.shut()

    def run(self, name: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [*PYTHON, *arguments],
                env=self.environment,
                cwd=settings.BASE_DIR,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def run_worker(self) -> None:
        self.run("worker", *WORKER.split())

    def end(self, name: str, *, hard: bool = False) -> None:
        process = self.processes.pop(name)
        process.kill() if hard else process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if hard:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, 9)

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self.environment,
            cwd=settings.BASE_DIR,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def is_ready(self) -> bool:
        for name, process in self.processes.items():
            log = self.folder / f"{name}.log"
            assert process.poll() is None, f"{name} ended:\n{log.read_text()[-3000:]}"
        with suppress(OSError):
            return self.get("/readyz")[0] == 200
        return False

    def sql(self, statement: str) -> list[tuple]:
        """Ask the portal's database, past its door."""
        url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{self.name}").geturl()
        connection = psycopg2.connect(url)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall()
        finally:
            connection.close()

    @contextmanager
    def leaving_no_new(self, table: str) -> Iterator[None]:
        """Rows that are made meanwhile go again, whether the test ends well or not."""
        [(newest,)] = self.sql(f"SELECT coalesce(max(id), 0) FROM {table}")
        try:
            yield
        finally:
            self.sql(f"DELETE FROM {table} WHERE id > {newest} RETURNING id")

    def _create_database(self) -> None:
        connection = psycopg2.connect(os.environ["DATABASE_URL"])
        connection.autocommit = True
        try:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
                cursor.execute(f"CREATE DATABASE {self.name}")
        finally:
            connection.close()


WEB = "granian --interface=wsgi --host=127.0.0.1 --port={port} --workers=1 --no-access-log gfmd_portal.wsgi:application"
WORKER = "gfmd_portal.worker --queues=mail,documents,default --concurrency=2 --loglevel=INFO"
BEAT = "celery --app=gfmd_portal beat --loglevel=WARNING --schedule={folder}/beat --pidfile="
