"""An organiser brings in the concept paper, leaves one change out, publishes, sees it, and takes it all back."""

import pytest
import yaml
from django.conf import settings

from programme.concept_paper.tree import Paper, Roundtable, Theme
from tests.programme.concept_paper.small_forum import in_word, passages

from .english import english_in
from .rules import breaches, settle

pytestmark = pytest.mark.browser
FIXTURE = settings.BASE_DIR / "fixtures" / "marrakesh_2018"
NEW = "Which bridges did migrants build that no map shows?"


def paper() -> tuple[Paper, str]:
    """Roundtable 1.1 with other last words of its first question, and one more question; the first question."""
    own = yaml.safe_load((FIXTURE / "roundtables" / "1.1.yaml").read_text(encoding="utf-8"))
    forum = yaml.safe_load((FIXTURE / "forum.yaml").read_text(encoding="utf-8"))
    theme = yaml.safe_load((FIXTURE / "themes.yaml").read_text(encoding="utf-8"))[0]
    questions = [(item.get("text") or item)["en"] for item in own["questions"]]
    first = questions[0].removesuffix("?")
    roundtable = Roundtable(
        line=1, theme=1, place=1, title=own["title"]["en"],
        outcomes=passages(*(item["en"] for item in own["outcomes"])),
        questions=passages(f"{first}, and for whom?", *questions[1:], NEW),
    )  # fmt: skip
    written = Paper(
        title=forum["title"]["en"],
        language="en",
        overarching_theme=forum["overarching_theme"]["en"],
        sections=(),
        themes=(Theme(line=1, number=1, title=theme["title"]["en"], roundtables=(roundtable,)),),
        events=(),
        footnotes=(),
    )
    return written, first


def publish(page, note: str) -> None:
    page.get_by_label("Note").fill(note)
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url("**/change/")


def in_arabic(page, portal) -> list[str]:
    """What is wrong with the open page in Arabic; it is English again afterwards."""
    for language in ("ar", "en"):
        portal.sql(f"UPDATE people_user SET language = '{language}' WHERE email = 'organiser@example.org' RETURNING 1")
        page.reload()
        if language == "ar":
            found = [*breaches(page), *english_in(page, language)]
    return found


def test_paper_comes_in_is_published_and_taken_back(portal, visit, tmp_path):
    written, first = paper()
    file = tmp_path / "concept paper.docx"
    file.write_bytes(in_word(written))
    page, reader = visit("organiser"), visit()

    page.goto("/admin/")
    page.get_by_role("link", name="Read a concept paper").click()
    page.get_by_label("Concept paper").set_input_files(file)
    page.get_by_role("button", name="Read and compare").click()
    settle(page)

    assert [text.split()[-1] for text in page.locator("ins").all_inner_texts()] == ["whom?", "shows?"]
    assert (breaches(page), in_arabic(page, portal)) == ([], [])
    page.get_by_label("Roundtable 1.1, Guiding question 1", exact=True).uncheck()
    page.get_by_role("button", name="Take over what is ticked").click()
    page.get_by_text("1 change is taken over.").wait_for()
    assert (breaches(page), in_arabic(page, portal)) == ([], [])
    page.get_by_role("link", name="See the changes and publish").click()
    publish(page, "The paper")

    reader.goto("/en/roundtables/1.1/")
    said = reader.locator("main").inner_text()
    assert (NEW in said, f"{first}?" in said, "and for whom" in said) == (True, True, False)

    page.goto("/admin/programme/import/")
    page.get_by_role("link", name="concept paper.docx").click()
    page.get_by_role("link", name="Undo the import").click()
    assert (breaches(page), in_arabic(page, portal)) == ([], [])
    page.get_by_role("button", name="Undo the whole import").click()
    page.get_by_text("The import is undone").wait_for()
    page.goto("/admin/programme/release/publish/")
    publish(page, "Without it")

    reader.reload()
    assert NEW not in reader.locator("main").inner_text()
