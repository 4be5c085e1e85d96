"""The environment is read strictly: a fault is one clear line, never a traceback."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

COMPLETE = {
    "DATABASE_URL": "postgres://portal@127.0.0.1:5432/portal",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "SECRET_KEY": "a key of production, long enough to be one, 0123456789",
    "FIELD_KEY": "ZGVtbyBvbmx5LCBuZXZlciBzZWNyZXQsIDMyIGJ5dGU=",
    "BASE_URL": "https://forum.example",
    "ALLOWED_HOSTS": "forum.example",
    "EMAIL_URL": "smtp://mail.example:25",
}


def ask(expression: str = "''", **changes: str | None) -> subprocess.CompletedProcess[str]:
    """What a fresh process says of `expression` under this environment, and nothing else of ours."""
    wanted = {**COMPLETE, **changes}
    environment = {"PATH": os.environ["PATH"]} | {name: value for name, value in wanted.items() if value is not None}
    program = f"from django.conf import settings; settings.DEBUG; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", program],
        env=environment | {"DJANGO_SETTINGS_MODULE": "gfmd_portal.settings"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_complete_environment_starts():
    assert ask().returncode == 0, ask().stderr


@pytest.mark.parametrize("name", ["DATABASE_URL", "REDIS_URL", "SECRET_KEY", "FIELD_KEY", "BASE_URL", "ALLOWED_HOSTS"])
def test_missing_variable_is_one_clear_line(name):
    answer = ask(**{name: None})

    assert answer.returncode != 0
    assert f"Setting {name}:" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_all_missing_variables_are_named_at_once():
    answer = ask(SECRET_KEY=None, FIELD_KEY=None)

    assert "Setting SECRET_KEY:" in answer.stderr
    assert "Setting FIELD_KEY:" in answer.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///db.sqlite3"),
        ("DATABASE_URL", "nonsense"),
        ("REDIS_URL", "http://127.0.0.1"),
        ("BASE_URL", "forum.example"),
        ("BASE_URL", "https://forum.example/portal"),
        ("TRUSTED_PROXIES", "one"),
        ("STORAGE_URL", "ftp://files"),
        ("DEMO", "perhaps"),
        ("SECRET_KEY", ""),
        ("FIELD_KEY", "too short"),
    ],
)
def test_malformed_variable_is_one_clear_line(name, value):
    answer = ask(**{name: value})

    assert answer.returncode != 0
    assert f"Setting {name}:" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_production_is_closed():
    answer = ask("settings.DEBUG, settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.DEMO")

    assert answer.stdout.split() == ["False", "True", "True", "False"], answer.stderr


def test_files_lie_in_the_data_folder_whatever_its_name():
    answer = ask(
        "settings.MEDIA_ROOT, settings.MAIL_DELIVERY['EMAIL_FILE_PATH']",
        DEMO="1",
        DATA_DIR="/tmp/le ad",
        EMAIL_URL=None,
    )

    assert answer.stdout.strip() == "/tmp/le ad/media /tmp/le ad/mail", answer.stderr


def test_links_in_mails_are_those_of_the_address_of_the_portal():
    answer = ask(
        "settings.BASE_URL, settings.ACCOUNT_DEFAULT_HTTP_PROTOCOL, settings.CSRF_TRUSTED_ORIGINS",
        BASE_URL="https://forum.example/",
    )

    assert answer.stdout.strip() == "https://forum.example https ['https://forum.example']", answer.stderr


def test_scheme_is_taken_from_proxies_only_where_there_are_some():
    ask_header = "getattr(settings, 'SECURE_PROXY_SSL_HEADER', None), settings.ALLAUTH_TRUSTED_PROXY_COUNT"

    assert ask(ask_header).stdout.strip() == "None 0"
    assert ask(ask_header, TRUSTED_PROXIES="1").stdout.strip() == "('HTTP_X_FORWARDED_PROTO', 'https') 1"


def test_demo_needs_no_secrets():
    answer = ask("settings.DEMO", DEMO="1", SECRET_KEY=None, FIELD_KEY=None, BASE_URL=None, ALLOWED_HOSTS=None)

    assert answer.stdout.strip() == "True", answer.stderr


def test_demo_accounts_are_refused_without_demo(settings):
    from django.core.management import CommandError, call_command

    settings.DEMO = False
    with pytest.raises(CommandError, match="no demo accounts"):
        call_command("setup_demo")
