"""On the phone at 08:45 on a day of the summit: the programme opens at now.

A second forum is held today, where it is now between eight and nine in the morning: the Marrakesh
fixture under an address and in a time zone of its own, shifted so that Thursday 6 December, 08:45,
is this moment. Four side-events are on, three roundtables come next, and one of them is moved to
another room in the second release.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

FIXTURE = settings.BASE_DIR / "fixtures" / "marrakesh_2018"
SLUG = "summit-of-today"
PHONE, SMALL = {"width": 390, "height": 844}, {"width": 320, "height": 568}
MOVE = """
from schedule.models import Room, Session
session = Session.objects.get(forum__slug="{slug}", slug="roundtable-3-1")
session.room = Room.objects.get(venue=session.venue, slug="{room}")
session.save()
"""


def fixture_of_today(folder: Path, now: datetime, slug: str) -> Path:
    """The fixture under the address `slug`, shifted from 6 December 2018, 08:45, to `now` and into its time zone."""
    shift = now - datetime(2018, 12, 6, 8, 45, tzinfo=now.tzinfo)
    days = timedelta(days=(now.date() - date(2018, 12, 6)).days)

    def hour(found: re.Match[str]) -> str:
        return f"{datetime.fromisoformat(found[0]) + shift:%Y-%m-%d %H:%M}"

    def day(found: re.Match[str]) -> str:
        return f"{found[1]}{date.fromisoformat(found[2]) + days}"

    for source in FIXTURE.rglob("*.yaml"):
        text = source.read_text(encoding="utf-8").replace("slug: marrakesh-2018", f"slug: {slug}")
        text = text.replace("time_zone: Africa/Casablanca", f"time_zone: {now.tzinfo}")
        text = re.sub(r"\b2018-12-\d\d \d\d:\d\d\b", hour, text)
        text = re.sub(r"((?:starts|ends)_on: )(2018-12-\d\d)", day, text)
        target = folder / source.relative_to(FIXTURE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


def zone_of_morning() -> ZoneInfo:
    """The zone in which it is now between 08:00 and 09:00, so that the day's sessions fall on one day."""
    ahead = (8 - datetime.now(UTC).hour + 12) % 24 - 12
    return ZoneInfo(f"Etc/GMT{-ahead:+d}")  # these names count hours behind Greenwich


@pytest.fixture(scope="module")
def today(request, portal, tmp_path_factory):
    """A forum of the module’s own, since others move its sessions."""
    slug = request.module.SLUG
    now = datetime.now(zone_of_morning()).replace(second=0, microsecond=0)
    folder = fixture_of_today(tmp_path_factory.mktemp("today"), now, slug)
    portal.manage("load_programme", str(folder), "--overwrite")
    for room in ("roseraie", "orangeraie"):
        portal.manage("shell", "-c", MOVE.format(slug=slug, room=room))
        portal.manage("publish", "--forum", slug)
    return now


def at(slug: str) -> Callable[..., str]:
    return lambda language, path="programme/": f"/{language}/{slug}/{path}"


address = at(SLUG)


def boxes(page, *selectors: str) -> dict[str, dict[str, float]]:
    found = {selector: page.locator(selector).first.bounding_box() for selector in selectors}
    assert all(found.values()), found
    return found


def is_within(box: dict[str, float], screen: dict[str, int]) -> bool:
    return (
        box["x"] >= 0
        and box["y"] >= 0
        and box["x"] + box["width"] <= screen["width"]
        and box["y"] + box["height"] <= screen["height"]
    )


def scrolls_sideways(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_all_of_now_is_on_the_first_screen_of_a_phone(visit, today, language, scheme):
    page = visit(viewport=PHONE, has_touch=True, is_mobile=True, color_scheme=scheme)
    for path in ("programme/", "", f"programme/{today:%Y-%m-%d}/"):
        page.goto(address(language, path))
        (now,) = boxes(page, ".now").values()
        assert is_within(now, PHONE), (path, now)
        assert not scrolls_sideways(page)
        assert page.locator(".now a").count() >= 5


@pytest.mark.parametrize("language", ["en", "ar"])
def test_small_phone_says_at_once_what_is_on_what_is_next_and_that_something_changed(visit, today, language):
    page = visit(viewport=SMALL, has_touch=True, is_mobile=True)
    for path in ("programme/", "", f"programme/{today:%Y-%m-%d}/"):
        page.goto(address(language, path))
        on, following, changed = ".now > div:nth-child(1)", ".now > div:nth-child(2)", ".now > div:nth-child(3) h2"
        for selector, box in boxes(page, on, following, changed).items():
            assert is_within(box, SMALL), (path, selector, box)
        assert not scrolls_sideways(page)


def test_now_names_what_is_on_where_and_what_changed_each_with_its_link(visit, today):
    page = visit(viewport=PHONE)
    page.goto(address("en"))
    now = page.locator(".now")
    assert now.get_by_role("heading").all_inner_texts() == ["On now", "Next", "Changed today"]
    assert now.get_by_role("link", name="Side-events").get_attribute("href").endswith("/?kind=side_event")
    changed = now.locator("> div").nth(2)
    assert changed.locator("del").inner_text().split() == ["was", "Roseraie"]
    assert changed.locator("ins").inner_text().split() == ["now", "Orangeraie"]
    changed.get_by_role("link", name="Roundtable 3.1").click()
    assert page.url.endswith(address("en", "roundtables/3.1/"))
    assert page.locator(".ledger del").inner_text().split() == ["was", "Roseraie"]


def test_now_stands_before_the_sessions_and_today_before_the_other_days(visit, today):
    page = visit(viewport=PHONE)
    page.goto(address("en"))
    assert page.locator(".one-day").first.get_attribute("id") == f"day-{today:%Y-%m-%d}"
    assert page.locator(".days strong").inner_text() == "Today"
    assert page.locator(".slot.changed del").first.inner_text().split() == ["was", "Roseraie"]


def test_now_is_there_without_javascript_and_nothing_moves_when_the_page_is_open(visit, today):
    plain = visit(viewport=PHONE, java_script_enabled=False)
    plain.goto(address("en"))
    assert plain.locator(".now h2").first.inner_text() == "On now"
    page = visit(viewport=PHONE)
    page.goto(address("en"), wait_until="networkidle")
    shifts = page.evaluate(
        """() => new Promise(done => new PerformanceObserver(list => done(
            list.getEntries().filter(entry => !entry.hadRecentInput).map(({value, sources}) =>
                [value, sources.map(({node, previousRect: from, currentRect: to}) =>
                    `${node?.nodeName} ${node?.textContent?.trim().slice(0, 40)}: ${from.y} to ${to.y}`)])
        )).observe({type: "layout-shift", buffered: true}) || setTimeout(() => done([]), 500))"""
    )
    assert sum(value for value, _where in shifts) < 0.1, shifts
    spoken = page.locator(".now").locator("xpath=ancestor-or-self::*[@aria-live or @role] | .//*[@aria-live]")
    assert spoken.count() == 0


def test_an_open_page_asks_again_and_keeps_its_place_while_nothing_turned(visit, today):
    page = visit(viewport=PHONE)
    page.goto(address("en"), wait_until="networkidle")
    link = page.locator(".now a").first
    link.focus()
    with page.expect_response(lambda response: "/fragments/now/" in response.url) as asked:
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert asked.value.status == 204
    assert link.evaluate("link => link === document.activeElement")
