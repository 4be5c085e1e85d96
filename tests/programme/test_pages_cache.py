"""Release pages are rendered once, carry nothing of the reader, and outlive the database."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import brotli
import django_htmx
import pytest
from django.conf import settings
from django.db import OperationalError, connection
from django.utils import translation

from programme import pages, releases, services
from schedule.models import Session

from .programmes import at
from .test_views import LANGUAGES, add_sessions, member, publish, sample_paths

SHELF = 3  # queries: the newest number, the list of releases, the releases of the day


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


pytestmark = pytest.mark.usefixtures("asked_once")


def away(execute, sql, params, many, context):
    raise OperationalError("the database is away")


def test_pages_carry_nothing_of_the_reader(client, published):
    anonymous = [client.get(path) for path in sample_paths()]
    pages.pages.clear()
    client.force_login(member())
    signed_in = [client.get(path) for path in sample_paths()]

    assert [page.content for page in anonymous] == [page.content for page in signed_in]
    for page in (*anonymous, *signed_in):
        assert not page.cookies
        assert page["Vary"] == "Accept-Encoding"
        assert b"csrfmiddlewaretoken" not in page.content
        assert b"nonce" not in page.content


def test_a_kept_page_asks_no_query_and_a_new_one_the_same_few(client, published, django_assert_num_queries):
    for path in sample_paths():
        releases.shelf.clear()
        with django_assert_num_queries(SHELF):
            first = client.get(path)
        with django_assert_num_queries(0):
            second = client.get(path)
        assert first.content == second.content


def test_queries_do_not_grow_with_the_programme(client, marrakesh, django_assert_num_queries):
    add_sessions(marrakesh, 60)
    publish(marrakesh)
    with django_assert_num_queries(SHELF):
        client.get("/en/programme/")


def test_release_is_asked_for_again_with_one_query(client, published, monkeypatch, django_assert_num_queries):
    client.get("/en/programme/")
    monkeypatch.setattr(releases, "ASK_EVERY", 0)
    with django_assert_num_queries(1):
        client.get("/en/programme/")


def test_new_release_is_shown_at_once(client, published, marrakesh, monkeypatch):
    monkeypatch.setattr(releases, "ASK_EVERY", 0)
    before = client.get("/en/programme/")
    Session.objects.filter(slug="opening").update(title_en="Opening, reworded")
    services.publish(forum=marrakesh, by=None, base=1)
    after = client.get("/en/programme/")
    assert b"Opening, reworded" in after.content
    assert before["ETag"] != after["ETag"]


def test_withdrawing_an_older_release_renews_the_list(client, published, marrakesh, monkeypatch):
    monkeypatch.setattr(releases, "ASK_EVERY", 0)
    for number in (1, 2):
        Session.objects.filter(slug="opening").update(title_en=f"Opening {number}")
        services.publish(forum=marrakesh, by=None, base=number, note=f"Note {number}")
    assert b"Note 1" in client.get("/en/releases/").content
    services.withdraw(release=marrakesh.releases.get(number=2), by=None, reason="Wrong")
    assert b"Note 1" not in client.get("/en/releases/").content


def test_kept_pages_follow_the_clock_without_a_query(client, published, monkeypatch, django_assert_num_queries):
    seen = {}
    for moment in (at(9), at(9, 5), at(12, 31), at(9, day=20)):
        monkeypatch.setattr("programme.releases.timezone.now", lambda moment=moment: moment)
        client.get("/en/programme/")
        with django_assert_num_queries(0):
            seen[moment] = client.get("/en/programme/")["ETag"], client.get("/en/themes/")["ETag"]
    programme, themes = zip(*seen.values(), strict=True)
    assert (programme[0] == programme[1], len(set(programme)), len(set(themes))) == (True, 3, 1)


def test_marks_leave_kept_pages_when_the_day_is_over(client, published, marrakesh, monkeypatch):
    Session.objects.filter(slug="the-road-ahead").update(title_en="The road, reworded")
    publish(marrakesh)
    told = releases.current().changes[0].at
    addresses = ["/en/programme/", "/en/sessions/the-road-ahead/", "/en/programme/2018-12-06/", "/en/"]
    tags = {}
    for later, marked in [(timedelta(hours=23, minutes=59), True), (timedelta(days=1), False)]:
        monkeypatch.setattr("programme.releases.timezone.now", lambda later=later: told + later)
        for address in addresses:
            page = client.get(address)
            assert (address, b"<del>" in page.content) == (address, marked)
            assert page["ETag"] != tags.get(address)
            tags[address] = page["ETag"]


def test_withdrawn_releases_leave_no_marks(client, published, marrakesh, monkeypatch):
    monkeypatch.setattr(releases, "ASK_EVERY", 0)
    for title in ("Wrong", "Right"):
        Session.objects.filter(slug="the-road-ahead").update(title_en=title)
        publish(marrakesh)
    services.withdraw(release=marrakesh.releases.get(number=2), by=None, reason="Wrong")
    page = client.get("/en/sessions/the-road-ahead/").content.decode()
    assert re.search(r"<del>.*The Road Ahead.*</del>", page)
    assert "Wrong" not in page


def test_without_the_database_pages_are_still_read(client, published, marrakesh, monkeypatch):
    Session.objects.filter(slug="opening").update(title_en="Opening, reworded")
    publish(marrakesh)
    kept = client.get("/en/programme/")
    monkeypatch.setattr(releases, "ASK_EVERY", 0)
    with connection.execute_wrapper(away):
        again = client.get("/en/programme/")
        never_rendered = client.get("/ar/roundtables/2.2/")
        filtered = client.get("/en/programme/?kind=roundtable")
        canonical = client.get("/en/marrakesh-2018/programme/")
        changes = client.get("/en/releases/2/changes/")
    assert again.content == kept.content
    assert {page.status_code for page in (never_rendered, filtered, canonical, changes)} == {200}


def test_without_the_database_and_nothing_held_the_error_is_not_hidden(client, published):
    with connection.execute_wrapper(away), pytest.raises(OperationalError):
        client.get("/en/programme/")


def test_unknown_forums_leave_nothing_in_memory(client, published):
    for number in range(5):
        client.get(f"/en/forum-{number}/programme/")
    assert set(releases.shelf.held) <= {"", "marrakesh-2018"}
    assert set(releases.shelf.asked) <= {"", "marrakesh-2018"}


def test_a_page_asked_for_by_htmx_is_the_kept_one(client, published, django_assert_num_queries):
    page = client.get("/en/programme/")
    with django_assert_num_queries(0):
        fragment = client.get("/en/programme/", headers={"HX-Request": "true"})
    assert (fragment.content, fragment["ETag"]) == (page.content, page["ETag"])


def test_build_reads_the_rooms_and_not_the_packages_beside_them(monkeypatch):
    read: list[Path] = []
    read_bytes = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read.append(path) or read_bytes(path))
    walked: list[Path] = []
    glob = Path.glob
    monkeypatch.setattr(Path, "glob", lambda path, pattern: walked.append(path) or glob(path, pattern))

    pages.build.__wrapped__()

    assert settings.BASE_DIR / "programme" / "views.py" in read
    assert settings.BASE_DIR / "templates" / "programme" / "home.html" in read
    assert settings.BASE_DIR not in walked


def test_same_tag_answers_not_modified(client, published):
    tag = client.get("/en/programme/")["ETag"]
    response = client.get("/en/programme/", headers={"If-None-Match": tag})
    assert (response.status_code, response.content, response["ETag"]) == (304, b"", tag)


def test_page_comes_as_the_reader_takes_it(client, published):
    plain = client.get("/en/programme/").content
    for accepts, encoding, unpack in [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
    ]:
        response = client.get("/en/programme/", headers={"Accept-Encoding": accepts})
        assert response.get("Content-Encoding") == encoding
        assert unpack(response.content) == plain
        assert int(response["Content-Length"]) == len(response.content)


def test_head_has_the_headers_and_no_body(client, published):
    get, head = client.get("/en/programme/"), client.head("/en/programme/")
    assert head.content == b""
    assert {**head.headers} == {**get.headers}


def test_headers_of_the_first_answer_are_those_of_the_next(client, published):
    first, second = client.get("/en/themes/"), client.get("/en/themes/")
    assert first.headers == second.headers
    assert (second["Content-Language"], second["X-Frame-Options"]) == ("en", "DENY")
    assert "Content-Security-Policy" in second


def test_unknown_parameters_change_nothing_and_are_not_repeated(client, published):
    plain, tracked = client.get("/en/programme/"), client.get("/en/programme/?utm=x&kind=&day=")
    assert plain["ETag"] == tracked["ETag"]
    assert len(pages.pages.kept) == 1
    assert b"utm" not in tracked.content


def test_known_filters_are_pages_of_their_own_and_kept_by_the_language_switch(client, published):
    plain, filtered = client.get("/en/programme/"), client.get("/en/programme/?kind=roundtable")
    assert plain["ETag"] != filtered["ETag"]
    assert b'href="/fr/programme/?kind=roundtable"' in filtered.content


def test_pages_that_find_nothing_are_not_kept(client, published):
    client.get("/en/programme/?kind=nonsense")
    client.get("/en/themes/99/")
    assert not pages.pages.kept


def test_page_does_not_repeat_the_host_that_was_asked(client, published, settings):
    settings.ALLOWED_HOSTS = ["other.example"]
    assert b"other.example" not in client.get("/en/programme/", headers={"Host": "other.example"}).content


def test_least_recently_used_pages_give_way():
    shelf = pages.Pages(limit=250)
    page = pages.Kept("tag", "text/html", (), b"x" * 50, b"y" * 50)
    shelf.put(("a",), page)
    shelf.put(("b",), page)
    shelf.get(("a",))
    shelf.put(("c",), page)
    assert (list(shelf.kept), shelf.size) == ([("a",), ("c",)], 200)


def test_first_visit_of_the_programme_weighs_under_40_kb_without_fonts(client, published):
    static = Path(settings.BASE_DIR, "static")
    for language in LANGUAGES:
        page = client.get(f"/{language}/programme/", headers={"Accept-Encoding": "br"}).content
        html = brotli.decompress(page).decode()
        asked = {static / name for name in re.findall(r'="/static/((?:css|img)/[^"]+)"', html)}
        asked |= {static / "img" / "motif.svg", next(Path(django_htmx.__file__).parent.glob("static/**/htmx*.min.js"))}
        weight = len(page) + sum(len(brotli.compress(file.read_bytes())) for file in asked)
        assert weight < 40_000


def test_page_asks_nothing_of_third_parties(client, published):
    html = client.get("/en/programme/").content.decode()
    fetched = re.findall(r'(?:src|srcset)="([^"]+)"|<link rel="(?:stylesheet|preload|icon)" href="([^"]+)"', html)
    assert fetched
    assert all("".join(address).startswith("/static/") for address in fetched)
