"""Prints of the real programme, of every kind and in every language."""

import io
import re

import pikepdf
import pypdfium2
import pytest

from documents.models import Document
from tests.browser.english import english_in_text
from tests.documents.structcheck import problems
from tests.documents.test_kinds import built
from tests.documents.test_pdf import accessibility_errors

LANGUAGES = ["en", "fr", "es", "ar"]
KINDS = [
    "concept_note", "concept_paper", "provisional_agenda", "agenda", "agenda_of_day", "agenda_of_room",
    "agenda_of_theme", "side_events", "practical_information", "participant_pack", "delegation_bundle",
    "journal", "door_sign", "parallel_grid", "parallel_list", "run_of_show", "technical_sheet", "badge",
    "commitments", "itinerary", "delegation_members",
]  # fmt: skip

# What stands in every language as it was given: persons with their function, organisations, signs
NAMES = [
    "Ms. Wanjiru Mfano, Adviser",
    "Arriola",
    "Collectif d’Associations de Recherche et de Chercheurs Marocains en Migration Internationale",
    "Migration Policy Institute (MPI)",
    "BMZ",
    "GFMD RT AG CP TH SE PI CM",
    "UTC",
]
# Word by word: in Arabic the text of a PDF does not keep the order of Latin words
WORDS = "|".join(re.findall(r"\w{2,}", " ".join(NAMES)))
GIVEN = re.compile(rf"(?<![^\W\d_])(?:{WORDS})(?![^\W\d_])")
# The address of a print and the code of a badge; in Arabic their parts stand in no order
ADDRESS = re.compile(r"^.*verify.*$|^[0-9A-Z]*-[0-9A-Z-]*\r?$", re.MULTILINE)

_made: dict[str, dict[str, tuple[Document, bytes]]] = {}


@pytest.fixture
def prints(language, db, request):
    """Row and file of each kind; they are made once in a run, by whoever asks first."""
    if language not in _made:
        desk, slugs = request.getfixturevalue("desk"), request.getfixturevalue("slugs")
        desk.give_place(desk.wanjiru, "2.2")
        subjects = [
            slugs["2.2"], "", "", "", "2018-12-06", "palmeraie/oliveraie", "2", "", "", str(desk.wanjiru.uuid),
            str(desk.wanjiru.delegation.uuid),
            "2018-12-06", "palmeraie/oliveraie/2018-12-06", "", "", "2018-12-06", "2018-12-06",
            str(desk.wanjiru.uuid), "", str(desk.wanjiru.uuid), str(desk.wanjiru.delegation.uuid),
        ]  # fmt: skip
        _made[language] = {
            kind: built(desk, kind, subject, language) for kind, subject in zip(KINDS, subjects, strict=True)
        }
    return _made[language]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_print_is_whole_and_knows_its_language(prints, language, kind):
    row, data = prints[kind]

    assert problems(data) == {}
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert str(pdf.Root.Lang) == language
        assert str(pdf.docinfo.Title) == row.title
        assert (pdf.Root.ViewerPreferences.get("/Direction") == "/R2L") == (language == "ar")
        assert len(pdf.open_outline().root) > 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_print_has_no_accessibility_error(prints, kind, tmp_path):
    assert accessibility_errors(prints[kind][1], tmp_path) == []


# The paper cites works by their English titles
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "concept_paper"])
@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_print_says_nothing_in_english(prints, language, kind):
    row, data = prints[kind]
    with pypdfium2.PdfDocument(data) as pdf:
        text = "\n".join([row.title, *(page.get_textpage().get_text_range() for page in pdf)])

    assert english_in_text(GIVEN.sub(" ", ADDRESS.sub(" ", text)), language) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_note_gives_equal_bytes_twice(desk, slugs, language):
    row, data = built(desk, "concept_note", slugs["2.2"], language)
    row.delete()

    assert built(desk, "concept_note", slugs["2.2"], language)[1] == data
