"""A spreadsheet of delegates: every bad cell is named, all rows are entered or none, and once."""

import base64
import csv
import io
import pickle
import zipfile
from datetime import date

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from people.models import User
from registrations import sheet
from registrations.fields import opened
from registrations.forms import RowForm
from registrations.models import Delegate, DelegationCategory, FocalPoint
from tests.registrations import scene
from tests.registrations.conftest import make_summit
from tests.registrations.test_races import at_once

HEADINGS = list(RowForm.base_fields)
AMINA = {"honorific": "H.E. Ms.", "given_name": "Amina", "family_name": "SPECIMEN", "function": "Minister"}
OMAR = {"family_name": "Sampuli", "function": "Adviser", "languages": "fr, en", "needs": "Step-free access"}


def text(response):
    return " ".join(response.content.decode().split())


def xlsx(*rows, headings=HEADINGS, title="delegates"):
    book = Workbook()
    page = book.worksheets[0]
    page.title = title
    page.append(headings)
    for row in rows:
        page.append([row.get(name) for name in headings])
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("delegates.xlsx", out.getvalue())


def table(*rows, delimiter=",", encoding="utf-8", headings=HEADINGS):
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(
        [headings, *([row.get(name, "") for name in headings] for row in rows)]
    )
    return SimpleUploadedFile("delegates.csv", out.getvalue().encode(encoding))


@pytest.fixture
def focal(client, summit):
    """Kenya's focal point, signed in."""
    user = User.objects.create_user("focal@example.org")
    FocalPoint.objects.create(delegation=summit.kenya, user=user)
    client.force_login(user)
    return user


def address(delegation, name="delegation-import"):
    return reverse(f"registrations:{name}", kwargs={"uuid": delegation.uuid})


@pytest.fixture
def upload(client, focal, summit):
    return lambda file: client.post(address(summit.kenya), {"file": file})


def reasons(response):
    return [(reason.cell, reason.heading) for row in response.context["found"].rows for reason in row.reasons]


def newcomers(summit):
    return Delegate.objects.filter(delegation=summit.kenya).exclude(pk__in=[summit.wanjiru.pk, summit.kamau.pk])


# The template


@pytest.mark.parametrize(("language", "words"), [("en", "Family name."), ("ar", "اللقب")])
def test_template_has_the_headings_and_explains_them_in_the_readers_language(client, focal, summit, language, words):
    response = client.get(address(summit.kenya, "delegation-import-template").replace("/en/", f"/{language}/"))

    assert response["Content-Disposition"] == 'attachment; filename="delegates.xlsx"'
    first, second = load_workbook(io.BytesIO(response.content)).worksheets
    assert [cell.value for cell in first[1]] == HEADINGS
    assert [cell.value for cell in second["A"]][1:] == HEADINGS
    assert second.sheet_view.rightToLeft == (language == "ar")
    assert second["B4"].value.startswith(words) or language == "ar"


def test_template_is_refused_while_it_is_empty(client, upload, summit):
    template = client.get(address(summit.kenya, "delegation-import-template")).content

    assert "No delegates stand in the file." in text(upload(SimpleUploadedFile("delegates.xlsx", template)))


# From the file to the delegation


@pytest.mark.parametrize(
    "file",
    [
        xlsx(AMINA, OMAR | {"first_day": date(2018, 12, 6), "last_day": "2018-12-07"}),
        table(AMINA, OMAR | {"first_day": "2018-12-06", "last_day": "2018-12-07"}),
        table(AMINA, OMAR | {"first_day": "2018-12-06", "last_day": "2018-12-07"}, delimiter=";", encoding="utf-8-sig"),
    ],
    ids=["xlsx", "csv", "csv of Excel"],
)
def test_rows_are_seen_then_entered_together(client, upload, focal, summit, file):
    file.seek(0)
    seen = upload(file)

    assert not newcomers(summit).exists()
    assert "2 rows can be taken" in text(seen)
    response = client.post(address(summit.kenya), {"kept": seen.context["kept"]})

    assert response.url == reverse("registrations:delegation-page", args=[summit.kenya.uuid])
    amina, omar = newcomers(summit).order_by("position")
    assert str(amina.person) == "H.E. Ms. Amina SPECIMEN"
    assert (amina.function, amina.state, amina.starts_on) == ("Minister", "submitted", None)
    assert (omar.languages, omar.needs) == (["fr", "en"], "Step-free access")
    assert (omar.starts_on, omar.ends_on) == (date(2018, 12, 6), date(2018, 12, 7))
    assert omar.changes.get().by == focal


def test_each_bad_cell_is_named_and_nothing_is_entered(client, upload, summit):
    response = upload(
        xlsx(
            AMINA,
            {"given_name": "Only", "languages": "fr, xx"},
            {},
            OMAR | {"first_day": "soon"},
            OMAR | {"first_day": date(2018, 12, 7), "last_day": date(2018, 12, 6)},
            OMAR | {"first_day": date(2018, 11, 30), "honorific": "x" * 41, "given_name": '=HYPERLINK("x")'},
        )
    )

    assert reasons(response) == [
        ("C3", "family_name"), ("E3", "function"), ("F3", "languages"), ("H5", "first_day"), ("I6", "last_day"),
        ("A7", "honorific"), ("B7", "given_name"), ("H7", "first_day"),
    ]  # fmt: skip
    page = text(response)
    assert "Row 3 needs mending." in page
    assert "“xx” is none of: en, fr, es, ar." in page
    assert "This begins as a formula does." in page
    assert "This is not a day of the forum: 5–7 December 2018." in page
    assert 'name="kept"' not in page
    assert not newcomers(summit).exists()


def test_names_that_stand_there_already_are_pointed_out(upload, summit):
    summit.wanjiru.person.given_name = "Wanjiru"
    summit.wanjiru.person.arabic_name = "وانجيرو مفانو"
    summit.wanjiru.person.save()
    mine = {"given_name": "mfano", "family_name": "WANJIRU", "function": "Adviser"}

    response = upload(
        xlsx(AMINA, mine, {"given_name": "Specimen", "family_name": "amina", "function": "Aide"},
             {"family_name": "Other", "function": "Aide", "arabic_name": "وانجيرو مفانو"},
             {"family_name": "Mensah", "function": "Of another delegation"})
    )  # fmt: skip

    assert [row.doubts for row in response.context["found"].rows] == [
        (),
        ("A person of this name is in the delegation already.",),
        ("A person of this name stands in row 2, too.",),
        ("A person of this name is in the delegation already.",),
        (),
    ]
    assert response.context["kept"]


def test_a_delegation_does_not_outgrow_its_size(client, upload, summit):
    DelegationCategory.objects.filter(code="member-state").update(size=3)
    assert "may have 3 delegates; 2 are entered." in text(upload(xlsx(AMINA, OMAR)))

    kept = upload(xlsx(AMINA)).context["kept"]
    scene.make_delegate(summit.kenya, "Meanwhile")
    response = client.post(address(summit.kenya), {"kept": kept})

    assert "may have 3 delegates; 3 are entered." in text(response)
    assert newcomers(summit).count() == 1


def test_what_is_kept_is_unreadable_and_one_readers_own(client, upload, summit):
    kept = upload(xlsx(AMINA, OMAR)).context["kept"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM people_cache WHERE cache_key LIKE '%sheet-of-delegates%'")
        [(value,)] = cursor.fetchall()

    stored = base64.b64decode(value)
    assert b"Step-free" not in stored
    assert b"SPECIMEN" not in stored
    assert "Step-free" in opened(pickle.loads(stored))
    other = User.objects.create_user("other@example.org")
    for delegation in (summit.kenya, summit.ghana):
        FocalPoint.objects.create(delegation=delegation, user=other)
    client.force_login(other)
    for delegation in (summit.kenya, summit.ghana):
        response = client.post(address(delegation), {"kept": kept}, follow=True)
        assert "The file is no longer at hand." in text(response)
    assert not newcomers(summit).exists()


def test_what_was_entered_is_not_entered_again(client, upload, summit):
    kept = upload(xlsx(AMINA)).context["kept"]

    client.post(address(summit.kenya), {"kept": kept})
    again = client.post(address(summit.kenya), {"kept": kept}, follow=True)

    assert "The file is no longer at hand." in text(again)
    assert newcomers(summit).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_clicks_at_once_one_enters():
    summit = make_summit()
    user = User.objects.create_user("focal@example.org")
    token = sheet.keep(summit.kenya, user, sheet.read(xlsx(AMINA, OMAR)))

    results = at_once([lambda: sheet.enter(delegation=summit.kenya, user=user, token=token, now=scene.NOW)] * 6)

    assert sorted(len(one) if one else 0 for one in results) == [0, 0, 0, 0, 0, 2]
    assert newcomers(summit).count() == 2
    cache.clear()


def test_names_are_text_on_the_page(upload, summit):
    page = text(upload(xlsx(AMINA | {"given_name": "<b>Eve</b>", "function": "{{ braces }}"})))

    assert "&lt;b&gt;Eve&lt;/b&gt;" in page
    assert "{{ braces }}" in page


def test_another_delegation_is_not_there(client, focal, summit):
    for delegation in (summit.ghana, summit.stranger.delegation):
        assert client.get(address(delegation)).status_code == 404
        assert client.get(address(delegation, "delegation-import-template")).status_code == 404
        assert client.post(address(delegation), {"file": xlsx(AMINA)}).status_code == 404
        assert client.post(address(delegation), {"kept": "x"}).status_code == 404


def test_many_rows_cost_no_more_queries_than_one(client, upload, summit, asked_once):
    def queries(*rows):
        upload(xlsx(*rows))  # the current release is asked for now, not later
        with CaptureQueriesContext(connection) as found:
            upload(xlsx(*rows))
        return len(found)

    assert queries(AMINA) == queries(*[AMINA] * 40)


# Files that are no such table


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (sheet.MAX_UNPACKED + 1))
    return SimpleUploadedFile("bomb.xlsx", out.getvalue())


def holes():
    """A row at the very end of what a sheet can have."""
    book = Workbook()
    page = book.worksheets[0]
    page.append(HEADINGS)
    page.cell(1_048_576, 16_384, "far")
    out = io.BytesIO()
    book.save(out)
    return SimpleUploadedFile("holes.xlsx", out.getvalue())


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("a.xlsx", b"PK not a zip"), "The file cannot be read."),
        (bomb(), "The file cannot be read."),
        (SimpleUploadedFile("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "The file cannot be read."),
        (SimpleUploadedFile("a.csv", "family_name\nÉva\n".encode("latin-1")), "The file cannot be read."),
        (SimpleUploadedFile("a.csv", b"family_name\n" + b"x" * 200_000), "The file cannot be read."),
        (SimpleUploadedFile("a.csv", b""), "The submitted file is empty."),
        (SimpleUploadedFile("a.csv", b"x" * (5 * 1024 * 1024 + 1)), "The file is larger than 5 MB."),
        (table(AMINA, headings=["family_name", "password"]), "Unknown columns: password."),
        (table(AMINA, headings=["family_name", "family_name"]), "These columns stand twice: family_name."),
        (table(AMINA, headings=["given_name"]), "The column family_name is missing."),
        (SimpleUploadedFile("a.csv", b"family_name\nA,B\n"), "Unknown columns: B."),
        (SimpleUploadedFile("a.csv", b"family_name\n" + b"A\n" * 501), "The file has more than 500 rows."),
        (xlsx(*[AMINA] * 501), "The file has more than 500 rows."),
        (table(), "No delegates stand in the file."),
        (holes(), "No delegates stand in the file."),
    ],
)
def test_files_that_are_no_such_table_are_refused_in_words(upload, summit, file, sentence):
    file.seek(0)

    assert sentence in text(upload(file))
    assert not newcomers(summit).exists()
