"""The right to build a file, and handing it in. A builder that has lost its lease throws its work away."""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Any, ClassVar

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.base import ContentFile
from django.db import DatabaseError, connection
from django.utils import timezone

from .builds import Build
from .failures import Failure
from .pdf import RenderError, is_over, wind_up

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=15)
HEARTBEAT = 5  # seconds
PULSE = 1  # seconds at least between two words on how far a print is: most take less
State = Build.State


class LeaseLost(Exception):
    """Somebody else has taken the row over."""


@dataclass(frozen=True)
class Made:
    """`also` are further fields of the row."""

    data: bytes
    pages: int
    also: Mapping[str, Any] = field(default_factory=dict)


class Lease:
    """The right to build `row`, prolonged by a heartbeat until the block is left, or the time of a print is over."""

    held: ClassVar[list["Lease"]] = []  # in this process, one within the other: the last is the one that is built

    def __init__(self, row: Build) -> None:
        self.row, self.attempt = row, row.attempt
        self.rows = type(row)._default_manager.filter(pk=row.pk, attempt=row.attempt, state=State.BUILDING)
        self.stopped = threading.Event()
        self.heart = threading.Thread(target=self._beat, daemon=True)
        self.said_at = time.monotonic()

    @classmethod
    def take(cls, row: Build) -> "Lease | None":
        """Take the row if it waits; None when there is nothing to do, or somebody else was sooner."""
        waiting = type(row)._default_manager.filter(pk=row.pk, attempt=row.attempt, state=State.QUEUED)
        until, attempt = timezone.now() + LEASE, row.attempt + 1
        if row.state != State.QUEUED or not waiting.update(
            state=State.BUILDING, attempt=attempt, lease_until=until, done=0
        ):
            return None
        row.state, row.attempt = State.BUILDING, attempt
        return cls(row)

    def keep(self, make: Callable[[], Made]) -> None:
        """Make the file and mark the row ready, or failed and why."""
        with self:
            try:
                self._hand_in(make())
            except LeaseLost:
                log.warning("%s was taken over, this attempt is thrown away", self.row)
            except RenderError as error:
                self._fail(error.failure, error.detail)
            except SoftTimeLimitExceeded:
                self._fail(Failure.TIME)
            except MemoryError:
                self._fail(Failure.MEMORY)
            except Exception:
                log.exception("%s failed", self.row)
                self._fail(Failure.UNFORESEEN)

    def __enter__(self) -> "Lease":
        self.held.append(self)
        wind_up()
        self.heart.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.held.remove(self)
        self.stopped.set()
        self.heart.join()

    def update(self, **fields: object) -> bool:
        """Write to the row, and to what was read of it, if it is still ours."""
        if is_ours := bool(self.rows.update(**fields)):
            for name, value in fields.items():
                setattr(self.row, name, value)
        return is_ours

    def progress(self, done: int, total: int) -> None:
        if time.monotonic() - self.said_at < PULSE:
            return
        self.said_at = time.monotonic()
        if not self.update(done=done, total=total, lease_until=timezone.now() + LEASE):
            raise LeaseLost

    def give_back(self) -> None:
        """Let somebody go on later."""
        self.update(state=State.QUEUED, lease_until=None, done=0)
        raise LeaseLost

    def _beat(self) -> None:
        try:
            while not self.stopped.wait(HEARTBEAT):
                with suppress(DatabaseError):  # the next beat may reach it again
                    if is_over() and self.held[-1:] == [self]:
                        self._fail(Failure.TIME)
                    else:
                        self.update(lease_until=timezone.now() + LEASE)
        finally:
            connection.close()

    def _hand_in(self, made: Made) -> None:
        storage = type(self.row)._meta.get_field("file").storage
        name = storage.save(f"documents/{self.row.uuid}-{self.attempt}.pdf", ContentFile(made.data))
        ready = self.update(
            state=State.READY,
            lease_until=None,
            finished_at=timezone.now(),
            file=name,
            size=len(made.data),
            pages=made.pages,
            sha256=hashlib.sha256(made.data).hexdigest(),
            done=self.row.total,
            **made.also,
        )
        if not ready:
            storage.delete(name)
            raise LeaseLost

    def _fail(self, failure: Failure, detail: str = "") -> None:
        self.update(
            state=State.FAILED, lease_until=None, finished_at=timezone.now(), error=failure, error_detail=detail
        )
