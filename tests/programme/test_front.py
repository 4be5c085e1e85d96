"""What is answered before Django is what Django answers, and only while it would."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.signals import request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.test import RequestFactory

from programme import front, releases, services
from programme.front import Front
from schedule.models import Session

from .test_views import member, publish, sample_paths


class Django:
    """Counts what reaches it."""

    def __init__(self):
        self.application = get_wsgi_application()
        self.asked = 0

    def __call__(self, environ, start_response):
        self.asked += 1
        return self.application(environ, start_response)


@pytest.fixture
def django():
    request_started.disconnect(close_old_connections)  # the test's own connection is to stay
    yield Django()
    request_started.connect(close_old_connections)


@pytest.fixture
def ask(django, monkeypatch):
    monkeypatch.setattr(releases, "ASK_EVERY", 3600)
    monkeypatch.setattr("programme.front._end_of_minute", lambda: float("inf"))  # but where it is what is tried
    served = Front(django)

    def answer_to(path, method="GET", **headers):
        given = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        environ = RequestFactory().generic(method, path, **{"HTTP_ACCEPT_ENCODING": "br", **given}).environ
        environ["wsgi.input"] = BytesIO()
        began = []
        body = b"".join(served(environ, lambda status, headers, *_more: began.extend([status, headers])))
        return *began, body

    answer_to.served = served
    return answer_to


def test_a_page_is_answered_again_as_django_answered_it(ask, django, published, django_assert_num_queries):
    for path in sample_paths():
        for encoding in ("br", "gzip"):
            first = ask(path, accept_encoding=encoding)
            reached = django.asked
            with django_assert_num_queries(0):
                again = ask(path, accept_encoding=encoding)
            assert (again, django.asked) == (first, reached)
            assert first[0] == "200 OK"
            assert dict(first[1])["X-Content-Type-Options"] == "nosniff"  # what the middleware before it adds
            tag = dict(first[1])["ETag"]
        unchanged = ask(path, if_none_match=tag)
        reached = django.asked
        assert unchanged[0].startswith("304")
        assert (ask(path, if_none_match=tag), django.asked) == (unchanged, reached)


def test_what_is_not_a_kept_page_is_asked_of_django_each_time(ask, django, published, client):
    client.force_login(member())
    cookie = f"sessionid={client.cookies['sessionid'].value}"
    asked = [
        ("/en/programme/", {"method": "HEAD"}),
        ("/en/programme/", {"method": "POST"}),
        ("/en/programme/", {"accept_encoding": "identity"}),
        ("/en/my-programme/", {"cookie": cookie}),
        ("/en/sessions/not-there/", {}),
        ("/en/programme", {}),
        ("/api/v1/sessions", {}),
        ("/en/programme/?day=" + "9" * 2000, {}),
    ]
    for path, headers in asked:
        ask("/en/programme/")
        before = django.asked
        ask(path, **headers)
        ask(path, **headers)
        assert django.asked == before + 2, path


def test_a_new_release_a_turn_and_a_minute_are_asked_of_django(ask, django, published, marrakesh, monkeypatch):
    def is_asked():
        before = django.asked
        ask("/en/programme/")
        return django.asked > before

    assert [is_asked(), is_asked()] == [True, False]

    Session.objects.filter(slug="opening").update(title_en="Opening, reworded")
    publish(marrakesh)
    releases.shelf.asked.clear()
    assert [is_asked(), is_asked()] == [True, False]
    services.withdraw(release=marrakesh.releases.get(number=2), by=None, reason="Wrong")
    releases.shelf.asked.clear()
    assert [is_asked(), is_asked()] == [True, False]

    turn = releases.current().turns[0]
    monkeypatch.setattr("programme.front.timezone.now", lambda: turn - timedelta(seconds=1))
    monkeypatch.setattr("programme.front.time.time", lambda: turn.timestamp() - 1)
    ask.served.kept.clear()
    assert [is_asked(), is_asked()] == [True, False]
    monkeypatch.setattr("programme.front.time.time", turn.timestamp)
    assert is_asked()

    monkeypatch.undo()
    monkeypatch.setattr(releases, "ASK_EVERY", 3600)
    end = front._end_of_minute()
    assert 0 < end - front.time.time() <= 60
    assert [is_asked(), is_asked()] == [True, False]
    monkeypatch.setattr("programme.front.time.time", lambda: end)
    assert is_asked()


def test_what_it_holds_is_bounded(ask, published, monkeypatch):
    monkeypatch.setattr(front, "MOST", 10)
    for number in range(25):
        ask(f"/en/programme/?unknown={number}")
    assert len(ask.served.kept) == 5
