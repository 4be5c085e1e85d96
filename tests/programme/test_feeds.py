"""What machines read: calendars, schedules and the feed of releases, each read back by foreign parsers."""

import json
import re
from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils import timezone
from PIL import Image

from people.models import Party
from programme import releases, services
from schedule.models import Session, Venue

from .frab_rules import faults
from .test_pages_cache import SHELF
from .test_views import LANGUAGES, publish

ATOM = "{http://www.w3.org/2005/Atom}"
ZONES = ["Africa/Casablanca", "America/New_York", "Asia/Manila", "Europe/Zurich", "Pacific/Auckland"]
FEEDS = [
    "programme.ics",
    "programme/2018-12-06.ics",
    "themes/2.ics",
    "rooms/palmeraie/oliveraie.ics",
    "sessions/roundtable-2-2.ics",
    "programme.xml",
    "programme.json",
    "releases.atom",
]


def entries(client, path="/en/programme.ics"):
    """By UID. Read by both parsers, which agree."""
    data = client.get(path).content
    found = {str(event["uid"]): event for event in icalendar.Calendar.from_ical(data).walk("VEVENT")}
    again = {event.uid.value: event for event in vobject.readOne(data.decode()).vevent_list}
    assert {uid: event["dtstart"].dt for uid, event in found.items()} == {
        uid: event.dtstart.value for uid, event in again.items()
    }
    assert {uid: str(event["summary"]) for uid, event in found.items()} == {
        uid: event.summary.value for uid, event in again.items()
    }
    return found


def entry(client, slug):
    return entries(client)[str(Session.objects.get(slug=slug).uuid)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_feed_is_read_in_every_language_and_answered_from_memory(
    client, published, language, django_assert_max_num_queries
):
    for feed in FEEDS:
        releases.shelf.clear()
        with django_assert_max_num_queries(SHELF + 1):
            first = client.get(f"/{language}/{feed}")
        with django_assert_max_num_queries(0):
            unchanged = client.get(f"/{language}/{feed}", headers={"If-None-Match": first["ETag"]})
        assert (feed, first.status_code, unchanged.status_code) == (feed, 200, 304)
        assert client.get(f"/{language}/marrakesh-2018/{feed}").content
    for feed in ("programme.ics", "programme.xml", "programme.json"):
        plain = client.get(f"/{feed}", headers={"Accept-Language": "fr"})
        assert plain.content == client.get(f"/en/{feed}").content


def test_calendar_of_what_is_not_there_is_not_found(client, published):
    for path in ("programme/2018-12-24.ics", "themes/9.ics", "rooms/palmeraie/none.ics", "sessions/none.ics"):
        assert (path, client.get(f"/en/{path}").status_code) == (path, 404)


def test_hours_are_right_across_time_zones(client, marrakesh):
    starts = {}
    for number, zone in enumerate(ZONES):
        venue = Venue.objects.create(
            forum=marrakesh, slug=f"v{number}", name_en=zone, city_en=zone, time_zone=zone,
            country=Party.objects.get(code="MAR"),
        )  # fmt: skip
        moment = datetime(2018, 12, 6, 9, 30, tzinfo=ZoneInfo(zone))
        session = Session.objects.create(
            forum=marrakesh, slug=f"s{number}", kind="other", title_en=zone, venue=venue, timing="timed",
            starts_at=moment, ends_at=moment + timedelta(hours=2),
        )  # fmt: skip
        starts[str(session.uuid)] = moment
    publish(marrakesh)

    found = entries(client)

    for uuid, moment in starts.items():
        assert found[uuid]["dtstart"].dt == moment
        assert found[uuid]["dtend"].dt - found[uuid]["dtstart"].dt == timedelta(hours=2)


def test_what_is_to_be_confirmed_is_tentative_and_fills_its_days(client, published):
    month = entry(client, "high-level-political-forum")
    assert (month["dtstart"].dt, month["dtend"].dt) == (date(2018, 7, 1), date(2018, 8, 1))
    assert (month["status"], month["transp"]) == ("TENTATIVE", "TRANSPARENT")
    dated = entry(client, "migration-and-agenda-2030")
    assert (dated["dtstart"].dt, dated["dtend"].dt) == (date(2018, 4, 18), date(2018, 4, 20))
    opening = Session.objects.get(slug="opening")
    assert entry(client, "opening")["status"] == ("TENTATIVE" if opening.to_confirm else "CONFIRMED")


def test_a_change_raises_the_sequence_of_what_it_changes_and_of_nothing_else(client, published, marrakesh):
    before = entries(client)
    moved = Session.objects.get(slug="common-space")
    Session.objects.filter(pk=moved.pk).update(title_en="Common Space, moved")
    publish(marrakesh)
    after = entries(client)

    raised = {uid for uid, event in after.items() if event["sequence"] > before[uid]["sequence"]}
    assert raised == {str(moved.uuid)}
    assert before.keys() == after.keys()

    second = services.newest(marrakesh)
    services.withdraw(release=second, by=None, reason="A mistake")
    releases.shelf.clear()
    back = entries(client)
    assert str(back[str(moved.uuid)]["summary"]) == str(before[str(moved.uuid)]["summary"])
    assert back[str(moved.uuid)]["sequence"] > after[str(moved.uuid)]["sequence"]


def test_cancelled_session_says_so(client, published, marrakesh):
    Session.objects.filter(slug="common-space").update(cancelled_at=timezone.now())
    publish(marrakesh)

    found = entry(client, "common-space")

    assert found["status"] == "CANCELLED"
    assert str(found["summary"]).startswith("Cancelled: ")
    for feed in ("programme.xml", "programme.json"):
        assert str(found["uid"]) not in client.get(f"/en/{feed}").content.decode()


def test_schedule_keeps_to_the_public_schema_and_both_forms_agree(client, published):
    data = client.get("/en/programme.xml").content
    assert faults(data) == []
    in_xml = {event.attrib["guid"]: event for event in ET.fromstring(data).iter("event")}
    conference = json.loads(client.get("/en/programme.json").content)["schedule"]["conference"]
    in_json = {event["guid"]: event for day in conference["days"] for held in day["rooms"].values() for event in held}
    timed = {str(uuid) for uuid in Session.objects.filter(timing="timed", listed=True).values_list("uuid", flat=True)}
    assert in_xml.keys() == in_json.keys() == timed
    assert {guid: event.findtext("date") for guid, event in in_xml.items()} == {
        guid: event["date"] for guid, event in in_json.items()
    }
    roundtable = in_json[str(Session.objects.get(slug="roundtable-2-2").uuid)]
    assert (roundtable["room"], roundtable["duration"]) == ("Oliveraie, Palmeraie Conference Center", "02:30")
    assert roundtable["url"] == f"{settings.BASE_URL}/en/marrakesh-2018/roundtables/2.2/"


def test_no_person_stands_in_a_feed(client, published):
    for feed in FEEDS:
        assert "Arriola" not in client.get(f"/en/{feed}").content.decode()


def test_hostile_text_does_nothing(client, marrakesh):
    hostile = 'A\x07\x9b\x85\u202eB\r\nEND:VEVENT\nBEGIN:VEVENT <script>alert("1")</script> ]]> &amp; \ufffe'
    roundtable = Session.objects.get(slug="roundtable-2-2")
    Session.objects.filter(pk=roundtable.pk).update(title_en=hostile, summary_en=hostile)
    publish(marrakesh)

    found = entries(client)

    assert len(found) == Session.objects.filter(listed=True).count()
    name = 'Roundtable 2.2: A B END:VEVENT BEGIN:VEVENT <script>alert("1")</script> ]]> &amp;'
    assert str(found[str(roundtable.uuid)]["summary"]) == name
    data = client.get("/en/programme.xml").content
    assert faults(data) == []
    assert name in [title.text for title in ET.fromstring(data).iter("title")]
    assert name in json.dumps(json.loads(client.get("/en/programme.json").content), ensure_ascii=False).replace(
        '\\"', '"'
    )


def test_releases_are_a_feed(client, published, marrakesh):
    Session.objects.filter(slug="opening").update(title_en="Opening, reworded")
    publish(marrakesh, note="Reworded \u202e <b>")

    feed = ET.fromstring(client.get("/en/releases.atom").content)

    found = feed.findall(f"{ATOM}entry")
    summaries = [entry.find(f"{ATOM}summary") for entry in found]
    assert [(one.get("type"), one.text) for one in summaries] == [("html", "Reworded  &lt;b&gt;"), ("html", "First")]
    assert found[0].find(f"{ATOM}link").attrib["href"].endswith("/en/marrakesh-2018/releases/2/changes/")
    updated = datetime.fromisoformat(found[0].findtext(f"{ATOM}updated"))
    assert abs(updated - services.newest(marrakesh).created_at) < timedelta(seconds=1)
    assert updated.tzinfo is not None
    assert updated <= datetime.now(UTC)


def test_pages_say_to_machines_what_they_are(client, published):
    page = client.get("/fr/roundtables/2.2/").content.decode()
    found = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert (found["@type"], found["inLanguage"]) == ("Event", "fr")
    assert datetime.fromisoformat(found["startDate"]) == Session.objects.get(slug="roundtable-2-2").starts_at
    assert found["url"] == f"{settings.BASE_URL}/fr/marrakesh-2018/roundtables/2.2/"
    title = re.search("<title>(.*?) · ", page)[1]
    assert f'<meta property="og:title" content="{title}">' in page
    summary = "Jeudi 6 décembre, 15:00–17:30 · Oliveraie · Horaire à confirmer"  # nothing uncertain is shared as a fact
    assert f'<meta property="og:description" content="{summary}">' in page
    assert 'href="/fr/sessions/roundtable-2-2.ics"' in page
    picture = re.search('<meta property="og:image" content="([^"]+)">', page)[1]
    with Image.open(finders.find(picture.removeprefix(f"{settings.BASE_URL}/static/"))) as shown:
        assert shown.size == (1200, 630)
    assert '"endDate": "2018-12-07"' in client.get("/en/").content.decode()


def test_no_text_leaves_the_data_of_a_page(client, marrakesh):
    Session.objects.filter(slug="opening").update(title_en="</script><script>alert(1)//<!--")
    publish(marrakesh)

    page = client.get("/en/sessions/opening/").content.decode()

    assert "<script>alert" not in page
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1]
    assert json.loads(data)["name"] == "</script><script>alert(1)//<!--"


def test_search_engines_find_every_page_in_each_language(client, published):
    urls = ET.fromstring(client.get("/sitemap.xml").content)
    locations = [url.text for url in urls.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    for path in (
        "/ar/marrakesh-2018/",
        "/en/marrakesh-2018/roundtables/2.2/",
        "/fr/marrakesh-2018/sessions/common-space/",
    ):
        assert settings.BASE_URL + path in locations
    for location in locations[::40]:
        assert client.get(location.removeprefix(settings.BASE_URL)).status_code == 200
    assert f"Sitemap: {settings.BASE_URL}/sitemap.xml" in client.get("/robots.txt").content.decode()
