"""Spreadsheets through the pages: out, in, refused. The rules are the same for every sheet."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from people.models import Party
from people.spreadsheets import guard, unguard
from roundtables.models import GuidingQuestion, Roundtable
from schedule.models import Room, Session, Venue
from tests.editing import organiser, signed_in
from workshops.models import Workshop

pytestmark = pytest.mark.django_db
SHEETS = [Party, Room, Session, GuidingQuestion]
XLSX, CSV = "0", "1"
FORMULAE = ["=1+1", "+1", "-1", "@SUM(1)", "\tx", "'=1+1", "''=1", "- a list", "＝1"]


@pytest.fixture
def client(marrakesh):
    return signed_in(organiser())


def address(model, verb: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{verb}")


def sent_out(client, model, kind=CSV) -> bytes:
    response = client.post(address(model, "export"), {"format": kind, "resource": "0"})
    assert "attachment" in response["Content-Disposition"]
    return response.content


def look_at(client, model, data: bytes, kind=CSV, name="sheet.csv"):
    file = SimpleUploadedFile(name, data)
    return client.post(address(model, "import"), {"format": kind, "resource": "0", "import_file": file})


def confirm(client, model, page):
    return client.post(address(model, "process_import"), page.context["confirm_form"].initial, follow=True)


def rows_of(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))


def sheet_of(rows: list[dict[str, str]]) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def reasons(page) -> str:
    return " ".join(page.content.decode().split())


@pytest.mark.parametrize("kind", [XLSX, CSV], ids=["xlsx", "csv"])
@pytest.mark.parametrize("model", SHEETS, ids=lambda model: model.__name__)
def test_what_goes_out_and_comes_in_unchanged_changes_nothing(client, model, kind):
    before = list(model.objects.order_by("pk").values())
    page = look_at(client, model, sent_out(client, model, kind), kind, "sheet.xlsx" if kind == XLSX else "sheet.csv")
    result = page.context["result"]
    assert not result.has_errors()
    assert not result.has_validation_errors()
    assert {row.import_type for row in result.rows} == {"skip"}
    assert len(result.rows) == len(before) > 3
    confirm(client, model, page)
    assert list(model.objects.order_by("pk").values()) == before


@pytest.mark.parametrize("kind", [XLSX, CSV], ids=["xlsx", "csv"])
def test_formulae_are_harmless_and_come_back(client, kind):
    sessions = list(Session.objects.order_by("pk")[: len(FORMULAE)])
    for session, text in zip(sessions, FORMULAE, strict=True):
        Session.objects.filter(pk=session.pk).update(title_en=text, note=text)
    data = sent_out(client, Session, kind)
    if kind == XLSX:
        cells = [cell for row in openpyxl.load_workbook(io.BytesIO(data)).active.iter_rows() for cell in row]
        assert not [cell.value for cell in cells if cell.data_type == "f"]
        values = [str(cell.value) for cell in cells if cell.value is not None]
    else:
        values = [value for row in rows_of(data) for value in row.values()]
    assert not [value for value in values if value[:1] in "=+-@\t＝" and value]
    page = look_at(client, Session, data, kind, "s.xlsx" if kind == XLSX else "s.csv")
    assert {row.import_type for row in page.context["result"].rows} == {"skip"}


@pytest.mark.parametrize("text", [*FORMULAE, "plain", "'Abd al-Karim", "", "x=1", "'"])
def test_guard_is_undone(text):
    assert unguard(guard(text)) == text


@pytest.mark.parametrize(("zone", "utc"), [("America/New_York", 14), ("Africa/Casablanca", 8)])
def test_times_are_those_of_the_venue(client, zone, utc):
    session = Session.objects.filter(kind="roundtable").first()
    Venue.objects.filter(pk=session.venue_id).update(time_zone=zone)
    start = datetime(2018, 12, 20, utc, 30, tzinfo=UTC)
    Session.objects.filter(pk=session.pk).update(room=None, starts_at=start, ends_at=start.replace(hour=utc + 2))
    [row] = [row for row in rows_of(sent_out(client, Session)) if row["slug"] == session.slug]
    assert (row["starts_at"], row["ends_at"]) == ("2018-12-20 09:30", "2018-12-20 11:30")
    # Few columns are enough; the zone is that of the venue which the session has
    part = {"forum": row["forum"], "slug": row["slug"], "starts_at": "2018-12-20 09:45"}
    confirm(client, Session, look_at(client, Session, sheet_of([part])))
    session.refresh_from_db()
    assert session.starts_at == start.replace(minute=45)


def test_change_is_previewed_and_made_on_confirmation(client):
    rows = rows_of(sent_out(client, Room))
    was = rows[0]["name_fr"]
    rows[0]["name_fr"] = "<img src=x onerror=alert(1)>"
    page = look_at(client, Room, sheet_of(rows))
    text = page.content.decode()
    assert f"<del>{was}</del> <ins>&lt;img src=x onerror=alert(1)&gt;</ins>" in text
    assert "<img src=x" not in text
    assert "style=" not in text
    room = Room.objects.get(slug=rows[0]["slug"], venue__slug=rows[0]["venue"])
    assert room.name_fr == (was or None)
    confirm(client, Room, page)
    room.refresh_from_db()
    assert room.name_fr == "<img src=x onerror=alert(1)>"


def test_new_session_gets_a_row_of_its_kind(client, marrakesh):
    row = {
        "forum": marrakesh.slug,
        "slug": "new",
        "kind": "workshop",
        "title_en": "New",
        "timing": "month",
        "month": "2018-07-01",
        "floor_languages": "en, fr",
    }
    confirm(client, Session, look_at(client, Session, sheet_of([row])))
    workshop = Workshop.objects.get(slug="new")
    assert (workshop.kind, workshop.title_en, workshop.floor_languages) == ("workshop", "New", ["en", "fr"])


BAD = [
    ({"room": "nowhere"}, "There is no room “nowhere”."),
    ({"venue": "nowhere"}, "There is no venue “nowhere”."),
    ({"starts_at": "soon"}, "“soon” is not a day and an hour such as 2018-12-05 09:30."),
    ({"timing": "later"}, "“later” is none of: timed, dated, month."),
    ({"floor_languages": "en, tlh"}, "“tlh” is none of: en, fr, es, ar."),
    ({"kind": "break"}, "The kind of a session cannot change. It is “roundtable”."),
    ({"ends_at": "2018-12-01 09:00"}, "The end must lie after the start."),
    ({"position": "first"}, "“first” is not a whole number."),
    ({"listed": "perhaps"}, "“perhaps” is neither yes nor no."),
    ({"title_en": "x" * 301}, "at most 300 characters"),
    ({"month": "2018-07-01"}, "The timing and its fields disagree"),
    ({"forum": "elsewhere"}, "There is no forum “elsewhere”."),
]


@pytest.mark.parametrize(("cells", "reason"), BAD, ids=[next(iter(cells)) + str(n) for n, (cells, _) in enumerate(BAD)])
def test_bad_cell_is_named_and_nothing_is_lost(client, cells, reason):
    before = list(Session.objects.order_by("pk").values())
    rows = [row for row in rows_of(sent_out(client, Session)) if row["kind"] == "roundtable"]
    rows[0]["note"] = "good"
    rows[1].update(cells)
    page = look_at(client, Session, sheet_of(rows))
    assert reason in reasons(page)
    assert "confirm_form" not in page.context
    assert list(Session.objects.order_by("pk").values()) == before


def test_every_bad_row_has_its_reason(client):
    rows = rows_of(sent_out(client, GuidingQuestion))
    rows[1]["commitments"] = "SDG 99.9"
    rows[3]["roundtable"] = "9.9"
    rows[5]["text_en"] = ""
    text = reasons(look_at(client, GuidingQuestion, sheet_of(rows)))
    assert "There is no commitment “SDG 99.9”." in text
    assert "There is no roundtable “9.9”." in text
    assert "cannot be null" in text or "cannot be blank" in text


def test_room_taken_names_the_other_session(client):
    first, second = Roundtable.objects.exclude(room=None).order_by("starts_at", "pk")[:2]
    Session.objects.filter(pk=second.pk).update(room=None, starts_at=first.starts_at, ends_at=first.ends_at)
    rows = [row for row in rows_of(sent_out(client, Session)) if row["slug"] == second.slug]
    rows[0].update(venue=first.venue.slug, room=first.room.slug)
    assert f"The room is taken at this time by “{first.title}”." in reasons(
        look_at(client, Session, sheet_of(rows))
    ).replace("&quot;", '"')


FILES = {
    "not a workbook": (b"hello", XLSX),
    "a zip of something else": (None, XLSX),
    "binary as text": (b"\xff\xfe\x00\x01", CSV),
    "rows of unlike length": (b"code,kind\na,b,c,d\n", CSV),
    "empty": (b"\n", CSV),
}


@pytest.mark.parametrize("case", FILES)
def test_broken_file_is_a_clear_error(client, case):
    data, kind = FILES[case]
    if data is None:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a.txt", "a")
        data = out.getvalue()
    before = Party.objects.count()
    page = look_at(client, Party, data, kind)
    assert page.status_code == 200
    assert page.context["form"].errors["import_file"]
    assert Party.objects.count() == before


@pytest.mark.parametrize(
    ("model", "cells"),
    [
        (Room, {"venue": "atlantis", "capacity": "many", "capacity_confirmed": "perhaps"}),
        (Session, {"kind": "dance", "starts_on": "soon", "floor_languages": "en, tlh"}),
        (GuidingQuestion, {"position": "first", "commitments": "SDG 99.9"}),
        (Party, {"kind": "planet", "valid_from": "once"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_cell_that_is_refused_is_named(client, model, cells):
    rows = rows_of(sent_out(client, model))
    rows[0] |= cells

    page = look_at(client, model, sheet_of(rows))

    [row] = page.context["result"].invalid_rows
    assert (set(row.error_dict), row.error_count) == (set(cells), len(cells))
    for column in cells:
        assert f"<li><code>{column}</code>: " in reasons(page)


def test_unknown_column_is_named(client):
    page = look_at(client, Party, b"code,colour\nMAR,red\n")
    assert "Unknown columns: colour." in reasons(page)
    assert "Traceback" not in reasons(page)


def test_missing_key_column_is_an_error(client):
    page = look_at(client, Party, b"kind\nother\n")
    assert "code" in reasons(page)
    assert "confirm_form" not in page.context


def test_large_files_are_refused(client, monkeypatch):
    page = look_at(client, Party, b"x" * (5 * 1024 * 1024 + 1))
    assert "larger than 5 MB" in reasons(page)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (61 * 1024 * 1024))
    assert look_at(client, Party, out.getvalue(), XLSX).context["form"].errors["import_file"]
    monkeypatch.setattr("people.spreadsheets.MAX_ROWS", 2)
    page = look_at(client, Party, b"code,kind\na,other\nb,other\nc,other\n")
    assert "more than 2 rows" in reasons(page)


def test_confirmed_file_is_looked_at_again(client, marrakesh):
    """What was good in the preview may be bad at the confirmation: then nothing is imported."""
    rows = rows_of(sent_out(client, Room))
    rows[0]["capacity"] = "77"
    page = look_at(client, Room, sheet_of(rows))
    Venue.objects.filter(slug=rows[-1]["venue"]).update(slug="moved")
    answer = confirm(client, Room, page)
    assert "Nothing was imported" in reasons(answer)
    assert not Room.objects.filter(capacity=77).exists()


def test_file_that_is_no_longer_kept_is_an_error(client):
    page = look_at(client, Party, sent_out(client, Party))
    data = {**page.context["confirm_form"].initial, "import_file_name": "gone"}
    answer = client.post(address(Party, "process_import"), data, follow=True)
    assert "The file is no longer at hand." in reasons(answer)


@pytest.mark.parametrize("model", SHEETS, ids=lambda model: model.__name__)
def test_export_costs_the_same_for_one_and_for_many(client, model, asked_once):
    counts = []
    for query in (f"?q={_word(model)}", ""):
        with CaptureQueriesContext(connection) as queries:
            client.post(address(model, "export") + query, {"format": CSV, "resource": "0"})
        counts.append(len(queries))
    assert counts[1] <= counts[0] + 1


def _word(model) -> str:
    return {Party: "MAR", Room: Room.objects.first().slug, Session: Session.objects.first().slug}.get(
        model, GuidingQuestion.objects.first().text_en.split()[-1]
    )
