"""What every test may ask for. The services are real: `make test` starts them."""

import io
import os
import signal
from importlib import import_module
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone, translation
from pytest_django.plugin import blocking_manager_key

from gfmd_portal.celery import app
from gfmd_portal.messages import compile_messages
from programme import forums, pages, releases, services
from programme.fixture import Loader
from schedule.models import Forum

MARRAKESH = Path(settings.BASE_DIR, "fixtures", "marrakesh_2018")
_copies: dict[str, str] = {}


def pytest_configure():
    if "PYTEST_XDIST_WORKER" not in os.environ:  # once, before they start
        compile_messages()
    # Started in the background or by nohup, we would hand on that these are ignored; `make run` is told to stop by them
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    # Pages name static files as they are; the hashed names are tested on the served portal.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # whitenoise warns where it is missing
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # passwords of tests keep nobody out
    # Where several run side by side each has a queue of its own, as it has a database of its own
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    broker = os.environ["REDIS_URL"] = urlsplit(os.environ["REDIS_URL"])._replace(path=f"/{number}").geturl()
    app.conf.broker_url = broker
    override_settings(
        STORAGES={**settings.STORAGES, "staticfiles": plain}, PASSWORD_HASHERS=quick, CELERY_BROKER_URL=broker
    ).enable()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(item):
    """A test that empties the database after itself takes along what migrations had made: it comes back."""
    yield
    marker = item.get_closest_marker("django_db")
    if "transactional_db" in item.fixturenames or (marker and marker.kwargs.get("transaction")):
        with item.config.stash[blocking_manager_key].unblock():
            if Group.objects.exists():
                return
            import_module("gfmd_portal.migrations.0001_groups").give(apps)
            import_module("gfmd_portal.migrations.0002_delegations").give(apps)
            import_module("gfmd_portal.migrations.0003_issuing").give(apps)
            import_module("gfmd_portal.migrations.0004_order_at_the_table").give(apps)
            import_module("gfmd_portal.migrations.0005_background_papers").give(apps)
            import_module("gfmd_portal.migrations.0006_imports").give(apps)
            import_module("registrations.migrations.0003_categories").create(apps, None)
            import_module("registrations.migrations.0006_categories_have_rules").set_rules(apps, None)
            import_module("registrations.migrations.0015_plural_names").fill(apps, None)


@pytest.fixture(autouse=True)
def _nothing_from_the_test_before():
    """No page, no release and no language."""
    releases.shelf.clear()
    forums.forget()
    pages.pages.clear()
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _publishing_inside_the_test(monkeypatch):
    """A test that is itself a transaction publishes within it: its isolation cannot be set any more."""
    one_moment = services.one_moment
    monkeypatch.setattr(
        services, "one_moment", lambda: transaction.atomic() if connection.in_atomic_block else one_moment()
    )


@pytest.fixture
def asked_once(monkeypatch):
    """The current release is asked for by the clock, so a slow test would count a query that its page does not make."""
    monkeypatch.setattr(releases, "ASK_EVERY", 3600)


@pytest.fixture
def django_assert_num_queries(asked_once, django_assert_num_queries):
    return django_assert_num_queries


@pytest.fixture
def django_assert_max_num_queries(asked_once, django_assert_max_num_queries):
    return django_assert_max_num_queries


@pytest.fixture
def marrakesh(db) -> Forum:
    """The forum of the fixture, current, as `make run` loads it; nothing published yet.

    Read from the files once, then copied from memory: the same rows, in a fraction of the time.
    """
    if _copies:
        _restore()
        return Forum.objects.get(slug="marrakesh-2018")
    forum = Loader(MARRAKESH).run()
    assert forum is not None
    _remember()
    return forum


@pytest.fixture
def published(marrakesh: Forum):
    """Marrakesh with release 1."""
    return services.publish(forum=marrakesh, by=None, note="First", base=None)


@pytest.fixture
def now():
    return timezone.now()


def _tables() -> list[str]:
    models = [
        model
        for name in ("people", "schedule", "themes", "roundtables", "workshops")
        for model in apps.get_app_config(name).get_models(include_auto_created=True)
    ]
    return [model._meta.db_table for model in models]


def _remember() -> None:
    with connection.cursor() as cursor:
        for table in _tables():
            out = io.StringIO()
            cursor.cursor.copy_expert(f'COPY "{table}" TO STDOUT', out)
            _copies[table] = out.getvalue()


def _restore() -> None:
    """Foreign keys are checked at the end, so the order of tables does not matter."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in _copies.items():
            cursor.cursor.copy_expert(f'COPY "{table}" FROM STDIN', io.StringIO(rows))
            cursor.execute(
                "SELECT pg_get_serial_sequence(%s, column_name) FROM information_schema.columns"
                " WHERE table_name = %s AND column_name = 'id'",
                [f'"{table}"', table],
            )
            for (sequence,) in cursor.fetchall():
                if sequence:
                    cursor.execute(f"SELECT setval('{sequence}', (SELECT max(id) FROM \"{table}\") + 1)")
