"""What anyone reads: the pages of the Marrakesh programme as they come out of a release."""

import re
from datetime import UTC, date, datetime

import pytest
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from people.models import User
from programme import releases, services
from programme.urls import HISTORY, READING
from roundtables.models import ExpectedOutcome
from schedule.models import Room, Session

from .programmes import at

# An address of every page; the test below fails for a page that is not among them.
SAMPLES = {
    "home": {},
    "programme": {},
    "day": {"day": date(2018, 12, 6)},
    "themes": {},
    "theme": {"number": 1},
    "roundtable": {"number": "2.2"},
    "workshops": {},
    "commitments": {},
    "session": {"slug": "common-space"},
    "sections": {},
    "section": {"slug": "introduction"},
    "releases": {},
    "changes": {"number": 1},
    "offline": {},
    "rooms": {},
    "room-now": {"room": "oliveraie"},
    "room-now-at": {"venue": "palmeraie", "room": "oliveraie"},
}
LANGUAGES = ["en", "fr", "es", "ar"]


@pytest.fixture(autouse=True)
def _english():
    """A request leaves its language behind; addresses below are reversed in English."""
    with translation.override("en"):
        yield


def sample_paths():
    with translation.override("en"):
        return [reverse(f"programme:{name}", kwargs=kwargs) for name, kwargs in SAMPLES.items()]


def text(response):
    """The words of <main>, without tags."""
    main = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


def publish(forum, **fields):
    last = services.newest(forum)
    services.publish(forum=forum, by=None, base=last.number if last else None, **fields)
    releases.shelf.clear()


def member(*permissions):
    user = User.objects.create_user(f"{len(permissions)}@example.org", "a long password")
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


def test_every_page_has_a_sample_here():
    assert set(SAMPLES) == {name for _route, _view, name in [*READING, *HISTORY]}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_read_in_every_language_at_both_addresses(client, published, language):
    direction = "rtl" if language == "ar" else "ltr"
    for path in sample_paths():
        path = path.replace("/en/", f"/{language}/", 1)
        full = path.replace(f"/{language}/", f"/{language}/marrakesh-2018/", 1)

        short_page, full_page = client.get(path), client.get(full)

        assert (path, short_page.status_code, full_page.status_code) == (path, 200, 200)
        assert f'<html lang="{language}" dir="{direction}">' in short_page.content.decode()
        for page in (short_page, full_page):
            assert f'<link rel="canonical" href="{settings.BASE_URL}{full}">' in page.content.decode()
        assert short_page.content.count(b'rel="alternate" hreflang=') == 4


def test_links_stay_under_the_address_of_the_forum(client, published):
    page = client.get("/en/marrakesh-2018/programme/").content.decode()
    main = page.split("<main", 1)[1].split("</main>")[0]
    assert set(re.findall(r'href="(/en/[^/"]+)', main)) == {"/en/marrakesh-2018"}


def test_what_is_not_there_is_not_found(client, published):
    paths = [
        "/en/tenth-summit/",
        "/en/themes/9/",
        "/en/roundtables/4.1/",
        "/en/sessions/none/",
        "/en/sections/none/",
        "/en/programme/2018-12-24/",
        "/en/programme/2018-02-31/",
        "/en/releases/7/changes/",
    ]
    assert {path: client.get(path).status_code for path in paths} == dict.fromkeys(paths, 404)


def test_nothing_published_is_said_kindly(client, marrakesh):
    response = client.get("/en/programme/")
    assert response.status_code == 404
    assert "The programme is not published yet" in text(response)


def test_draft_of_another_word_is_not_read_before_it_is_published(client, published, marrakesh):
    Session.objects.filter(slug="opening").update(title_en="Half a sentence", title="Half a sentence")
    assert "Half a sentence" not in text(client.get("/en/programme/"))
    publish(marrakesh)
    assert "Half a sentence" in text(client.get("/en/programme/"))


def test_internal_session_has_no_page_and_stands_nowhere(client, marrakesh):
    Session.objects.filter(slug="opening").update(listed=False)
    publish(marrakesh)
    assert client.get("/en/sessions/opening/").status_code == 404
    assert "Opening session" not in text(client.get("/en/programme/"))


def test_programme_shows_every_day_and_a_day_shows_itself(client, published):
    whole, thursday = text(client.get("/en/programme/")), text(client.get("/en/programme/2018-12-06/"))
    assert all(day in whole for day in ["Tuesday 4 December", "Wednesday 5 December", "Saturday 8 December"])
    assert "Regional mobility and policy coherence" in thursday
    assert "Opening session" not in thursday


def test_filters_narrow_the_programme(client, published):
    for query, there, gone in [
        ("kind=roundtable", "South-South mobility", "Opening session"),
        ("theme=2", "South-South mobility", "Aligning governance"),
        ("room=roseraie", "The Road Ahead", "Research workshop"),
        ("day=2018-12-05", "Opening session", "The Road Ahead"),
        ("day=&kind=&theme=&room=", "Opening session", "No session matches"),
    ]:
        days = text(client.get(f"/en/programme/?{query}")).split("Show", 1)[1]
        assert (query, there in days, gone in days) == (query, True, False)


def test_a_filter_that_names_nothing_says_so(client, published):
    response = client.get("/en/programme/?room=ballroom")
    assert response.status_code == 404
    assert "No session matches" in text(response)


def test_part_is_found_by_its_room_without_the_whole(client, published):
    days = text(client.get("/en/programme/?room=orangeraie&day=2018-12-05")).split("Show", 1)[1]
    assert "breakout B" in days
    assert "opening plenary" not in days


def test_roundtable_shows_all_its_questions_with_their_own_addresses(client, published):
    page = client.get("/en/roundtables/2.2/").content.decode()
    assert re.findall(r'<li id="(q\d+)">', page) == [f"q{number}" for number in range(1, 11)]
    assert '<a class="n" href="#q10">' in page


def test_each_outcome_and_release_can_be_linked(client, published):
    page = client.get("/en/roundtables/3.2/").content.decode()
    assert (
        re.findall(r'id="(o\d+)"', page) == re.findall(r'href="#(o\d+)">Link to expected outcome', page) == ["o1", "o2"]
    )
    history = client.get("/en/releases/").content.decode()
    assert re.findall(r'<li id="(release-\d+)"><p class="when"><a href="#(.*?)">', history) == [("release-1",) * 2]


def test_roundtable_names_who_is_known_and_awaits_the_others(client, published):
    known, unknown = text(client.get("/en/roundtables/2.2/")), text(client.get("/en/roundtables/1.1/"))
    assert "Co-chairs Philippines, Egypt, Zambia" in known
    assert "Arriola (Philippines)" in known
    assert "Co-chairs To be announced" in unknown
    assert "Moderator To be announced" in known


def test_roundtable_lists_only_the_references_it_cites(client, published):
    page = client.get("/en/roundtables/2.2/").content.decode()
    assert re.findall(r'<li id="ref-(\d+)"', page) == re.findall(r'<sup><a href="#ref-(\d+)"', page)
    assert 'href="#q10">Back to question 10' in page


def test_roundtable_points_to_the_seat_panel(client, published):
    seat = reverse("registrations:seat-panel", kwargs={"slug": "roundtable-2-2"})
    page = client.get("/en/roundtables/2.2/").content.decode()
    assert f'hx-get="{seat}" hx-trigger="load"' in page
    assert f'<a href="{seat}">' in page


def test_address_of_a_roundtable_as_a_session_leads_to_its_page(client, published):
    response = client.get("/en/sessions/roundtable-2-2/")
    assert (response.status_code, response["Location"]) == (302, "/en/roundtables/2.2/")


def test_workshops_are_in_order_with_what_is_known_of_their_dates(client, published):
    words = text(client.get("/en/workshops/"))
    known = ["18–19 April 2018", "3 May 2018", "21–22 June 2018", "26 March 2018", "July 2018", "October 2018"]
    places = [words.index(date) for date in known]
    assert places == sorted(places)
    assert "Migrants and Health" in words.split("October 2018")[1].split("To be confirmed")[0]


def test_missing_language_is_marked_as_english(client, marrakesh):
    ExpectedOutcome.objects.filter(roundtable__slug="roundtable-2-2").update(text_ar=None)
    publish(marrakesh)
    page = client.get("/ar/roundtables/2.2/").content.decode()
    outcomes = page.split('id="o"')[1].split("</section>")[0]
    assert '<div lang="en" dir="ltr"><p>' in outcomes


def test_html_typed_in_is_text(client, marrakesh):
    Session.objects.filter(slug="opening").update(title_en="<script>alert(1)</script>")
    publish(marrakesh)
    for path in ("/en/programme/", "/en/sessions/opening/", "/en/"):
        assert b"<script>alert" not in client.get(path).content


def test_changes_of_a_release_tell_rooms_and_nothing_of_drafting(client, published, marrakesh):
    moved = Session.objects.get(slug="the-road-ahead")
    moved.room = Room.objects.get(slug="oliveraie", venue=moved.venue)
    moved.save()
    Session.objects.filter(slug="opening").update(summary_en="Another sentence")
    publish(marrakesh, note="Room change")

    changes = text(client.get("/en/releases/2/changes/"))

    assert "Room : was Roseraie now Oliveraie" in changes.replace("Room:", "Room :")
    assert "Opening session" not in changes
    assert client.get("/en/programme/").content.count(b"<del>") == 1
    assert "Room change" in text(client.get("/en/releases/"))


def test_withdrawn_release_is_not_listed_and_not_shown(client, published, marrakesh):
    Session.objects.filter(slug="opening").update(title_en="Wrong")
    publish(marrakesh)
    services.withdraw(release=services.newest(marrakesh), by=None, reason="Wrong")
    releases.shelf.clear()
    assert "Opening session" in text(client.get("/en/programme/"))
    assert client.get("/en/releases/2/changes/").status_code == 404


def test_preview_asks_a_stranger_to_sign_in(client, published):
    response = client.get("/en/preview/programme/")
    assert (response.status_code, response["Location"].split("?")[0]) == (302, "/en/accounts/login/")


def test_preview_is_refused_to_a_reader(client, published):
    client.force_login(member())
    assert client.get("/en/preview/programme/").status_code == 403


def test_preview_shows_the_draft_and_is_kept_by_nobody(client, published, marrakesh):
    Session.objects.filter(slug="common-space").update(title_en="Common Space, redrafted")
    client.force_login(member("preview"))
    for _route, _view, name in READING:
        response = client.get(reverse(f"programme:preview-{name}", kwargs=SAMPLES[name]))

        page = response.content.decode()
        assert (name, response.status_code, response["Cache-Control"]) == (name, 200, "no-store")
        assert "This is a draft" in page
        links = set(re.findall(r'href="(/en/[^"]*)"', page.split("<main", 1)[1].split("</main>")[0]))
        outside = {link.split("?")[0] for link in links if not link.startswith("/en/preview/")}
        assert outside <= {"/en/documents/ask/", "/en/my/", "/en/releases/"}
    assert "Common Space, redrafted" in text(client.get("/en/preview/programme/"))
    assert "Common Space, redrafted" not in text(client.get("/en/programme/"))


def test_preview_takes_the_same_queries_however_many_sessions(client, marrakesh, django_assert_num_queries):
    client.force_login(member("preview"))
    client.get("/en/preview/programme/")
    with CaptureQueriesContext(connection) as before:
        client.get("/en/preview/programme/")
    add_sessions(marrakesh, 40)
    with django_assert_num_queries(len(before)):
        client.get("/en/preview/programme/")


def add_sessions(forum, count):
    Session.objects.bulk_create(
        Session(
            forum=forum,
            kind=Session.Kind.OTHER,
            slug=f"extra-{number}",
            title_en=f"Extra {number}",
            timing="dated",
            starts_on="2018-12-06",
            ends_on="2018-12-06",
        )
        for number in range(count)
    )


AT_0845 = datetime(2018, 12, 6, 7, 45, tzinfo=UTC)  # in Marrakesh


@pytest.fixture
def clock(monkeypatch):
    """Turns to a moment of the summit."""

    def turn(moment):
        monkeypatch.setattr("programme.releases.timezone.now", lambda: moment)

    return turn


@pytest.mark.parametrize("path", ["/en/", "/en/programme/", "/en/programme/2018-12-06/", "/en/fragments/now/"])
def test_during_the_summit_pages_open_at_now(client, published, clock, path):
    clock(AT_0845)
    page = client.get(path).content.decode()
    now = page.split('<section class="now"')[1].split("</section>")[0]
    assert 'kind=side_event">Side-events</a>' in now
    assert "Next" in now
    assert '<a href="/en/roundtables/1.1/">' in now


@pytest.mark.parametrize("path", ["/en/programme/?kind=roundtable", "/en/programme/2018-12-05/", "/en/themes/"])
def test_pages_on_which_something_else_was_asked_for_do_not_open_at_now(client, published, clock, path):
    clock(AT_0845)
    assert b'class="now"' not in client.get(path).content


def test_outside_the_summit_nothing_is_on(client, published):
    for path in ("/en/", "/en/programme/", "/en/programme/2018-12-06/"):
        assert b'class="now"' not in client.get(path).content
    assert client.get("/en/fragments/now/").content.strip() == b""


def test_an_open_page_gets_another_now_only_when_it_reads_otherwise(client, published, clock):
    clock(AT_0845)
    asked = re.search(r'hx-get="([^"]+seen=[^"]+)"', client.get("/en/programme/").content.decode())[1]
    response = client.get(asked)
    assert (response.status_code, response["Cache-Control"]) == (204, "no-store")
    clock(at(12, 30))
    assert b'class="now"' in client.get(asked).content
    clock(at(1, day=24))
    assert (client.get(asked).status_code, client.get(asked).content.strip()) == (200, b"")


def test_during_the_summit_today_comes_first_and_past_days_last(client, published, clock):
    clock(AT_0845)
    page = client.get("/en/programme/").content.decode()
    days = re.findall(r'id="day-2018-12-0(\d)"', page)
    assert (days[0], days[-2:]) == ("6", ["4", "5"])
    assert "<strong>Today</strong><b>6</b>" in page


def test_cancelled_session_keeps_its_page_and_says_so_at_the_top(client, published, marrakesh):
    Session.objects.filter(slug="the-road-ahead").update(cancelled_at=at(7, 55))
    publish(marrakesh)
    words = text(client.get("/en/sessions/the-road-ahead/"))
    assert words.index("Cancelled 6 December, 07:55") < words.index("What it is about")
    assert client.get("/en/programme/").content.count(b'class="slot cancelled"') == 1


def test_long_history_costs_no_more_queries(client, published, marrakesh, django_assert_num_queries):
    for number in range(3):
        Session.objects.filter(slug="opening").update(title_en=f"Opening {number}")
        publish(marrakesh)
    with django_assert_num_queries(3):
        response = client.get("/en/releases/")
    assert response.content.count(b'/changes/">What changed') >= 3
    with django_assert_num_queries(1):
        client.get("/en/releases/2/changes/")
