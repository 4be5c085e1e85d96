"""Who runs the services: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .errors import EmbeddedError


@dataclass(frozen=True)
class Account:
    """An unprivileged account that root steps down to. Nobody's home, nobody's groups."""

    name: str
    uid: int
    gid: int

    @property
    def popen(self) -> dict[str, Any]:
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, folder: Path) -> None:
        os.chown(folder, self.uid, self.gid)

    def can_run(self, program: Path) -> bool:
        try:
            done = subprocess.run([program, "--version"], capture_output=True, cwd="/", **self.popen)
        except PermissionError:
            return False
        return done.returncode == 0


def account_for(cluster: Path) -> Account | None:
    """None: run as whoever we are. As root: the owner of the cluster, for a new one `nobody`."""
    if os.geteuid() != 0:
        if cluster.exists() and cluster.stat().st_uid != os.geteuid():
            raise EmbeddedError(
                f"{cluster} belongs to another user: run as that user (or as root), or choose another DATA_DIR."
            )
        return None
    owner = cluster.stat().st_uid if cluster.exists() else 0
    try:
        entry = pwd.getpwuid(owner) if owner else pwd.getpwnam("nobody")
    except KeyError:
        raise EmbeddedError(
            "PostgreSQL refuses to run as root, and there is no user “nobody” to run it as: start as an ordinary user."
        ) from None
    return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)


def readable_copy(tree: Path, program: str, account: Account) -> Path:
    """The tree copied to where the account can run what is in it: a temporary folder."""
    for place in dict.fromkeys((tempfile.gettempdir(), "/tmp", "/var/tmp")):
        if not os.access(place, os.W_OK):
            continue
        copy = Path(tempfile.mkdtemp(prefix="gfmd-services-", dir=place))
        copy.chmod(0o755)
        shutil.copytree(tree, copy / tree.name, symlinks=True)
        if account.can_run(copy / tree.name / program):
            return copy
        shutil.rmtree(copy)
    raise EmbeddedError(
        f"The user “{account.name}” can read neither {tree} nor a temporary folder: start as an ordinary user."
    )
