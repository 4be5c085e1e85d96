"""Searching in a real browser: while one types, with Enter, by keyboard alone, and without JavaScript."""

import pytest

pytestmark = pytest.mark.browser


def test_what_is_found_follows_what_one_types(visit):
    page = visit("")
    page.goto("/en/programme/")
    page.get_by_role("searchbox", name="Search the programme").fill("recruitement")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search/?q=recruitement")
    assert page.locator("#found mark").first.inner_text() == "recruitment"

    page.get_by_role("searchbox").fill("philip")
    page.get_by_text("1 match", exact=True).wait_for()
    assert page.locator("#found h3").inner_text().startswith("Roundtable 2.2: ")
    page.get_by_role("searchbox").press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/roundtables/2.2/")


def test_arabic_on_a_telephone_and_without_javascript(visit):
    page = visit("", java_script_enabled=False, viewport={"width": 390, "height": 844}, locale="ar")
    page.goto("/ar/")
    page.get_by_role("navigation").get_by_role("link", name="بحث").click()
    page.get_by_role("searchbox").fill("الهجره")
    page.get_by_role("button", name="بحث").click()

    assert page.locator("#found mark").first.inner_text() in ("هجرة", "الهجرة")
