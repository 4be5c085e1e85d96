"""What a first visit brings down, fonts included, as the portal serves it."""

import pytest

LIMIT = 120 * 1024  # bytes
PAGES = {"home": "", "programme": "programme/", "roundtable": "roundtables/2.2/"}


@pytest.mark.parametrize("language", ["en", "ar"])
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
