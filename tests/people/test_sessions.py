"""A session brings its account along: never another’s, never one that is closed, and never for long."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from importlib import import_module

import pytest
from django.contrib.auth import SESSION_KEY, get_user, login, logout
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people import sessions
from people.models import BrowserSession, User
from people.sessions import AuthenticationBackend, SessionStore
from people.tasks import clear_sessions
from tests.editing import signed_in

pytestmark = pytest.mark.django_db
BACKEND = "people.sessions.AuthenticationBackend"


@pytest.fixture
def anna() -> User:
    return User.objects.create_user("anna@example.org", language="fr")


@pytest.fixture
def basma() -> User:
    return User.objects.create_user("basma@example.org", language="ar")


@pytest.fixture
def key(client, anna) -> str:
    """Of the session in which Anna is signed in."""
    client.force_login(anna)
    return client.session.session_key


def read(key: str) -> SessionStore:
    session = SessionStore(key)
    assert SESSION_KEY in session
    return session


def language(client) -> str:
    """The address without a language leads to the reader’s: nothing else is asked."""
    return client.get("/")["Location"]


def test_signed_in_request_asks_one_statement(client, key, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert language(client) == "/fr/"
    with django_assert_num_queries(1):
        assert language(client) == "/fr/"


@pytest.mark.parametrize("ended", ["", "session", "account"])
@pytest.mark.parametrize("known", [True, False])
def test_ended_session_and_closed_account_sign_nobody_in(client, key, ended, known):
    if not known:
        BrowserSession.objects.update(account=None)
    if ended == "session":
        BrowserSession.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    if ended == "account":
        User.objects.update(is_active=False)

    answer = client.get(reverse("account_email"))

    assert answer.status_code == (302 if ended else 200)


def test_session_that_does_not_know_its_account_learns_it_when_it_is_saved(
    client, key, anna, django_assert_num_queries
):
    BrowserSession.objects.update(account=None)

    with django_assert_num_queries(2):
        assert language(client) == "/fr/"
    session = client.session
    session["door"] = "roundtable-1-1"
    session.save()

    assert BrowserSession.objects.get().account == anna
    with django_assert_num_queries(1):
        assert language(client) == "/fr/"


def test_session_of_nobody_and_of_an_account_that_is_gone_has_no_account(key, anna, client):
    nobody, gone = SessionStore(), SessionStore()
    nobody["door"] = "roundtable-1-1"
    gone[SESSION_KEY] = str(anna.pk + 1)
    nobody.save()
    gone.save()

    accounts = dict(BrowserSession.objects.values_list("session_key", "account"))
    assert accounts == {key: anna.pk, nobody.session_key: None, gone.session_key: None}
    client.logout()
    assert set(BrowserSession.objects.values_list("session_key", flat=True)) == {nobody.session_key, gone.session_key}


def test_deleted_account_is_signed_out_everywhere(client, key, anna, basma):
    elsewhere, other = Client(), Client()
    elsewhere.force_login(anna)
    other.force_login(basma)

    anna.delete()

    assert [one.account for one in BrowserSession.objects.select_related("account")] == [basma]
    assert [one.get(reverse("people:account")).status_code for one in (client, elsewhere, other)] == [302, 302, 200]


def test_who_deletes_an_account_does_not_read_the_keys_of_its_sessions(key, anna):
    root = signed_in(User.objects.create_superuser("root@forum.example", "x"))

    page = root.get(reverse("admin:people_user_delete", args=[anna.pk])).content.decode()

    assert "Sign-in" in page
    assert key not in page


def test_browser_in_which_another_signs_in_is_that_of_the_other(client, key, basma):
    assert language(client) == "/fr/"
    client.logout()
    client.force_login(basma)

    assert language(client) == "/ar/"


@pytest.mark.parametrize("signs_out", [True, False])
def test_another_signs_in_within_the_request(rf, key, basma, signs_out):
    request = rf.get("/")
    request.session = read(key)  # Anna came along, and nobody asked for her

    if signs_out:
        logout(request)
    login(request, basma, BACKEND)

    assert get_user(request) == basma
    request.session.save()
    assert BrowserSession.objects.get().account == basma


@pytest.mark.parametrize("act", ["flush", "cycle_key", "save"])
def test_account_is_read_again_once_its_session_was_written(key, anna, act):
    session = read(key)
    User.objects.update(is_active=False)

    getattr(session, act)()

    assert AuthenticationBackend().get_user(anna.pk) is None


def test_account_is_handed_out_once_and_to_its_own_request(key, anna, django_assert_num_queries):
    backend = AuthenticationBackend()
    read(key)
    with django_assert_num_queries(1):
        assert [backend.get_user(anna.pk), backend.get_user(anna.pk)] == [anna, anna]

    read(key)
    User.objects.update(is_active=False)
    SessionStore()  # the next request

    assert backend.get_user(anna.pk) is None


def test_account_is_asked_for_where_another_came_along(key, basma):
    read(key)

    assert AuthenticationBackend().get_user(basma.pk) == basma


def test_account_of_one_thread_is_not_that_of_another(key, anna, monkeypatch):
    read(key)
    monkeypatch.setattr(sessions, "_account", lambda pk: [])  # to be asked, as nobody came along

    with ThreadPoolExecutor() as pool:
        assert pool.submit(AuthenticationBackend().get_user, anna.pk).result() is None
    assert AuthenticationBackend().get_user(anna.pk) == anna


@pytest.mark.parametrize("clear", [clear_sessions, lambda: call_command("clearsessions")])
def test_what_has_expired_is_cleared(key, basma, clear):
    BrowserSession.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    Client().force_login(basma)

    clear()

    assert BrowserSession.objects.get().account == basma


def test_who_is_signed_in_stays_so_over_the_migration(client, key):
    [move] = import_module("people.migrations.0010_who_is_signed_in_stays_so").Migration.operations

    with connection.cursor() as cursor:
        cursor.execute(move.reverse_sql)
        assert [one.session_key for one in Session.objects.all()] == [key]
        assert not BrowserSession.objects.exists()
        cursor.execute(move.sql)

    assert not Session.objects.exists()
    assert language(client) == "/fr/"
