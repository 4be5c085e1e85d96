"""The portal on private services: `run` all of it, or `exec` one command beside it."""

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from . import demo
from .client import make_home, services
from .errors import EmbeddedError
from .keeper import keep
from .run import run as run_portal
from .ties import end_with_parent, tied


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m gfmd_portal.embedded", description=__doc__)
    commands = parser.add_subparsers(dest="action", required=True)
    commands.add_parser("run", help="web, worker and beat, for a demonstration")
    execute = commands.add_parser("exec", help="run a command with PostgreSQL and Valkey at hand")
    execute.add_argument("--alone", action="store_true", help="refuse if another command uses these services")
    execute.add_argument("--throwaway", action="store_true", help="fast services whose data may be lost")
    execute.add_argument("command", nargs="+")
    keeper = commands.add_parser("keep")
    keeper.add_argument("home", type=Path)
    keeper.add_argument("owner_lock", type=int)
    keeper.add_argument("--lasting", action="store_true")
    keeper.add_argument("wanted", nargs="+")
    options = parser.parse_args()
    try:
        if options.action == "keep":
            keep(options.home, options.wanted, owner_lock=options.owner_lock, lasting=options.lasting)
            return 0
        if "MAKELEVEL" in os.environ:
            end_with_parent(signal.SIGTERM)
        if options.action == "run":
            return run_portal()
        home = demo.data_folder()
        make_home(home)
        with services(home, alone=options.alone, lasting=not options.throwaway) as addresses:
            return run(options.command, demo.environment(home) | addresses)
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def run(command: list[str], environment: dict[str, str]) -> int:
    """Run the command as if we were it: signals go to it, its exit code is ours."""
    early: list[int] = []  # signals that come while the command is being started
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: early.append(received))
    child = subprocess.Popen(command, env=environment, preexec_fn=tied(signal.SIGTERM))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the child by itself
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: child.send_signal(received))
    for received in early:
        child.send_signal(received)
    code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
