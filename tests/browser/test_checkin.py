"""At the door with a telephone: a code is typed, once is once, and a scan without network is not lost."""

import io
import re

import pytest
import segno
from PIL import Image

from registrations.badges import address_of

from .conftest import CHROMIUM, sign_in

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
GIVE_A_PLACE = """
from django.utils import timezone
from people.models import Person
from registrations import services
from registrations.badges import code_of
from registrations.models import Delegate, Seating
delegate = Delegate.objects.get(person__user__email="delegate@example.org")
seating = Seating.objects.get(session__slug="roundtable-2-2")
services.register(seating=seating, delegate=delegate, by=None, now=timezone.now())
print("code", code_of(delegate.person))
"""
TAKE_IT_BACK = """
from registrations.models import Registration
mine = Registration.objects.filter(person__user__email="delegate@example.org")
there = mine.filter(seating__session__slug="roundtable-2-2")
there.update(delegate=None, person=None, attended_at=None, attended_by=None)
"""


@pytest.fixture
def code(portal):
    """Of the demo's delegate, who holds a place in 2.2."""
    said = portal.manage("shell", "-c", GIVE_A_PLACE)
    try:
        yield re.search(r"code (\S+)", said)[1]
    finally:
        portal.manage("shell", "-c", TAKE_IT_BACK)


@pytest.fixture
def with_camera(portal, chromium, code, tmp_path):
    """The page of somebody of the staff whose camera sees the badge of the demo's delegate, not quite upright."""
    film = tmp_path / "badge.mjpeg"
    badge, frame = io.BytesIO(), Image.new("RGB", (640, 480), "dimgray")
    segno.make(address_of(code), error="m").save(badge, kind="png", scale=7)
    frame.paste(Image.open(badge).convert("RGB").rotate(8, expand=True, fillcolor="white"), (150, 60))
    frame.save(film, "JPEG")
    camera = [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ]
    browser = chromium.browser_type.launch(executable_path="/usr/bin/chromium", args=[*CHROMIUM, *camera])
    try:
        page = browser.new_page(base_url=portal.url, viewport=PHONE)
        sign_in(page, "staff@example.org", portal.password)
        yield page
    finally:
        browser.close()


def forgive(visit, *expected):
    """What the browser writes down of requests that a test lets fail."""
    visit.complaints[:] = [words for words in visit.complaints if not any(one in words for one in expected)]


def attended(portal):
    return portal.sql("SELECT attended_at FROM registrations_registration WHERE attended_at IS NOT NULL")


def verdict(page, words):
    page.locator("#verdict h2", has_text=re.compile(f"^{words}$")).wait_for()


def test_badge_is_checked_in_once_and_the_counts_follow(visit, code, portal):
    page = visit("staff", viewport=PHONE)
    page.goto("/en/checkin/")
    page.get_by_role("link", name=re.compile("Roundtable 2.2")).click()

    page.fill("[name=code]", code.lower())
    page.press("[name=code]", "Enter")
    verdict(page, "Checked in")
    page.locator("#counts dd").first.get_by_text("1", exact=True).wait_for()
    [(at,)] = attended(portal)

    page.fill("[name=code]", code)
    page.press("[name=code]", "Enter")
    verdict(page, "Already checked in")
    assert attended(portal) == [(at,)]
    assert page.evaluate("localStorage.length") == 0

    page.get_by_role("button", name="Take back this check-in").click()
    page.get_by_text("The session is over").wait_for()  # in 2018


def test_badge_before_the_camera_is_checked_in_once(with_camera, portal):
    """Chromium on a server reads no codes by itself, like an iPhone: the library does."""
    page = with_camera
    page.goto("/en/checkin/roundtable-2-2/")
    scan = page.get_by_role("button", name="Scan with the camera")

    scan.click()
    verdict(page, "Checked in")
    page.wait_for_timeout(1000)  # the badge stays before the camera
    verdict(page, "Checked in")
    assert len(attended(portal)) == 1

    scan.click()
    page.locator("#film").wait_for(state="hidden")


def test_scan_without_network_is_kept_and_sent_when_it_is_back(visit, code, portal):
    page = visit("staff", viewport=PHONE)
    page.goto("/en/checkin/roundtable-2-2/")
    page.context.set_offline(True)

    page.fill("[name=code]", code)
    page.press("[name=code]", "Enter")
    verdict(page, "Kept, not sent yet")
    page.locator("#unsent", has_text="Not sent yet: 1").wait_for()
    assert attended(portal) == []

    page.context.set_offline(False)
    verdict(page, "Checked in")
    page.locator("#unsent").wait_for(state="hidden")
    assert len(attended(portal)) == 1
    forgive(visit, "ERR_INTERNET_DISCONNECTED", "htmx:")


def test_scan_outlives_the_page(visit, code, portal):
    page = visit("staff", viewport=PHONE)
    page.goto("/en/checkin/roundtable-2-2/")
    page.route(
        "**/checkin/roundtable-2-2/",
        lambda route: route.abort() if route.request.method == "POST" else route.continue_(),
    )
    page.fill("[name=code]", code)
    page.press("[name=code]", "Enter")
    verdict(page, "Kept, not sent yet")
    page.unroute("**/checkin/roundtable-2-2/")

    page.goto("/en/checkin/roundtable-1-1/")

    page.locator("#late", has_text="Checked in").wait_for()
    assert len(attended(portal)) == 1
    forgive(visit, "ERR_FAILED")


def test_without_script_the_page_does_the_same(visit, code):
    page = visit("staff", viewport=PHONE)
    bare = page.context.browser.new_context(
        base_url=page.url.split("/en/")[0], java_script_enabled=False, storage_state=page.context.storage_state()
    ).new_page()
    bare.goto("/en/checkin/roundtable-2-2/")

    bare.fill("[name=code]", code)
    bare.press("[name=code]", "Enter")

    verdict(bare, "Checked in")
    bare.context.close()
