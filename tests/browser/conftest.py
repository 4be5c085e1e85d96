"""One portal and one browser for all tests of this folder that run in one process."""

import os

import pytest

from .portal import Portal

CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# What a browser keeps for the hours without a network is tried by the tests of that
PLAIN = {"locale": "en-GB", "service_workers": "block"}


@pytest.fixture(scope="package")
def portal(tmp_path_factory):
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    served = Portal(tmp_path_factory.mktemp("portal"), number)
    try:
        served.start()
        yield served
    finally:
        served.stop()


@pytest.fixture(scope="package")
def chromium():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def visit(portal, chromium):
    """A browser of one's own for each person, signed in where an account is named; no page may complain."""
    contexts, complaints = [], []

    def page_of(account: str = "", **options):
        context = chromium.new_context(**{**PLAIN, "base_url": portal.url, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if account:
            sign_in(page, f"{account}@example.org", portal.password)
        return page

    page_of.complaints = complaints
    yield page_of
    for context in contexts:
        context.close()
    assert [text for text in complaints if "404" not in text and "403" not in text] == []


@pytest.fixture
def places_go_again(portal):
    with portal.leaving_no_new("registrations_registration"):
        yield


@pytest.fixture
def prints_go_again(portal):
    with portal.leaving_no_new("documents_document"):
        yield


def sign_in(page, address: str, password: str) -> None:
    page.goto("/en/accounts/login/")
    page.fill("[name=login]", address)
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda url: "/accounts/login" not in url)
