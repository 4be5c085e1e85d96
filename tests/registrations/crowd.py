"""Many delegates at once, each signed in, at real web processes that serve the database of the tests."""

import http.client
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from people.models import Party, Person, User
from registrations.models import Delegate, Delegation
from schedule.models import Forum
from tests.browser.portal import free_port, wait_for
from tests.registrations import scene

TOKEN = "t" * 32
WEB = "granian --interface=wsgi --host=127.0.0.1 --port={port} --workers=1 --blocking-threads=4 --no-access-log"


def make_delegates(forum: Forum, count: int, *, members: int = 1, label: str = "party") -> list[Delegate]:
    """`count` accredited delegates with accounts, so many in each delegation."""
    parties = Party.objects.bulk_create(
        Party(code=f"{label}-{n:04}", kind="member_state", short_name_en=f"Party {n}") for n in range(count // members)
    )
    category = scene.category("member-state")
    delegations = Delegation.objects.bulk_create(
        Delegation(forum=forum, party=party, category=category) for party in parties
    )
    persons = Person.objects.bulk_create(Person(family_name=f"Specimen {n}") for n in range(count))
    User.objects.bulk_create(
        User(email=f"{label}-{n}@example.org", person=person, privacy_version="1", privacy_agreed_at=scene.NOW)
        for n, person in enumerate(persons)
    )
    return Delegate.objects.bulk_create(
        Delegate(
            person=person,
            delegation=delegations[n // members],
            state="accredited",
            submitted_at=None,
            accredited_at=scene.NOW,
        )
        for n, person in enumerate(persons)
    )


def sign_in(users: Iterable[User]) -> dict[int, str]:
    """The cookie of each person, as a sign-in would have given it."""
    engine = import_module(settings.SESSION_ENGINE)
    cookies = {}
    for user in users:
        session = engine.SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session.save()
        assert user.person_id
        cookies[user.person_id] = f"{settings.SESSION_COOKIE_NAME}={session.session_key}; csrftoken={TOKEN}"
    return cookies


class Web:
    """One web process of the portal."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        name = connection.settings_dict["NAME"]
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "gfmd_portal.settings",
            "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl(),
            "DATA_DIR": str(folder),
            "BASE_URL": f"http://127.0.0.1:{self.port}",
        }
        self.log = folder / f"web-{self.port}.log"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *WEB.format(port=self.port).split(), "gfmd_portal.wsgi:application"],
                env=self.environment,
                cwd=settings.BASE_DIR,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(self.is_there, seconds=90, what=f"the web process: {self.log.read_text()[-3000:]}")

    def is_there(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as asked,
        ):
            asked.request("GET", "/healthz")
            return asked.getresponse().status == 200
        return False

    def kill(self) -> None:
        """As when the machine takes the memory back: nothing is finished, nothing is said."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, 9)
        self.process.wait()


def collect_static(folder: Path) -> None:
    """What the pages of a web process name."""
    subprocess.run(
        [sys.executable, "manage.py", "collectstatic", "-v0", "--noinput"],
        env={**os.environ, "DATA_DIR": str(folder)},
        cwd=settings.BASE_DIR,
        check=True,
    )


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    tries: int

    @property
    def words(self) -> str:
        return " ".join(re.sub(r"<[^>]+>", " ", self.text).split())


class Clients:
    """Browsers that ask again elsewhere when nobody answers."""

    def __init__(self, webs: list[Web], cookies: dict[int, str]) -> None:
        self.webs, self.cookies = webs, cookies
        self.answered = 0

    def post(self, person: int, path: str) -> Answer:
        for tries in range(1, 50):
            web = self.webs[(person + tries) % len(self.webs)]
            try:
                status, text = self._send(web, person, path)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
                continue
            self.answered += 1
            return Answer(status, text, tries)
        raise AssertionError("nobody answers")

    def all(self, asked: Iterable[tuple[int, str]], *, threads: int, beside: Callable[[], Any] | None = None):
        """Ask all of it, so many at a time; `beside` runs meanwhile. Answers in the order of what was asked."""
        with ThreadPoolExecutor(threads + 1) as pool:
            other = pool.submit(beside) if beside else None
            answers = list(pool.map(lambda one: self.post(*one), asked))
            if other:
                other.result()
        return answers

    def _send(self, web: Web, person: int, path: str) -> tuple[int, str]:
        headers = {"Cookie": self.cookies[person], "X-CSRFToken": TOKEN, "HX-Request": "true"}
        with closing(http.client.HTTPConnection("127.0.0.1", web.port, timeout=60)) as asked:
            asked.request("POST", path, body=b"", headers=headers)
            answer = asked.getresponse()
            return answer.status, answer.read().decode()
