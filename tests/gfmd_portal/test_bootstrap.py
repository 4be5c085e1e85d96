"""bin/portal.py and the locks: what happens on a machine that lacks something."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def portal() -> ModuleType:
    spec = importlib.util.spec_from_file_location("portal", ROOT / "bin" / "portal.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def machine(tmp_path, monkeypatch) -> Path:
    """A machine with no programs but those that a test puts there."""
    programs = tmp_path / "programs"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    return programs


def put(machine: Path, name: str, script: str) -> None:
    program = machine / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_ordinary_user_is_told_what_to_install(portal, machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    put(machine, "apt-get", f"touch {machine}/called")
    with pytest.raises(portal.MissingError) as missing:
        portal.require({"chromium": "chromium", "gettext": "msgmerge"})
    assert str(missing.value) == "Missing on this machine: sudo apt-get install chromium gettext"
    assert not (machine / "called").exists()


def test_root_installs_only_what_is_missing_and_updates_the_lists_if_need_be(portal, machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    put(machine, "msgmerge", "exit 0")
    log, chromium = machine / "log", machine / "chromium"
    put(
        machine,
        "apt-get",
        f'echo "$@" >> "{log}"\n'
        f'case "$1" in update) echo > "{machine}/fresh";; *) [ -e "{machine}/fresh" ] || exit 100\n'
        f'echo "#!/bin/sh" > "{chromium}"; {shutil.which("chmod", path=os.defpath)} 755 "{chromium}";; esac',
    )
    portal.require({"chromium": "chromium", "gettext": "msgmerge"})
    install = "install -qq --no-install-recommends chromium"
    assert log.read_text().splitlines() == [install, "update -qq", install]


def test_browser_that_does_not_start_is_missing(portal, machine):
    put(machine, "chromium", "echo requires the chromium snap to be installed >&2; exit 1")
    assert portal.absent({"chromium": "chromium"}) == ["chromium"]


def test_library_is_looked_for_by_loading_it(portal):
    assert portal.absent({"libc6": "libc.so.6", "nothing": "libnothing-of-the-kind.so.0"}) == ["nothing"]


def test_left_out_tests_are_named(portal, machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(portal, "IN_CI", False)
    assert portal.find_or_leave_out("the browser tests", {"chromium": "chromium"}) == [
        "LEFT OUT: the browser tests. Missing on this machine: sudo apt-get install chromium"
    ]


def test_nothing_is_left_out_in_ci(portal, machine, monkeypatch):
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(portal, "IN_CI", True)
    with pytest.raises(portal.MissingError):
        portal.find_or_leave_out("the browser tests", {"chromium": "chromium"})


def test_requirements_are_installed_when_the_lock_changes_and_not_again(portal, tmp_path, monkeypatch):
    calls: list[list[str]] = []
    monkeypatch.setattr(portal, "ROOT", tmp_path)
    monkeypatch.setattr(portal, "VENV", tmp_path)
    monkeypatch.setattr(subprocess, "run", lambda line, **_: calls.append(line) or subprocess.CompletedProcess(line, 0))
    lock = tmp_path / "requirements" / "run.txt"
    lock.parent.mkdir()
    for text, installs in (("django==5.2\n", 1), ("django==5.2\n", 0), ("django==5.2.1\n", 1)):
        lock.write_text(text)
        calls.clear()
        portal.install_requirements("run")
        assert sum("--require-hashes" in line for line in calls) == installs


def test_failed_install_is_tried_again(portal, tmp_path, monkeypatch):
    monkeypatch.setattr(portal, "ROOT", tmp_path)
    monkeypatch.setattr(portal, "VENV", tmp_path)
    monkeypatch.setattr(subprocess, "run", lambda line, **_: subprocess.CompletedProcess(line, 1))
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "run.txt").write_text("django==5.2\n")
    for _ in range(2):
        with pytest.raises(portal.MissingError):
            portal.install_requirements("run")


def test_environment_of_a_moved_checkout_is_not_used(portal, monkeypatch, tmp_path):
    assert portal.venv_works() == (Path(sys.prefix) == ROOT / ".venv")
    monkeypatch.setattr(portal, "VENV", tmp_path / ".venv")  # where the checkout was before
    assert not portal.venv_works()


def test_old_python_alone_is_one_clear_line(machine):
    put(machine, "python3", "exit 1")
    put(machine, "id", "echo 1000")
    done = subprocess.run(
        ["/bin/sh", ROOT / "bin" / "find-python", "python3", "x.py"], cwd=machine, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (
        1,
        "Python 3.11 or newer is needed. On Debian or Ubuntu: sudo apt-get install python3 python3-venv\n",
    )


def test_newer_python_beside_an_old_one_is_found(machine):
    put(machine, "python3", "exit 1")
    (machine / "python3.12").symlink_to(sys.executable)
    done = subprocess.run(
        ["/bin/sh", ROOT / "bin" / "find-python", "python3", "-c", "print('ran')"],
        cwd=machine,
        capture_output=True,
        text=True,
    )
    assert done.stdout == "ran\n"


@pytest.mark.parametrize("name", ["run", "test"])
def test_lock_pins_every_package_by_hash_and_names_no_registry(name):
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    for requirement in re.sub(r"\\\n", "", text).strip().splitlines():
        assert re.match(r"[a-z0-9.-]+==\S+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+$", requirement), requirement
    assert "://" not in text


def test_locks_agree():
    pins = {
        name: set(re.findall(r"^([a-z0-9.-]+==\S+)", (ROOT / "requirements" / f"{name}.txt").read_text(), re.M))
        for name in ("run", "test")
    }
    assert pins["run"] < pins["test"]


def test_ci_runs_the_tests_and_leaves_nothing_out():
    script = (ROOT / ".ci" / "run").read_text()
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "CI=true exec make test" in script
