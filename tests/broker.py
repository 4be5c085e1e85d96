from collections.abc import Iterator
from contextlib import contextmanager

from gfmd_portal.celery import app


@contextmanager
def broker_away() -> Iterator[None]:
    """Nobody listens where tasks are sent."""
    address = app.conf.broker_url
    _send_to("redis://127.0.0.1:9/0")
    try:
        yield
    finally:
        _send_to(address)


def _send_to(address: str) -> None:
    app.conf.broker_url = address
    app._after_fork()  # forgets the connections it keeps
