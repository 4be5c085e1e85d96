"""Every text that anybody can type, full of what could do harm, in everything that machines read."""

import json
import unicodedata
from xml.etree import ElementTree as ET

import icalendar
from django.db import models

from people.models import Party, Person
from roundtables.models import ExpectedOutcome, GuidingQuestion
from schedule.models import Forum, Room, Session, Venue
from themes.models import Commitment, Reference, Section, Theme
from workshops.models import CommonSpaceSession, Workshop

from .test_api import OF_A_RELEASE
from .test_feeds import FEEDS
from .test_views import publish

TYPED = [
    *(Forum, Venue, Room, Session, Workshop, CommonSpaceSession, Theme, Section, Reference, Commitment),
    *(ExpectedOutcome, GuidingQuestion, Party, Person),
]
HOSTILE = '\x07\x1b[31m\x9b\x85A\u202eB\u2066C\u200f\r\nEND:VEVENT\n]]><script>alert("1")</script>&amp;\ufffe'
MARKS = set("\u200e\u200f")  # which Arabic needs
ISOLATES = set("\u2066\u2067\u2068\u2069") | MARKS  # which pages set themselves
TURNS = set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufffe\u2028\u2029")


def poison():
    """All English columns of content, and the names of persons."""
    for model in TYPED:
        columns = {
            field.name: HOSTILE[: field.max_length or 1000]
            for field in model._meta.local_fields
            if isinstance(field, models.CharField | models.TextField)
            and (field.name.endswith("_en") or field.name in ("family_name", "given_name", "arabic_name"))
        }
        assert columns, model
        model.objects.update(**columns)


def harm(text, *, line_ends=""):
    return {sign for sign in text if (unicodedata.category(sign) == "Cc" and sign not in line_ends) or sign in TURNS}


def texts(node):
    """Every text inside JSON."""
    match node:
        case str():
            yield node
        case dict():
            for key, value in node.items():
                yield key
                yield from texts(value)
        case list():
            for value in node:
                yield from texts(value)


def test_no_text_does_anything_to_what_machines_read(client, marrakesh, monkeypatch):
    monkeypatch.setattr("programme.draft.typed", str)  # a release of before texts were cleaned
    poison()
    publish(marrakesh, note=HOSTILE)
    listed = Session.objects.filter(listed=True).count()

    for path in [
        f"/{language}/{feed}"
        for language in ("en", "ar")
        for feed in [*FEEDS, "commitments.csv", "manifest.webmanifest"]
    ] + ["/sitemap.xml"]:
        answer = client.get(path)
        kind, told = answer["Content-Type"].split(";")[0], answer.content.decode()
        assert (path, answer.status_code, harm(told, line_ends="\r\n\t")) == (path, 200, set())
        if kind == "text/calendar":
            events = icalendar.Calendar.from_ical(told).walk("VEVENT")
            assert not any(harm(str(value), line_ends="\n") for event in events for value in event.values())
            assert path not in ("/en/programme.ics", "/ar/programme.ics") or len(events) == listed
        elif "json" in kind:
            assert not any(harm(text, line_ends="\n") for text in texts(json.loads(told)))
        elif "xml" in kind:
            assert not any(harm(text, line_ends="\n") for text in ET.fromstring(told).itertext())
            assert b"<script" not in answer.content
    for path in OF_A_RELEASE:
        answer = client.get(f"/api/v1/{path}")
        assert (path, answer.status_code) == (path, 200)
        assert [text for text in texts(answer.json()) if harm(text, line_ends="\n")] == [], path


def test_pages_show_it_as_text(client, marrakesh):
    poison()
    publish(marrakesh, note=HOSTILE)
    for path in ("", "programme/", "roundtables/2.2/", "themes/2/", "sections/introduction/", "releases/"):
        page = client.get(f"/en/{path}").content.decode()
        assert ("<script>alert" in page, harm(page, line_ends="\r\n\t") - ISOLATES) == (False, set())


def test_what_is_published_holds_no_sign_that_a_print_cannot_show(client, marrakesh):
    poison()
    Session.objects.filter(slug="opening").update(title_en="Opening\vby the co-chairs\u2028\x07")
    publish(marrakesh, note=HOSTILE)
    release = marrakesh.releases.get()
    programme = release.snapshot
    told = {text for text in texts(programme) if harm(text, line_ends="\r\n") - MARKS}
    assert (told, harm(release.note, line_ends="\r\n") - MARKS) == (set(), set())
    (opening,) = [one for one in programme["sessions"] if one["slug"] == "opening"]
    assert opening["title"]["en"] == "Opening by the co-chairs "
