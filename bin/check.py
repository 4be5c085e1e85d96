"""All that can be said about the code without running it; `check.py test` then runs the tests."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

PYTHON = sys.executable

CHECKS = {
    "format": ["ruff", "format", "--check", "."],
    "lint": ["ruff", "check", "."],
    "types": ["mypy", "."],
    "layers": ["importlinter.cli", "lint", "--no-cache"],
    "migrations": ["manage", "makemigrations", "--check", "--dry-run"],
    "django": ["manage", "check", "--fail-level", "WARNING"],
    "templates": ["djlint", "templates", "--lint", "--quiet"],
    "unmarked": ["check_unmarked"],
    "messages": ["check_messages"],
}
SCRIPTS = {"manage": "manage.py", "check_messages": "bin/check_messages.py", "check_unmarked": "bin/check_unmarked.py"}


def main(command: str, arguments: list[str]) -> int:
    if command == "format":
        return subprocess.call([PYTHON, "-m", "ruff", "format", "."])
    left_out = os.environ.get("LEFT_OUT", "")
    checks = {name: line for name, line in CHECKS.items() if not (name == "messages" and "messages" in left_out)}
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        passed = list(pool.map(check, checks, checks.values()))
    code = 0 if all(passed) else 1
    if command == "test" and code == 0:
        code = run_tests(arguments, without_browser="browser" in left_out)
    if left_out:
        print(f"\n\033[1;33m{left_out}\033[0m", file=sys.stderr)
    return code


def check(name: str, line: list[str]) -> bool:
    began = time.monotonic()
    program, *arguments = line
    start = [SCRIPTS[program]] if program in SCRIPTS else ["-m", program]
    done = subprocess.run([PYTHON, *start, *arguments], capture_output=True, text=True)
    verdict = "ok" if done.returncode == 0 else "FAILED"
    says = "" if done.returncode == 0 else f"\n{done.stdout}{done.stderr}".rstrip()
    print(f"{name:<11}{verdict} ({time.monotonic() - began:.1f} s){says}", flush=True)
    return done.returncode == 0


def run_tests(arguments: list[str], *, without_browser: bool) -> int:
    chosen = ["-m", "not browser"] if without_browser else []
    if not arguments:  # the whole, on all cores
        # In the order of the folders: those of the browser, which take longest, are not left for one core at the end
        chosen += ["--numprocesses=auto", "--dist=loadfile", "--no-loadscope-reorder"]
    return subprocess.call([PYTHON, "-m", "pytest", *chosen, *arguments])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
