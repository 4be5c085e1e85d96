"""Delegations go out and come in as a spreadsheet; the rules of every sheet are in tests/schedule/test_resources.py."""

import pytest

from people.models import Party
from registrations.models import Delegation
from tests.editing import organiser, signed_in
from tests.registrations import scene
from tests.schedule.test_resources import confirm, look_at, rows_of, sent_out, sheet_of


@pytest.fixture
def client(marrakesh):
    scene.make_delegation(marrakesh, "KEN")
    scene.make_delegation(marrakesh, "IOM", "un-entity")
    return signed_in(organiser())


def test_sheet_holds_no_key(client):
    rows = rows_of(sent_out(client, Delegation))

    assert sorted((row["party"], row["category"]) for row in rows) == [("IOM", "un-entity"), ("KEN", "member-state")]
    assert not any(key in str(rows) for key in Delegation.objects.values_list("registration_key", flat=True))


def test_sheet_unchanged_changes_nothing(client):
    before = list(Delegation.objects.order_by("pk").values())

    confirm(client, Delegation, look_at(client, Delegation, sent_out(client, Delegation)))

    assert list(Delegation.objects.order_by("pk").values()) == before


def test_new_row_makes_a_delegation_with_a_key_of_its_own(client, marrakesh):
    rows = [
        *rows_of(sent_out(client, Delegation)),
        {"forum": "marrakesh-2018", "party": "GHA", "category": "member-state"},
    ]

    confirm(client, Delegation, look_at(client, Delegation, sheet_of(rows)))

    ghana = Delegation.objects.get(party__code="GHA", forum=marrakesh)
    assert ghana.registration_key
    assert Delegation.objects.filter(registration_key=ghana.registration_key).count() == 1


def test_bad_row_has_its_reason_and_nothing_comes_in(client):
    good = {"forum": "marrakesh-2018", "party": "GHA", "category": "member-state"}
    page = look_at(client, Delegation, sheet_of([good, {**good, "party": "ATLANTIS"}]))

    assert "ATLANTIS" in page.content.decode()
    assert "confirm_form" not in page.context
    assert not Delegation.objects.filter(party=Party.objects.get(code="GHA")).exists()
