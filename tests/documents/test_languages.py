"""Prints of the real programme, in every language."""

import io

import pikepdf
import pytest

from tests.browser.english import english_in_text
from tests.documents.structcheck import problems
from tests.documents.test_kinds import built, pages_of, plain


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_each_kind_is_whole_and_in_its_language(desk, slugs, language):
    desk.give_place(desk.wanjiru, "2.2")
    for kind, subject in (
        ("concept_note", slugs["2.2"]),
        ("agenda", ""),
        ("agenda_of_day", "2018-12-06"),
        ("participant_pack", str(desk.wanjiru.uuid)),
    ):
        row, data = built(desk, kind, subject, language)

        assert problems(data) == {}, kind
        with pikepdf.open(io.BytesIO(data)) as pdf:
            root = pdf.Root
            assert str(root.Lang) == language
            assert str(pdf.docinfo.Title) == row.title
            assert (root.ViewerPreferences.get("/Direction") == "/R2L") == (language == "ar"), kind
            assert len(pdf.open_outline().root) > 0, kind


@pytest.mark.parametrize("language", ["fr", "es"])
def test_agenda_and_note_say_nothing_in_english(desk, slugs, language):
    for kind, subject in (("concept_note", slugs["2.2"]), ("agenda", "")):
        _row, data = built(desk, kind, subject, language)
        assert english_in_text("\n".join(plain(page) for page in pages_of(data)), language) == []
