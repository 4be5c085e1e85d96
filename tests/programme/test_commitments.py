"""What serves which commitment: on a page and as a table."""

import csv
import io
import re

import pytest

from roundtables.models import GuidingQuestion
from schedule.models import Session
from themes.models import Commitment

from .test_search import addresses
from .test_views import publish


def rows(client, path="/en/commitments/"):
    """The cells of each row by its key, in words."""
    text = client.get(path).content.decode()
    found = {}
    for key, row in re.findall(r'<tr id="([\w.]+)"[^>]*>(.*?)</tr>', text, re.DOTALL):
        cells = re.findall(r'<td data-l="([^"]*)">(.*?)</td>', row, re.DOTALL)
        found[key] = {label: re.findall(r'<a href="/\w\w/([^"]*)">', cell) for label, cell in cells if "<a" in cell}
    return found


def table(client, path="/en/commitments.csv"):
    return list(csv.DictReader(io.StringIO(client.get(path).content.decode("utf-8-sig"))))


def test_page_says_what_serves_what(client, published):
    found = rows(client)

    assert found["SDG.11"] == {"Theme 1": ["roundtables/1.1/", "roundtables/1.1/#q14"]}
    assert found["SDG.10.7"] == {"Concept paper": ["sections/introduction/"]}
    assert found["NYD.23"] == {"Theme 1": ["themes/1/"]}
    assert found["GCM.P10"] == {"Theme 2": ["roundtables/2.2/", "roundtables/2.2/#q10"]}
    assert "sessions/the-road-ahead/" in found["GCM"]["Other sessions"]
    assert "GCM.O19" not in found  # nothing is said to serve it
    assert list(found)[:3] == ["AGENDA2030", "SDG", "SDG.11"]


def test_an_objective_is_there_once_something_serves_it_and_internal_sessions_never(client, published, marrakesh):
    objective = Commitment.objects.get(key="GCM.O19")
    objective.sessions.add(Session.objects.get(slug="labour-migration"))
    hidden = Commitment.objects.get(key="GCM.O23")
    Session.objects.filter(slug="opening").update(listed=False)
    hidden.sessions.add(Session.objects.get(slug="opening"))
    GuidingQuestion.objects.filter(roundtable__slug="roundtable-1-2", position=1).first().commitments.add(objective)
    assert "GCM.O19" not in rows(client)  # a draft

    publish(marrakesh)

    assert rows(client)["GCM.O19"] == {
        "Theme 1": ["roundtables/1.2/#q1"],
        "Other sessions": ["sessions/labour-migration/"],
    }
    assert "GCM.O23" not in rows(client)
    assert addresses(client, "GCM 19")[0] == "commitments/#GCM.O19"
    arabic = client.get("/ar/commitments/").content.decode()
    assert "صياغة غير رسمية" in arabic.split('id="GCM.O19"')[1].split("</tr>")[0]
    assert "صياغة غير رسمية" not in arabic.split('id="SDG.10.7"')[1].split("</tr>")[0]


def test_commitments_are_found_by_their_numbers(client, published):
    assert addresses(client, "SDG 10.7")[0] == addresses(client, "sdg10.7")[0] == "commitments/#SDG.10.7"
    assert addresses(client, "ODD 10.7", "fr")[0] == addresses(client, "10.7", "ar")[0] == "commitments/#SDG.10.7"
    assert "roundtables/1.1/" in addresses(client, "ODS 11", "es")


@pytest.mark.parametrize("path", ["/fr/commitments.csv", "/fr/marrakesh-2018/commitments.csv"])
def test_table_has_a_line_for_each_thing_that_serves(client, published, path):
    lines = [line for line in table(client, path) if line["key"] == "SDG.11"]

    assert [
        (line["kind"], line["served_by"], line["theme"], line["roundtable"], line["question"]) for line in lines
    ] == [
        ("goal", "roundtable", "1", "1.1", ""),
        ("goal", "question", "1", "1.1", "14"),
    ]
    assert lines[0]["name"] == "Villes et communautés durables"
    assert lines[1]["address"].endswith("/fr/marrakesh-2018/roundtables/1.1/#q14")


def test_table_holds_no_formula_and_no_markup(client, marrakesh):
    session = Session.objects.get(slug="migration-and-agenda-2030")
    Session.objects.filter(pk=session.pk).update(title_en="=HYPERLINK(1)\u202e<b>")
    publish(marrakesh)

    assert "'=HYPERLINK(1)<b>" in [line["title"] for line in table(client)]


def test_pages_of_what_serves_lead_to_all_commitments(client, published):
    assert 'href="/en/commitments/"' in client.get("/en/roundtables/1.1/").content.decode()
    assert "/en/marrakesh-2018/commitments/" in client.get("/sitemap.xml").content.decode()
