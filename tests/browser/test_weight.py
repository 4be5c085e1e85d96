"""What a first visit brings down, fonts included, as the portal serves it."""

import pytest

from .portal import Door, wait_for

LIMIT = 120 * 1024  # bytes
KEPT = 48 * 1024  # what a worker takes besides: itself, the programme and its days
PAGES = {"home": "", "programme": "programme/", "roundtable": "roundtables/2.2/"}


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
@pytest.mark.parametrize("name", PAGES)
def test_first_visit_weighs_at_most_120_kb(visit, language, name):
    page = visit(viewport={"width": 390, "height": 844}, locale=language)
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    received, addresses = {}, {}
    devtools.on(
        "Network.responseReceived", lambda event: addresses.update({event["requestId"]: event["response"]["url"]})
    )
    devtools.on(
        "Network.loadingFinished", lambda event: received.update({event["requestId"]: event["encodedDataLength"]})
    )

    page.goto(f"/{language}/{PAGES[name]}", wait_until="networkidle")
    page.evaluate("document.fonts.ready")

    weights = {addresses[key].rpartition("/")[2] or "page": size for key, size in received.items() if key in addresses}
    assert sum(received.values()) <= LIMIT, weights
    assert sum(name.endswith(".woff2") for name in weights) >= 3


@pytest.mark.parametrize("language", ["en", "ar"])
def test_first_visit_with_all_that_is_kept_for_the_hours_without_a_network(visit, portal, language):
    door = Door(portal.url)
    door.open()
    page = visit(base_url=door.url, service_workers="allow", viewport={"width": 390, "height": 844}, locale=language)

    page.goto(f"/{language}/programme/", wait_until="networkidle")
    count = "caches.open('pages').then(pages => pages.keys()).then(({length}) => length)"
    wait_for(lambda: page.evaluate(count) >= 6, what="the days")
    page.wait_for_timeout(500)

    assert door.carried <= LIMIT + KEPT
    door.shut()
