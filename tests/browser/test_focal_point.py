"""The pages of a focal point that have no address of their own, and what they say of a file that is none."""

import pytest

from .pages import LANGUAGES
from .rules import breaches, settle
from .test_every_page import Look

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_a_delegation_keep_the_rules(visit, language):
    page, look = visit("focalpoint", locale=language), Look(language)
    page.goto(f"/{language}/delegation/")
    links = page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    own = [link for link in dict.fromkeys(links) if link.startswith(f"/{language}/delegation/")]
    delegates = [link for link in own if "/delegation/delegates/" in link]
    others = [link for link in own if link not in delegates]
    with_account, without = delegates[0], delegates[1]

    for path in [*others, with_account, without, f"{without}replace/", f"{with_account}withdraw/"]:
        assert page.goto(path).status == 200
        look.at(page, path)

    assert not look.faults, str(look)


def test_refused_photograph_leaves_what_was_typed_and_says_why(visit, tmp_path):
    no_picture = tmp_path / "me.png"
    no_picture.write_text("no picture")
    page = visit("focalpoint", viewport={"width": 320, "height": 640})
    page.goto("/en/delegation/")
    page.get_by_role("link", name="Add a delegate").click()
    page.get_by_label("Family name").fill("Jaribio")
    page.get_by_label("Function").fill("Counsellor")
    page.get_by_label("Photograph").set_input_files(no_picture)
    page.get_by_role("button", name="Add a delegate").click()
    settle(page)

    assert page.get_by_label("Family name").input_value() == "Jaribio"
    assert page.get_by_role("alert").get_by_role("link", name="Photograph").is_visible()
    assert breaches(page) == []
