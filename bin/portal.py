"""What stands behind `make`: brings the machine to where a command can run, then runs it.

Needs nothing but Python's standard library, since it makes the virtual environment. Writes only
there, and as root on Debian or Ubuntu lets apt install what pip cannot bring.
"""

import ctypes
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = str(VENV / "bin" / "python")
BASE_PYTHON = getattr(sys, "_base_executable", sys.executable)  # we may run in the environment that is to be replaced
IN_CI = os.environ.get("CI", "").lower() in {"1", "true"}

# What pip cannot bring: Debian's package, and the library or program that shows it is there.
PRINTS = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
MESSAGES = {"gettext": "msgmerge"}
BROWSER = {"chromium": "chromium"}


class MissingError(Exception):
    """What stops the command, as one line that says what to do."""


def main(command: str, arguments: list[str]) -> None:
    make_venv()
    if command in {"run", "manage", "shell"}:
        install_requirements("run")
    else:
        install_requirements("test")
    if command == "run":
        require(PRINTS)
        become("-m", "gfmd_portal.embedded", "run")
    if command in {"manage", "shell"}:
        words = ["shell"] if command == "shell" else arguments or shlex.split(os.environ.get("ARGS", "help"))
        become("-m", "gfmd_portal.embedded", "exec", "--", PYTHON, "manage.py", *words)
    if command == "bench":
        use_own_data_folder("bench")
        become(*WITH_PRIVATE_SERVICES, "--", PYTHON, "-m", "benchmarks", *shlex.split(os.environ.get("ARGS", "")))
    if command in {"check", "test"}:
        left_out = find_or_leave_out("the check of the messages", MESSAGES)
        if command == "test":
            require(PRINTS)
            left_out += find_or_leave_out("the browser tests", BROWSER)
        use_own_data_folder("test")
        os.environ["LEFT_OUT"] = "\n".join(left_out)
        words = shlex.split(os.environ.get("ARGS", ""))
        become(*WITH_PRIVATE_SERVICES, "--throwaway", "--", PYTHON, "bin/check.py", command, *words)
    if command == "format":
        become("bin/check.py", "format")
    if command == "lock":
        become("bin/lock.py")
    raise MissingError(f"No such command: {command}.")


WITH_PRIVATE_SERVICES = ("-m", "gfmd_portal.embedded", "exec", "--alone")


def use_own_data_folder(name: str) -> None:
    """Beside the portal's data, so that tests run while the portal does."""
    os.environ["DATA_DIR"] = str(ROOT / (os.environ.get("DATA_DIR") or ".data") / name)


def become(*arguments: str) -> None:
    """This process becomes the command, so that signals and the exit code are its own."""
    os.chdir(ROOT)
    os.execv(PYTHON, [PYTHON, *arguments])


# The virtual environment


def make_venv() -> None:
    if venv_works():
        return
    if not has_venv_module():
        version = f"python3.{sys.version_info.minor}"
        apt_install(["python3-venv"] if BASE_PYTHON == "/usr/bin/python3" else [f"{version}-venv"])
        if not has_venv_module():
            raise MissingError(f"Python’s venv module is missing: sudo apt-get install {version}-venv")
    say("making .venv")
    shutil.rmtree(VENV, ignore_errors=True)
    subprocess.run([BASE_PYTHON, "-m", "venv", VENV], check=True)


def has_venv_module() -> bool:
    return subprocess.run([BASE_PYTHON, "-c", "import ensurepip, venv"], capture_output=True).returncode == 0


def venv_works() -> bool:
    """A moved checkout or an upgraded Python leaves an environment behind that does not."""
    try:
        asked = subprocess.run([PYTHON, "-c", "import pip, sys; print(sys.prefix)"], capture_output=True, text=True)
    except OSError:
        return False
    return asked.stdout.strip() == str(VENV)


def install_requirements(kind: str) -> None:
    """Only when the lock has changed. Without pip's cache, which lies outside the checkout."""
    lock, stamp = ROOT / "requirements" / f"{kind}.txt", VENV / f"{kind}.installed"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == digest:
        return
    say(f"installing requirements/{kind}.txt, this takes a minute")
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "-qq", "install", "--require-hashes", "--no-deps"]
    cache = [] if "PIP_CACHE_DIR" in os.environ else ["--no-cache-dir"]
    if subprocess.run([*pip, *cache, "--no-compile", "--requirement", lock]).returncode != 0:
        raise MissingError(f"pip could not install requirements/{kind}.txt; the lines above say why.")
    # pip compiles on one core; a file in a package that is no Python at all may fail here.
    subprocess.run([PYTHON, "-m", "compileall", "-qq", "-j", "0", VENV / "lib"])
    stamp.write_text(digest)


# The system


def require(packages: dict[str, str]) -> None:
    """Have these, by apt if we may; otherwise the command stops."""
    if missing := absent(packages):
        apt_install(missing)
    if missing := absent(packages):
        raise MissingError(f"Missing on this machine: sudo apt-get install {' '.join(missing)}")


def find_or_leave_out(what: str, packages: dict[str, str]) -> list[str]:
    """Have these, or do without what needs them and say so; in CI nothing may be left out."""
    try:
        require(packages)
    except MissingError as missing:
        if IN_CI:
            raise
        return [f"LEFT OUT: {what}. {missing}"]
    return []


def absent(packages: dict[str, str]) -> list[str]:
    return [package for package, sign in packages.items() if not is_there(sign)]


def is_there(sign: str) -> bool:
    if ".so." in sign:
        try:
            ctypes.CDLL(sign)
        except OSError:
            return False
        return True
    # A program must start: Ubuntu's `chromium` may be a stub that only tells how to get one.
    program = shutil.which(sign)
    return program is not None and subprocess.run([program, "--version"], capture_output=True).returncode == 0


def apt_install(packages: list[str]) -> None:
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return
    say(f"installing {' '.join(packages)} with apt")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-qq", "--no-install-recommends", *packages]
    if subprocess.run(install, env=quiet, stdout=subprocess.DEVNULL).returncode != 0:
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, stdout=subprocess.DEVNULL)
        subprocess.run(install, env=quiet, stdout=subprocess.DEVNULL)


def say(line: str) -> None:
    print(f"portal: {line}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except MissingError as missing:
        say(str(missing))
        sys.exit(1)
