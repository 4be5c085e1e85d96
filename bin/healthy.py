"""Is the program in this container well? Asked by docker-compose.yml: healthy.py web|worker|beat."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path


def web(port: str = "8000") -> bool:
    host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".")
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.status == 200


def worker(name: str = f"celery@{socket.gethostname()}") -> bool:
    ping = [sys.executable, "-m", "celery", "--app=gfmd_portal", "inspect", "ping", f"--destination={name}"]
    return subprocess.run([*ping, "--timeout=10"], stdout=subprocess.DEVNULL).returncode == 0


def beat(schedule: str = "/tmp/beat") -> bool:
    """It writes its schedule down every three minutes."""
    return time.time() - max(path.stat().st_mtime for path in Path(schedule).parent.glob("beat*")) < 600


if __name__ == "__main__":
    check = {"web": web, "worker": worker, "beat": beat}[sys.argv[1]]
    sys.exit(0 if check(*sys.argv[2:]) else 1)
