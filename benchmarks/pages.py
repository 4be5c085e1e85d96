"""What pages cost: bytes and queries of each, and a page from memory against the barest view of the portal."""

import io
import statistics
import time

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

PAGES = [
    "/en/",
    "/en/programme/",
    "/en/programme/2018-12-06/",
    "/en/themes/1/",
    "/en/roundtables/2.2/",
    "/ar/programme/",
]
FLOOR = "/healthz"


def cpu(client: Client, page: str, times: int = 200) -> float:
    """Median seconds of CPU for a page, test client included, once warm."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        client.get(page)
        taken.append(time.process_time() - start)
    return statistics.median(taken)


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    call_command("setup_demo", stdout=io.StringIO())
    client = Client(SERVER_NAME="localhost", headers={"Accept-Encoding": "br"})
    floor = cpu(client, FLOOR)
    print(f"{'page':<28}{'KB, brotli':>12}{'queries, first':>16}{'then':>6}{'x barest':>10}")
    for page in PAGES:
        with CaptureQueriesContext(connection) as first:
            size = len(client.get(page).content) / 1024
        with CaptureQueriesContext(connection) as then:
            client.get(page)
        print(f"{page:<28}{size:>12.1f}{len(first):>16}{len(then):>6}{cpu(client, page) / floor:>10.2f}")
