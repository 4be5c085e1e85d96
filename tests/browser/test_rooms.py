"""The screen at the door of a room, at 08:45 on a day of the summit (`test_the_day`)."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from .conftest import CHROMIUM
from .english import english_in
from .portal import Door, wait_for
from .rules import breaches
from .test_offline import ORANGERAIE, SOON, as_of, kept, move, wait_until_kept
from .test_the_day import at, today  # noqa: F401  (a fixture)

SLUG = "summit-of-rooms"
address = at(SLUG)
LANDSCAPE, PORTRAIT = {"width": 1920, "height": 1080}, {"width": 1080, "height": 1920}
ROOMS = ("palmeraie", "oliveraie", "orangeraie", "roseraie")
ONE_TURN = 25_000  # ms in which the next language has come, on a slow machine too
CUT_OFF = """[...document.querySelectorAll("main, section, header, footer")]
  .filter((one) => one.scrollHeight > one.clientHeight + 1 || one.scrollWidth > one.clientWidth + 1)
  .map((one) => `${one.className || one.localName}: ${one.scrollHeight} of ${one.clientHeight}`)"""


def screen(language: str, room: str = "orangeraie") -> str:
    return address(language, f"rooms/{room}/now/")


@pytest.mark.parametrize("size", [LANDSCAPE, PORTRAIT], ids=["landscape", "portrait"])
@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_screen_says_what_is_on_next_and_changed_in_letters_for_some_metres(visit, today, language, size):  # noqa: F811
    page = visit(viewport=size, locale=language)
    for room in ROOMS:
        page.goto(screen(language, room))
        page.evaluate("document.fonts.ready")
        assert (room, page.evaluate(CUT_OFF)) == (room, [])
        assert page.locator(".now").count() == 2
        sizes = page.evaluate(
            "[...document.querySelectorAll('h1, .now h3')].map((one) => parseFloat(getComputedStyle(one).fontSize))"
        )
        assert min(sizes) >= 44  # px of 1,080
    page.goto(screen(language))
    page.keyboard.press("Space")  # holds the language
    assert breaches(page) + english_in(page, language) == []
    begins, ends = today - timedelta(minutes=15), today + timedelta(minutes=60)
    assert page.locator(".now .when").first.inner_text() == f"{begins:%H:%M}–{ends:%H:%M}"
    assert page.locator(".changes del").count() == page.locator(".changes ins").count() == 1


def test_screen_turns_through_the_languages_and_takes_what_is_published(visit, portal, today):  # noqa: F811
    page = visit(viewport=LANDSCAPE, reduced_motion="reduce")
    page.goto(screen("en"))
    moved = move(portal, SLUG)
    for language, direction in (("fr", "ltr"), ("es", "ltr"), ("ar", "rtl"), ("en", "ltr")):
        page.wait_for_selector(f"html[lang={language}][dir={direction}]", timeout=ONE_TURN)
    following = expect(page.locator(".next"))
    following.to_contain_text("Roundtable 3.1") if moved else following.not_to_contain_text("Roundtable 3.1")
    page.keyboard.press("Space")
    page.wait_for_timeout(12_000)
    assert page.locator("html").get_attribute("lang") == "en"


def test_screen_outlives_the_network_and_a_new_start_of_the_browser(chromium, portal, today, tmp_path):  # noqa: F811
    door = Door(portal.url)
    door.open()

    def start():
        return chromium.browser_type.launch_persistent_context(
            tmp_path, executable_path="/usr/bin/chromium", args=CHROMIUM, base_url=door.url, viewport=LANDSCAPE
        )

    context = start()
    page = context.new_page()
    page.goto(screen("en"), wait_until="networkidle")
    wait_until_kept(page, *(screen(language) for language in ("en", "fr", "es", "ar")), address("ar", "offline/"))
    wait_for(lambda: any("amiri" in one for one in kept(page)["drawn"]), seconds=90, what="the fonts")
    context.set_offline(True)
    page.locator(".offline").wait_for(timeout=ONE_TURN)
    assert page.locator(".now").count() == 0
    expect(page.locator(".listed")).to_be_visible()
    context.set_offline(False)
    page.locator(".offline").wait_for(state="detached", timeout=SOON)

    door.shut()
    context.close()
    context = start()
    page = context.new_page()
    page.goto(screen("ar"))
    assert re.fullmatch(r"\d\d:\d\d", as_of(page, "ar"))
    assert page.locator(".now").count() == 0
    assert page.locator(".listed li").count() >= 2
    assert page.evaluate(CUT_OFF) == []

    moved = move(portal, SLUG)
    door.open()
    page.locator(".offline").wait_for(state="detached", timeout=SOON)
    assert page.locator(".now").count() == 2
    assert moved == any(
        ORANGERAIE.search(text) for text in page.locator(".changes ins, .changes del").all_inner_texts()
    )
    context.close()
    door.shut()
