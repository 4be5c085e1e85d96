"""Printing any page gives a clean sheet that says what it is, of which programme, and where it stands."""

import re
import unicodedata

import pypdfium2
import pytest

from .rules import settle

A4 = (595, 842)  # points
PUBLIC = {
    "home": "",
    "programme": "programme/",
    "day": "programme/2018-12-06/",
    "themes": "themes/",
    "theme": "themes/2/",
    "roundtable": "roundtables/2.2/",
    "session": "sessions/common-space/",
    "workshops": "workshops/",
    "sections": "sections/",
    "section": "sections/introduction/",
    "releases": "releases/",
    "changes": "releases/1/changes/",
}
OTHERS = {"sign-in": "accounts/login/", "not-there": "sections/none/"}
OF_THE_SCREEN = (
    ".skip, nav, .crumbs, button, .btn, form:has(button), .filter-box, .seat, .now, .mast .langs, .mast .nav, .actions"
)


def sheets(page, path: str) -> pypdfium2.PdfDocument:
    page.goto(path)
    settle(page)
    page.evaluate("document.fonts.ready.then(() => null)")
    return pypdfium2.PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True))


def host(portal) -> str:
    return portal.url.removeprefix("http://")


def letters(word: str) -> str:
    """The letters of a word in no order: a PDF keeps Arabic ligatures back to front."""
    return "".join(sorted(letter for letter in unicodedata.normalize("NFKC", word) if letter.isalnum()))


def words(document: pypdfium2.PdfDocument) -> str:
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def assert_clean(page, document: pypdfium2.PdfDocument) -> None:
    for sheet in document:
        assert tuple(round(side) for side in sheet.get_size()) == A4
        text = sheet.get_textpage()
        for number in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(number)
            assert min(left, A4[0] - right) > 40, (left, right)
            assert min(bottom, A4[1] - top) > 20, (bottom, top)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 672, "height": 900})  # what the margins leave
    assert page.locator(OF_THE_SCREEN).evaluate_all("found => found.filter(one => one.checkVisibility()).length") == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 672
    opened = page.locator("main details:not(.filter-box) > :not(summary)")
    assert opened.evaluate_all("found => found.every(one => one.checkVisibility())")


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", PUBLIC)
def test_sheet_of_a_release_page_names_heading_edition_and_address(visit, portal, language, name):
    page = visit(color_scheme="dark")
    path = f"/{language}/{PUBLIC[name]}"
    document = sheets(page, path)
    said = words(document)

    heading, edition = page.locator("h1").inner_text(), page.locator(".foot .edition > span").first.text_content()
    drawn = {letters(word) for word in said.split()}
    wanted = f"{heading} {edition} {host(portal)}{path}"
    assert [word for word in wanted.split() if letters(word) not in drawn | {""}] == []
    assert_clean(page, document)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", OTHERS)
def test_sheet_of_another_page_is_clean_and_names_its_address(visit, portal, language, name):
    page = visit()
    path = f"/{language}/{OTHERS[name]}"
    document = sheets(page, path)
    assert f"{host(portal)}{path}" in re.sub(r"\s", "", words(document))
    assert_clean(page, document)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_sheet_of_a_delegates_own_page_is_clean_and_names_its_address(visit, portal, language):
    page = visit("delegate")
    for path in (f"/{language}/my/", f"/{language}/documents/"):
        document = sheets(page, path)
        assert f"{host(portal)}{path}" in re.sub(r"\s", "", words(document))
        assert_clean(page, document)
        page.emulate_media(media="null")


def test_dark_screen_prints_dark_on_white(visit):
    page = visit(color_scheme="dark")
    image = sheets(page, "/en/roundtables/2.2/")[0].render(scale=1).to_pil().convert("L")
    shades = image.histogram()
    assert image.getpixel((5, 5)) == 255
    assert sum(shades[240:]) > 0.8 * sum(shades)
    assert sum(shades[:80]) > 0.005 * sum(shades)
