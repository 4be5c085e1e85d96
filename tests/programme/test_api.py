"""`/api/v1/`: what is published, as data."""

import json
import random
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from people.models import Person
from programme import forums, releases, services
from programme.api import limits
from programme.api.openapi import described
from schedule.models import Forum, Role, Room, Session
from themes.models import Theme

from .test_pages_cache import SHELF, away
from .test_views import add_sessions, publish

FORUM = "forums/marrakesh-2018"
OF_A_RELEASE = [
    FORUM,
    f"{FORUM}/releases",
    f"{FORUM}/releases/1",
    f"{FORUM}/releases/1/changes",
    f"{FORUM}/sessions",
    f"{FORUM}/sessions/roundtable-2-2",
    f"{FORUM}/roundtables",
    f"{FORUM}/themes",
    f"{FORUM}/themes/2",
    f"{FORUM}/rooms",
    f"{FORUM}/commitments",
    f"{FORUM}/references",
]


@pytest.fixture(autouse=True)
def _nobody_is_counted(monkeypatch, asked_once):
    monkeypatch.setattr(limits, "_away_until", float("inf"))


def ask(client, path, **headers):
    return client.get(f"/api/v1/{path}", headers=headers)


def read(client, path):
    answer = ask(client, path)
    assert (path, answer.status_code, answer["Content-Type"]) == (path, 200, "application/json; charset=utf-8")
    return answer.json()


def test_every_answer_is_made_once_and_then_costs_no_query(client, published, django_assert_num_queries):
    for path in OF_A_RELEASE:
        releases.shelf.clear()
        with django_assert_num_queries(SHELF):
            first = ask(client, path)
        with django_assert_num_queries(0):
            again = ask(client, path)
            unchanged = ask(client, path, **{"If-None-Match": first["ETag"]})
            head = client.head(f"/api/v1/{path}")
        assert (path, first.status_code, unchanged.status_code, head.status_code) == (path, 200, 304, 200)
        assert (again.content, unchanged.content, head.content) == (first.content, b"", b"")
        assert first["Vary"] == again["Vary"] == "Accept-Encoding"
        assert not first.cookies


def test_queries_do_not_grow_with_the_programme(client, marrakesh, django_assert_num_queries):
    add_sessions(marrakesh, 60)
    publish(marrakesh)
    for path in (f"{FORUM}/sessions", f"{FORUM}/rooms", f"{FORUM}/commitments"):
        releases.shelf.clear()
        with django_assert_num_queries(SHELF):
            ask(client, path)


def test_forums_are_one_query_however_many(client, published, marrakesh, monkeypatch, django_assert_num_queries):
    with django_assert_num_queries(1):
        one = read(client, "forums")
    for number in range(3):
        other = Forum.objects.get(pk=marrakesh.pk)
        other.pk, other.slug, other.is_current = None, f"other-{number}", False
        other.save()
        publish(other)
    Forum.objects.create(slug="draft", starts_on="2020-01-01", ends_on="2020-01-02", time_zone="UTC", name="Draft")
    forums.forget()

    with django_assert_num_queries(1):
        many = ask(client, "forums")
    with django_assert_num_queries(0):
        unchanged = ask(client, "forums", **{"If-None-Match": many["ETag"]})

    assert [forum["slug"] for forum in one["items"]] == ["marrakesh-2018"]
    assert {forum["slug"]: forum["is_current"] for forum in many.json()["items"]} == {
        "marrakesh-2018": True, "other-0": False, "other-1": False, "other-2": False,
    }  # fmt: skip
    assert unchanged.status_code == 304
    monkeypatch.setattr(releases, "ASK_EVERY", 0)
    with connection.execute_wrapper(away):
        assert ask(client, "forums").content == many.content


def test_sessions_are_filtered_and_paged(client, published):
    every = read(client, f"{FORUM}/sessions")
    assert every["count"] == len(every["items"]) == Session.objects.filter(listed=True).count()
    for query, holds in {
        "day=2018-12-06": lambda one: (one["starts_at"] or one["starts_on"] or "")[:10] == "2018-12-06",
        "kind=workshop": lambda one: one["kind"] == "workshop",
        "theme=2": lambda one: one["theme"] == 2,
        "room=oliveraie": lambda one: one["place"]["room"] == "oliveraie",
        "language=ar": lambda one: "ar" in one["floor_languages"] + one["interpretation"],
        "kind=roundtable&theme=2": lambda one: one["number"] in ("2.1", "2.2"),
    }.items():
        found = read(client, f"{FORUM}/sessions?{query}")["items"]
        assert all(map(holds, found)), query
        assert found or query == "language=ar"

    seen, path = [], f"{FORUM}/sessions?kind=roundtable&per_page=4"
    while path:
        page = read(client, path)
        seen += [one["number"] for one in page["items"]]
        path = (page["next"] or "").removeprefix(f"{settings.BASE_URL}/api/v1/")
    assert sorted(seen) == ["1.1", "1.2", "2.1", "2.2", "3.1", "3.2"]
    assert (page["page"], page["pages"], page["next"]) == (2, 2, None)
    assert page["previous"] == f"{settings.BASE_URL}/api/v1/{FORUM}/sessions?kind=roundtable&page=1&per_page=4"


def test_sessions_are_told_by_the_languages_they_can_be_followed_in(client, marrakesh):
    Session.objects.filter(slug="opening").update(interpretation=["ar"])
    Session.objects.filter(slug="common-space").update(floor_languages=["ar", "en"])
    publish(marrakesh)
    found = read(client, f"{FORUM}/sessions?language=ar")["items"]
    assert {"opening", "common-space"} <= {one["slug"] for one in found}


def test_a_roundtable_comes_with_all_that_its_page_shows(client, published):
    found = read(client, f"{FORUM}/sessions/roundtable-2-2")
    session, row = found["session"], Session.objects.get(slug="roundtable-2-2")
    assert (found["release"], session["uuid"], session["number"]) == (1, str(row.uuid), "2.2")
    assert datetime.fromisoformat(session["starts_at"]) == row.starts_at
    assert session["starts_at"] == "2018-12-06T15:00:00+01:00"
    assert set(session["title"]) == {"en", "fr", "es", "ar"}
    assert session["outcomes"]
    assert [one["number"] for one in session["questions"]] == list(range(1, len(session["questions"]) + 1))
    assert "[^" not in json.dumps(session)
    cited = {number for one in session["questions"] for number in one["references"]}
    assert cited <= {one["number"] for one in read(client, f"{FORUM}/references")["items"]}
    for language, page in session["page"].items():
        assert client.get(urlsplit(page).path).status_code == 200
        assert page.startswith(f"{settings.BASE_URL}/{language}/marrakesh-2018/roundtables/2.2/")
    assert session in read(client, f"{FORUM}/roundtables")["items"]


def test_commitments_name_what_serves_them(client, published):
    roundtables = {one["number"]: one for one in read(client, f"{FORUM}/roundtables")["items"]}
    for commitment in read(client, f"{FORUM}/commitments")["items"]:
        for asked in commitment["questions"]:
            question = roundtables[asked["roundtable"]]["questions"][asked["question"] - 1]
            assert commitment["key"] in question["commitments"]


def test_changes_are_those_between_any_two_releases_in_view(client, published, marrakesh, django_assert_num_queries):
    opening = Session.objects.filter(slug="opening")
    for title in ("Opening, once", "Opening, twice", "Opening, thrice"):
        opening.update(title_en=title)
        publish(marrakesh, note=title)
    services.withdraw(release=marrakesh.releases.get(number=2), by=None, reason="Wrong")
    releases.shelf.clear()

    assert [one["number"] for one in read(client, f"{FORUM}/releases")["items"]] == [4, 3, 1]
    with django_assert_num_queries(1):
        long = read(client, f"{FORUM}/releases/4/changes?since=1")
    (change,) = long["changes"]
    assert (long["since"], change["verbs"], change["after"]["title"]["en"]) == (1, ["reworded"], "Opening, thrice")
    assert read(client, f"{FORUM}/releases/3/changes")["since"] == 1
    assert read(client, f"{FORUM}/releases/1/changes")["changes"] == []
    for path in ("releases/2", "releases/2/changes", "releases/4/changes?since=2", "releases/3/changes?since=4"):
        assert ask(client, f"{FORUM}/{path}").status_code == 404


def test_nothing_internal_unpublished_or_personal_gets_out(client, published, marrakesh):
    room = Room.objects.create(venue=Room.objects.get(slug="oliveraie").venue, slug="crypt", name_en="The crypt")
    holder = Person.objects.create(family_name="Mondésir", given_name="Aline")
    secret = Session.objects.get(slug="common-space")
    Session.objects.filter(pk=secret.pk).update(listed=False, title_en="Secret cabinet", room=room)
    Role.objects.create(session=Session.objects.get(slug="opening"), kind="speaker", person=holder)
    publish(marrakesh)
    Role.objects.filter(person=holder).delete()  # as before somebody is erased
    Theme.objects.filter(number=1).update(title_en="Unpublished words")
    Session.objects.filter(slug="opening").update(title_en="Opening, said otherwise")
    publish(marrakesh, sessions=[str(Session.objects.get(slug="opening").uuid)])

    paths = [path.replace("releases/1", "releases/3") for path in OF_A_RELEASE]
    told = "".join(ask(client, path).content.decode() for path in [*paths, f"{FORUM}/releases/3/changes?since=2"])

    for word in ("Secret cabinet", "crypt", "Unpublished", "Mondésir", str(holder.uuid)):
        assert word not in told
    assert "Opening, said otherwise" in told
    assert ask(client, f"{FORUM}/sessions/common-space").status_code == 404
    assert ask(client, f"{FORUM}/sessions?room=crypt").status_code == 404


def test_hostile_text_does_nothing(client, marrakesh):
    hostile = 'A\x07\x9b\u202eB\u2066\r\n<script>alert("1")</script>\ufffe&amp;'
    Session.objects.filter(slug="roundtable-2-2").update(title_en=hostile, summary_en=hostile)
    Theme.objects.filter(number=2).update(title_en=hostile, rationale_en=hostile)
    publish(marrakesh, note=hostile)

    for path in OF_A_RELEASE:
        answer = ask(client, path)
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert not set(answer.content.decode()) & set("\x07\x9b\u202e\u2066\ufffe\r\n")
        assert not any(f"\\u{ord(sign):04x}" in answer.content.decode() for sign in "\x07\x9b\u202e\u2066\ufffe")
    title = read(client, f"{FORUM}/themes/2")["theme"]["title"]["en"]
    assert title == 'AB <script>alert("1")</script>&amp;'


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nowhere", 404),
        ("forums/none", 404),
        ("forums/none/sessions", 404),
        (f"{FORUM}/sessions/none", 404),
        (f"{FORUM}/sessions?theme=9", 404),
        (f"{FORUM}/sessions?page=2", 404),
        (f"{FORUM}/sessions?kind=party", 400),
        (f"{FORUM}/sessions?day=1544054400", 400),
        (f"{FORUM}/sessions?per_page=9000", 400),
        (f"{FORUM}/themes/9", 404),
    ],
)
def test_what_is_wrong_is_said_as_data(client, published, path, status):
    answer = ask(client, path)
    told = answer.json()
    assert (answer.status_code, answer["Content-Type"], told["status"]) == (status, "application/problem+json", status)
    assert told["detail"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert not answer.has_header("Vary")


def test_nothing_published_is_said_as_data(client, marrakesh):
    assert read(client, "forums") == {"items": []}
    assert ask(client, FORUM)["Content-Type"] == "application/problem+json"


def test_any_page_may_read_and_none_may_write(client, published):
    origin = {"Origin": "https://partner.example"}
    for answer in (
        ask(client, FORUM, **origin),
        ask(client, FORUM, **origin, **{"If-None-Match": ask(client, FORUM)["ETag"]}),
        ask(client, "openapi.json", **origin),
    ):
        assert answer["Access-Control-Allow-Origin"] == "*"
        assert "ETag" in answer["Access-Control-Expose-Headers"]
        assert not answer.has_header("Access-Control-Allow-Credentials")
    preflight = client.options(
        f"/api/v1/{FORUM}", headers={**origin, "Access-Control-Request-Headers": "if-none-match"}
    )
    assert (preflight.status_code, preflight["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    assert preflight["Access-Control-Allow-Headers"] == "If-None-Match"
    for method in (client.post, client.put, client.patch, client.delete):
        answer = method(f"/api/v1/{FORUM}")
        assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert not client.get("/en/").has_header("Access-Control-Allow-Origin")


def test_a_client_that_asks_too_often_waits_and_others_do_not(client, published, settings, monkeypatch):
    monkeypatch.setattr(limits, "_away_until", 0.0)
    monkeypatch.setattr("programme.api.limits.time.time", lambda: 1_544_086_860.5)  # no minute ends meanwhile
    household, neighbour = (f"2001:db8:{random.randrange(65536):x}:{number}" for number in (1, 2))
    settings.API_REQUESTS_PER_MINUTE = 3
    first = {"REMOTE_ADDR": f"{household}::1"}
    statuses = [client.get(f"/api/v1/{FORUM}", **first).status_code for _turn in range(4)]
    refused = client.get(f"/api/v1/{FORUM}", REMOTE_ADDR=f"{household}::2")
    other = client.get(f"/api/v1/{FORUM}", REMOTE_ADDR=f"{neighbour}::1")
    pages = client.get("/en/", **first)
    assert statuses == [200, 200, 200, 429]
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert 1 <= int(refused["Retry-After"]) <= limits.WINDOW
    assert refused["Access-Control-Allow-Origin"] == "*"
    assert (other.status_code, pages.status_code) == (200, 200)


def test_nobody_is_refused_while_the_broker_is_away(client, published, settings, monkeypatch):
    monkeypatch.setattr(limits, "_away_until", 0.0)
    settings.API_REQUESTS_PER_MINUTE = 0
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    assert ask(client, FORUM).status_code == 200
    assert limits._away_until > 0  # and it is left alone for a while


def test_the_document_describes_what_is_there(client, published):
    document = read_document(client)
    assert document["openapi"] == "3.1.0"
    for path, operations in document["paths"].items():
        answer = operations["get"]["responses"]["200"]["content"]["application/json"]
        assert set(answer) == {"schema", "example"}, path
        given = {one["name"]: one["example"] for one in operations["get"]["parameters"] if one["in"] == "path"}
        assert client.get(path.format(**given)).status_code == 200
    assert described() is described()


def read_document(client):
    first = ask(client, "openapi.json")
    assert ask(client, "openapi.json", **{"If-None-Match": first["ETag"]}).status_code == 304
    return first.json()
