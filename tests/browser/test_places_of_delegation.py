"""A focal point seats delegates in the grid: with the keyboard, on a telephone, and without JavaScript."""

import pytest

from .pages import LANGUAGES
from .rules import settle
from .test_every_page import Look

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("as_it_was")]

DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
KENYA = (
    " FROM registrations_delegation d JOIN people_party p ON p.id = d.party_id AND p.code = 'KEN'"
    " JOIN schedule_forum f ON f.id = d.forum_id AND f.is_current"
)


@pytest.fixture
def as_it_was(portal):
    """Kenya’s places are to be named again after the test."""
    yield
    portal.sql(
        "UPDATE registrations_registration r SET delegate_id = NULL, person_id = NULL, status = 'confirmed',"
        f" released_at = NULL, released_by_id = NULL FROM (SELECT d.id{KENYA}) k WHERE r.delegation_id = k.id"
        " AND r.place <> '' RETURNING r.id"
    )


@pytest.fixture
def address(portal):
    [(uuid,)] = portal.sql(f"SELECT d.uuid{KENYA}")
    return f"delegation/{uuid}/places/"


def cell(page, session: str, name: str):
    row = page.locator("tr", has=page.locator(f"th a[href$='/roundtables/{session}/']"))
    return row.locator("td").filter(has_text=name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_grid_and_release_keep_the_rules(visit, address, language):
    page, look = visit("focalpoint", locale=language), Look(language)

    page.goto(f"/{language}/{address}")
    look.at(page, "places to be named")
    cell(page, "1.1", "Wanjiru").locator("button").first.click()
    cell(page, "1.1", "Wanjiru").locator(".tag.yours").wait_for()
    look.at(page, "one named")
    page.locator(".unnamed a").first.click()
    page.locator(".seat form").wait_for()
    look.at(page, "asked before a place is released")
    page.locator(".seat form button").click()
    page.locator(".messages").wait_for()
    look.at(page, "released")

    assert not look.faults, str(look)


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_focus_stays_at_the_cell_and_what_was_done_is_said(visit, address, viewport):
    page = visit("focalpoint", viewport=viewport)
    page.goto(f"/en/{address}")
    seat = cell(page, "1.1", "Kamau").get_by_role("button", name="Seat behind it")

    seat.focus()
    page.keyboard.press("Enter")
    cell(page, "1.1", "Kamau").locator(".tag.yours").wait_for()
    settle(page)

    assert page.locator("#told").inner_text().startswith("Mr. Kamau Kielezo has a place in Roundtable 1.1")
    assert page.evaluate("document.activeElement.closest('td')?.innerText.includes('Kamau')")
    assert page.locator("td:visible").first.evaluate("one => one.getBoundingClientRect().width") > 100


def test_grid_works_without_javascript(visit, address):
    page = visit("focalpoint", java_script_enabled=False)
    page.goto(f"/en/{address}")

    cell(page, "2.1", "Wanjiru").get_by_role("button", name="Seat at the table").click()
    settle(page)

    assert "Wanjiru Mfano has a place in Roundtable 2.1: At the table." in page.locator(".messages").inner_text()
    assert cell(page, "2.1", "Wanjiru").get_by_role("button", name="Take out").count() == 1
