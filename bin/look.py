"""Pictures of six pages, in four languages, on a phone and on a wide screen, of a portal that runs with the demo.

bin/look.py http://127.0.0.1:8000 PASSWORD-OF-THE-DEMO [part of a name …]
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
LANGUAGES = ("en", "fr", "es", "ar")
# page → who looks at it, and its path below the language
PAGES = {
    "home": ("", ""),
    "programme": ("", "programme/"),
    "day": ("", "programme/2018-12-06/"),
    "roundtable": ("", "roundtables/2.2/"),
    "my": ("delegate", "my/"),
    "documents": ("staff", "documents/"),
}
SCREENS = {"390": (390, 844), "1280": (1280, 900)}
SCREENS_DOWN = {"390": 2, "1280": 1.2}  # how far down a picture goes
DARK = (("programme", "1280", "en"), ("programme", "1280", "ar"), ("my", "390", "ar"), ("roundtable", "390", "en"))


class Picture(NamedTuple):
    page: str
    language: str
    screen: str
    scheme: str = "light"

    @property
    def name(self) -> str:
        return f"{self.page}-{self.language}-{self.screen}{'-dark' if self.scheme == 'dark' else ''}.webp"


def main(url: str, password: str, parts: list[str]) -> None:
    pictures = [one for one in wanted() if all(part in one.name for part in parts)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for account in dict.fromkeys(PAGES[one.page][0] for one in pictures):
            state = signed_in(browser, url, account, password) if account else None
            for one in pictures:
                if PAGES[one.page][0] == account:
                    (FOLDER / one.name).write_bytes(compact(take(browser, url, state, one)))


def wanted() -> Iterator[Picture]:
    for page in PAGES:
        for language in LANGUAGES:
            for screen in SCREENS:
                yield Picture(page, language, screen)
    for page, screen, language in DARK:
        yield Picture(page, language, screen, "dark")


def signed_in(browser: Browser, url: str, account: str, password: str):
    page = browser.new_page()
    page.goto(f"{url}/en/accounts/login/")
    page.fill("[name=login]", f"{account}@example.org")
    page.fill("[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_url(lambda address: "/accounts/login" not in address)
    return page.context.storage_state()


def take(browser: Browser, url: str, state, picture: Picture) -> bytes:
    width, height = SCREENS[picture.screen]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=picture.scheme,  # type: ignore[arg-type]
        locale=picture.language,
        storage_state=state,
    )
    page = context.new_page()
    page.goto(f"{url}/{picture.language}/{PAGES[picture.page][1]}", wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    seen = page.screenshot(clip=top_of(page, width, height * SCREENS_DOWN[picture.screen]), full_page=True)
    context.close()
    return seen


def top_of(page: Page, width: int, down: float):
    return {"x": 0, "y": 0, "width": width, "height": min(down, page.evaluate("document.documentElement.scrollHeight"))}


def compact(png: bytes) -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGB").save(out, "WEBP", quality=60, method=6)
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"), sys.argv[2], sys.argv[3:])
