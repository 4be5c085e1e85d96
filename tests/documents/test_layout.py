"""Every kind of print, looked at: a forum of the longest names, in English and in Arabic.

A kind that is new in the catalogue is looked at without being named here, unless the forum has nothing to print
with it. docs/prints/README.md says how its pictures are made.
"""

import re
import unicodedata
from pathlib import Path

import numpy as np
import pdfua
import pypdfium2
import pytest
from django.utils import timezone
from PIL import Image

from documents import building, issuing, services
from documents.kinds import KINDS, Audience
from documents.models import Document
from documents.sheets import Ink, Sheet
from people.models import Party, Person
from programme import releases
from registrations.models import DelegationHead, LetterDraw, Registration, Seating
from schedule.models import Room
from tests.documents.layout import faults
from tests.documents.structcheck import problems
from tests.documents.test_kinds import pages_of
from tests.documents.test_pdf import typeset_of
from tests.registrations import scene

LANGUAGES = ["en", "ar"]
PARTY = {
    "en": "United Kingdom of Great Britain and Northern Ireland",
    "ar": "المملكة المتحدة لبريطانيا العظمى وأيرلندا الشمالية",
}
ROOM = {
    "en": "Salle de conférences internationale du Grand Palais Mohammed V",
    "ar": "قاعة المؤتمرات الدولية في القصر الكبير محمد الخامس",
}
GIVEN, FAMILY = "Janice Lokelani Maria", "Keihanaikukauakahihuliheekahaunaele-Ka"  # 60 letters with the space
ARABIC = "محمد عبد العزيز نموذج بن سعيد"
PICTURES = Path(__file__).parent / "pictures"
WIDTH = 160  # of a picture, in pixels
TOLERANCE = 3  # shades of 256, in the mean: codes, dates and hours of printing differ each time
OF_BADGES = 5  # whose codes are a large part of the page
INKED = 40  # shades by which the dark ink of marks that are the same in each print is bluer than it is red

NAMES = [*PARTY.values(), *ROOM.values(), GIVEN, FAMILY, ARABIC]
# Of those that have many the fullest; of the others the last is taken
SUBJECTS = {
    "concept_note": "roundtable-2-2",
    "sign_in_sheet": "roundtable-2-2",
    "seating_plan": "roundtable-2-2",
    "agenda_of_day": "2018-12-06",
    "journal": "2018-12-06",
    "run_of_show": "2018-12-06",
    "technical_sheet": "2018-12-06",
    "door_sign": "palmeraie/oliveraie/2018-12-06",
    "agenda_of_room": "palmeraie/oliveraie",
}

WITHIN_A_LINE = 15  # letters of a word that are not broken
ALONE = {"name_plates", "podium_plates"}  # nothing stands under their headings
# Told by the extract, but not shown
HIDDEN = {"provisional_agenda": ROOM.values()}
# In English and in Arabic, of those whose length is set by this forum
PAGES = {
    "provisional_agenda": (1, 1),
    "agenda_of_room": (1, 1),
    "agenda_of_theme": (1, 1),
    "door_sign": (1, 1),
    "parallel_grid": (1, 1),
    "parallel_list": (1, 1),
    "list_of_participants": (1, 1),
    "sign_in_sheet": (1, 1),
    "seating_plan": (2, 2),
    "invitation_letter": (1, 1),
    "visa_letter": (1, 1),
}

_made: dict[tuple[str, str], dict[str, tuple[Document, bytes]]] = {}


@pytest.fixture
def forum(desk):
    """One delegation of the longest name, whose head has the longest, too; a roundtable without questions."""
    Party.objects.filter(code="KEN").update(**{f"short_name_{code}": name for code, name in PARTY.items()})
    Room.objects.filter(slug="oliveraie").update(**{f"name_{code}": name for code, name in ROOM.items()})
    Person.objects.filter(pk=desk.wanjiru.person_id).update(
        honorific="H.E. Ms.", given_name=GIVEN, family_name=FAMILY, arabic_name=ARABIC, may_be_listed=True
    )
    Person.objects.filter(pk=desk.kofi.person_id).update(may_be_listed=True)
    type(desk.wanjiru).objects.filter(pk=desk.wanjiru.pk).update(
        function="Permanent Secretary for Migration and the Affairs of the Diaspora"
    )
    period = {"period": (None, None)}
    DelegationHead.objects.create(delegation=desk.wanjiru.delegation, delegate=desk.wanjiru, **period)
    LetterDraw.objects.create(forum=desk.forum, language="en", letter="G", drawn_at=scene.NOW, drawn_by=desk.staff)
    for number in ("1.2", "2.2"):
        desk.give_place(desk.wanjiru, number)
    Seating.objects.update(behind_seats=5)
    Registration.objects.create(
        seating=Seating.objects.get(session__slug="roundtable-2-2"), delegate=desk.kofi, person=desk.kofi.person,
        delegation=desk.kofi.delegation, place="behind", status="confirmed", requested_at=scene.NOW,
        confirmed_at=scene.NOW,
    )  # fmt: skip
    desk.roundtable("1.2").guiding_questions.all().delete()
    desk.publish()
    return desk


def subject_of(kind, desk) -> str:
    if kind.audience is Audience.DELEGATE:
        return str(desk.wanjiru.uuid)
    if kind.audience is Audience.DELEGATION:
        return str(desk.wanjiru.delegation.uuid)
    subjects = [one.key for one in kind.subjects(releases.current().programme)]
    assert subjects, f"no sample of {kind.name}: let the fixture `forum` have something to print with it"
    return SUBJECTS.get(kind.name, subjects[-1])


@pytest.fixture
def prints(language, ink, db, request):
    """Row and file of each kind; they are made once in a run, by whoever asks first."""
    if (language, ink) not in _made:
        desk = request.getfixturevalue("forum")
        _made[language, ink] = {name: made(desk, kind, language, ink) for name, kind in KINDS.items()}
    return _made[language, ink]


def made(desk, kind, language, ink):
    if kind.name == "list_corrigendum":
        issue_the_list(desk)
    row = services.request_document(
        kind=kind.name, subject=subject_of(kind, desk), language=language, by=desk.staff, ink=ink
    )
    building.build(str(row.uuid))
    row.refresh_from_db()
    assert row.state == "ready", (kind.name, row.failure)
    with row.file.open() as file:
        return row, file.read()


def issue_the_list(desk):
    """After which Ghana's delegate has another name."""
    row = services.request_document(kind="list_of_participants", subject="", language="en", by=desk.staff)
    issuing.issue(
        document=row, by=desk.staff, now=timezone.now(), suffix="", seen=issuing.propose(row).seen, fewer=True
    )
    Person.objects.filter(pk=desk.kofi.person_id).update(given_name=GIVEN, arabic_name=ARABIC)


def lost(row: Document, data: bytes) -> list[str]:
    """Names that the extract has and the text of the print has not, though a ligature may be read as other letters."""
    said, text = str(row.extract), " ".join(pages_of(data))
    squeezed = re.sub(r"[\s\W]", "", text).casefold()
    printed = {letters(word) for word in text.split()}
    gone = []
    for name in NAMES:
        words = re.split(r"[\s-]", name)
        read = sum(word.casefold()[:WITHIN_A_LINE] in squeezed or letters(word) in printed for word in words)
        if name in said and name not in HIDDEN.get(row.kind, ()) and read < len(words) * 0.7:
            gone.append(name)
    return gone


def letters(word: str) -> str:
    """Without forms and marks, and in no order: that of a ligature's letters differs between readers."""
    plain = unicodedata.normalize("NFKD", word).casefold()
    return "".join(sorted(letter for letter in plain if letter.isalnum()))


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p>One line</p><p>Another</p>", None),
        ("<p>One line</p><p style='margin-block-start: -5mm'>Another</p>", "overlapping: 'One line' / 'Another'"),
        ("<p style='margin-inline-start: -15mm'>Far out", "too near to the edge: 'Far out'"),
        ("<p style='white-space: nowrap'>" + "Longer than a line " * 9, "too near to the edge: 'Longer than a line"),
        ("<p style='width: 9mm; overflow: hidden; white-space: nowrap'>Hidden half", "cut off: 'Hidden half'"),
        ("<p>Text</p><h2 style='break-after: page'>Alone</h2><p>Text", "heading without what it heads: 'Alone'"),
        ("<p>Text</p><h2>Empty</h2>", "heading without what it heads: 'Empty'"),
    ],
)
def test_looking_finds_what_is_wrong(body, fault):
    found = faults(typeset_of(body).data)

    assert len(found) == (fault is not None)
    assert all(f"page 1: {fault}" in one for one in found)


@pytest.mark.parametrize("ink", [Ink.COLOUR])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_print_is_whole_and_nothing_of_it_is_cut_off_or_covered(prints, language, ink, tmp_path):
    wrong = {}
    for name, (row, data) in prints.items():
        path = tmp_path / "print.pdf"
        path.write_bytes(data)
        found = [
            *faults(data, is_cut=row.sheet in (Sheet.A6, Sheet.A4_FOUR), has_headings=name not in ALONE),
            *problems(data),
            *(finding.message for finding in pdfua.validate(str(path)).findings),
            *(f"lost: {name}" for name in lost(row, data)),
        ]
        if name in PAGES and row.pages != PAGES[name][LANGUAGES.index(language)]:
            found.append(f"{row.pages} pages")
        if found:
            wrong[name] = found

    assert wrong == {}
    shown = " ".join(str(row.extract) for row, _data in prints.values())
    assert all(name in shown for name in [PARTY[language], ROOM[language], GIVEN, FAMILY, ARABIC])


@pytest.mark.parametrize("ink", [Ink.COLOUR])
@pytest.mark.parametrize("language", LANGUAGES)
def test_first_page_of_every_print_looks_as_it_did(prints, language, ink):
    wrong = {}
    for name, (_row, data) in prints.items():
        path = PICTURES / f"{name}-{language}.webp"
        now = pixels(data, grayscale=True)[0]
        if not path.exists():
            Image.fromarray(now).save(path, "WEBP", quality=80, method=6)
            wrong[name] = "had no picture; look at the one that has been made"
            continue
        with Image.open(path) as picture:
            before = np.asarray(picture.convert("L"), dtype=int)
        differs = np.abs(now - before).mean() if before.shape == now.shape else 255
        if differs > (OF_BADGES if name.startswith("badge") else TOLERANCE):
            wrong[name] = f"{differs:.1f} shades"

    assert wrong == {}


@pytest.mark.parametrize(("language", "ink"), [("en", Ink.BLACK)])
def test_print_in_black_has_no_colour(prints, language, ink):
    coloured = {}
    for name, (row, data) in prints.items():
        spread = max(int(np.ptp(page.astype(int), axis=2).max()) for page in pixels(data))
        if spread > INKED and row.sheet.startswith("a4"):
            coloured[name] = spread

    assert coloured == {}


def pixels(data: bytes, **how) -> list[np.ndarray]:
    """Each page, small."""
    with pypdfium2.PdfDocument(data) as pdf:
        return [
            page.render(scale=WIDTH / page.get_width(), rev_byteorder=True, **how).to_numpy().squeeze() for page in pdf
        ]
