"""Several programs as one: their lines prefixed, a dead one started again, all stopped together."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from . import guard
from .ties import tied

COLOURS = (36, 32, 35, 33)
STOP_WITHIN = 15
TOO_OFTEN = 5  # ends in a row, each within a minute of the last


@dataclass
class Program:
    name: str
    command: list[str]
    process: asyncio.subprocess.Process | None = None
    ends: list[float] = field(default_factory=list)

    def signal(self, number: signal.Signals, *, group: bool = False) -> None:
        if self.process:
            with suppress(ProcessLookupError, PermissionError):
                (os.killpg if group else os.kill)(self.process.pid, number)


class Supervisor:
    def __init__(self, programs: list[Program], *, folder: Path, environment: dict[str, str]) -> None:
        self.programs = programs
        self.folder = folder
        self.environment = environment
        self.stopping = asyncio.Event()
        self.code = 0
        self.guard = subprocess.Popen(
            [sys.executable, "-S", guard.__file__], stdin=subprocess.PIPE, start_new_session=True, text=True, bufsize=1
        )

    async def run(self, ready: Callable[[], bool], welcome: str) -> int:
        """The first program alone until it is ready, then the others; returns when all have ended."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self.stop)
        first, *others = self.programs
        running = [asyncio.create_task(self.keep(first))]
        while not self.stopping.is_set() and not await asyncio.to_thread(ready):
            await asyncio.sleep(0.05)
        if not self.stopping.is_set():
            running += [asyncio.create_task(self.keep(program)) for program in others]
            print(welcome, flush=True)
        await self.stopping.wait()
        for program in self.programs:
            program.signal(signal.SIGTERM)
        _, late = await asyncio.wait(running, timeout=STOP_WITHIN)
        if late:
            self.kill()
            await asyncio.wait(late)
        return self.code

    def stop(self) -> None:
        if self.stopping.is_set():  # asked twice: at once
            self.kill()
        self.stopping.set()

    def kill(self) -> None:
        for program in self.programs:
            program.signal(signal.SIGKILL, group=True)

    async def keep(self, program: Program) -> None:
        """Run it, and run it again when it ends, until we stop or it ends too often."""
        while not self.stopping.is_set():
            # Our own pipe: with asyncio's, `wait` waits also for children that the program left behind.
            reading, writing = os.pipe()
            program.process = process = await asyncio.create_subprocess_exec(
                *program.command,
                cwd=self.folder,
                env=self.environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                start_new_session=True,  # Ctrl-C is ours to pass on
                preexec_fn=tied(signal.SIGTERM),
            )
            os.close(writing)
            assert self.guard.stdin
            self.guard.stdin.write(f"{process.pid}\n")
            relay = asyncio.create_task(self.relay(program.name, reading))
            code = await process.wait()
            program.signal(signal.SIGKILL, group=True)
            program.process = None
            await relay
            if not self.stopping.is_set():
                await self.mourn(program, code)

    async def relay(self, name: str, reading: int) -> None:
        lines = asyncio.StreamReader(limit=2**20)
        protocol = asyncio.StreamReaderProtocol(lines)
        pipe, _ = await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, os.fdopen(reading, "rb"))
        async for line in lines:
            self.say(name, line.decode(errors="replace").rstrip())
        pipe.close()

    async def mourn(self, program: Program, code: int) -> None:
        now = time.monotonic()
        program.ends = [end for end in program.ends if now - end < 60] + [now]
        how = f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        if len(program.ends) >= TOO_OFTEN:
            self.say("portal", f"{program.name} {how} for the {TOO_OFTEN}th time; stopping everything")
            self.code = 1
            self.stopping.set()
            return
        self.say("portal", f"{program.name} {how}; starting it again")
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), len(program.ends))

    def say(self, name: str, line: str) -> None:
        width = max(len("portal"), *(len(program.name) for program in self.programs))
        names = [program.name for program in self.programs]
        prefix = f"{time.strftime('%H:%M:%S')} {name:<{width}} |"
        if sys.stdout.isatty() and name in names:
            prefix = f"\033[{COLOURS[names.index(name) % len(COLOURS)]}m{prefix}\033[0m"
        print(prefix, line, flush=True)
