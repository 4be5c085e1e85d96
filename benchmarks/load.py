"""Asks a web process as fast as it answers, over connections that stay open."""

import socket
import statistics
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

CONNECTIONS = 4


@dataclass(frozen=True)
class Load:
    """`rate` in answers a second; `p50` and `p99` in milliseconds."""

    rate: float
    p50: float
    p99: float


@dataclass(frozen=True)
class Answer:
    status: int
    head: str
    body: bytes

    def header(self, name: str) -> str:
        lines = (line.partition(":") for line in self.head.split("\r\n")[1:])
        return next((value.strip() for key, _, value in lines if key.lower() == name), "")


class Connection:
    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, path: str, *headers: str, method: str = "GET") -> Answer:
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept-Encoding: br", *headers, "", ""]
        self.socket.sendall("\r\n".join(lines).encode())
        got = self._more()
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        head, body = got[:end].decode("latin-1"), [got[end + 4 :]]
        answer = Answer(int(head[9:12]), head, b"")
        left = int(answer.header("content-length") or 0) - len(body[0])
        while left > 0:
            body.append(self._more())
            left -= len(body[-1])
        return Answer(answer.status, head, b"".join(body))

    def _more(self) -> bytes:
        data = self.socket.recv(1 << 20)
        if not data:
            raise ConnectionError("the server hung up")
        return data


def ask(port: int, path: str, *headers: str) -> Answer:
    return Connection(port).ask(path, *headers)


def load(
    port: int,
    paths: Sequence[str] | Callable[[int], str],
    *headers: str,
    seconds: float = 3.0,
    most: int | None = None,
    status: int = 200,
) -> Load:
    """For `seconds`, or until `most` answers; `paths` in turn, or made from the number of the request."""
    at = paths if callable(paths) else lambda number: paths[number % len(paths)]
    started = time.perf_counter()

    def run(own: int) -> list[float]:
        connection, number, taken = Connection(port), own, []
        while time.perf_counter() - started < seconds if most is None else number < most:
            before = time.perf_counter()
            answer = connection.ask(at(number), *headers)
            taken.append(time.perf_counter() - before)
            assert answer.status == status, f"{at(number)}: {answer.status}"
            number += CONNECTIONS
        return taken

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        each = sorted(one for taken in pool.map(run, range(CONNECTIONS)) for one in taken)
    passed = time.perf_counter() - started
    return Load(len(each) / passed, statistics.median(each) * 1000, each[int(len(each) * 0.99)] * 1000)
