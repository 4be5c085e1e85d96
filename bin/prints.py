"""Pictures of the first page of each kind of print in four languages, and of the Arabic beside the English one.

Run in a portal that has the demo; docs/prints/README.md says how. With a folder, the prints themselves go there.
"""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pypdfium2
from PIL import Image

if TYPE_CHECKING:
    from registrations.models import Delegate
    from schedule.models import Session

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "prints"
LANGUAGES = ("en", "fr", "es", "ar")
WIDTH = 620  # of one page, in pixels
LIMIT = 80_000  # bytes of a picture
GAP = 12


def main(prints: Path | None) -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, kind, subject, *paper in wanted():
        first = {}
        for language in LANGUAGES:
            data = made(kind, subject, language, *paper)
            if prints:
                (prints / f"{name}-{language}.pdf").write_bytes(data)
            first[language] = first_page(data)
            save(first[language], f"{name}-{language}")
        save(beside(first["en"], first["ar"]), f"{name}-en-ar")


def wanted() -> Iterator[tuple[str, ...]]:
    """Name of the picture, kind and subject, and the sheet where it is not the usual one."""
    from people.models import Person
    from registrations.models import Delegate
    from schedule.models import Session

    def roundtable(number: str) -> Session:
        theme, place = number.split(".")
        return Session.objects.get(roundtable__theme__number=theme, roundtable__place=place)

    yield "concept-note", "concept_note", roundtable("2.2").slug
    yield "concept-paper", "concept_paper", ""
    yield "provisional-agenda", "provisional_agenda", ""
    yield "agenda", "agenda", ""
    yield "agenda-of-a-day", "agenda_of_day", "2018-12-06"
    yield "journal", "journal", "2018-12-06"
    yield "parallel-grid", "parallel_grid", "2018-12-06"
    yield "parallel-list", "parallel_list", ""
    yield "run-of-show", "run_of_show", "2018-12-06"
    yield "technical-sheet", "technical_sheet", "2018-12-06"
    yield "door-sign", "door_sign", "palmeraie/oliveraie/2018-12-06"
    yield "agenda-of-a-room", "agenda_of_room", "palmeraie/oliveraie"
    yield "agenda-of-a-theme", "agenda_of_theme", "2"
    yield "side-events", "side_events", ""
    yield "practical-information", "practical_information", ""
    yield "commitments", "commitments", ""
    delegate = Delegate.objects.get(person__family_name="Mfano")
    for number in ("2.2", "3.1"):
        take_place(delegate, roundtable(number))
    Person.objects.update(may_be_listed=True)
    yield "list-of-participants", "list_of_participants", ""
    issued = issue_list()
    Delegate.objects.filter(person__family_name="Kielezo").update(function="Minister Counsellor")
    yield "list-corrigendum", "list_corrigendum", issued
    yield "participant-pack", "participant_pack", str(delegate.uuid)
    yield "personal-programme", "itinerary", str(delegate.uuid)
    yield "members-of-a-delegation", "delegation_members", str(delegate.delegation.uuid)
    yield "sign-in-sheet", "sign_in_sheet", roundtable("2.2").slug
    begin_with("M", delegate)
    yield "invitation-letter", "invitation_letter", str(delegate.uuid)
    yield "visa-letter", "visa_letter", str(delegate.uuid)
    yield "seating-plan", "seating_plan", roundtable("2.2").slug
    yield "badge", "badge", str(delegate.uuid)
    yield "badges", "badges", "", "a4-four"
    yield "name-plates", "name_plates", f"session/{roundtable('2.2').slug}"
    yield "podium-plates", "podium_plates", f"session/{roundtable('2.2').slug}"
    yield "packs-of-a-delegation", "delegation_bundle", str(delegate.delegation.uuid)


def take_place(delegate: "Delegate", session: "Session") -> None:
    from django.utils import timezone

    from registrations.services import register

    register(seating=session.seating, delegate=delegate, by=None, now=timezone.now())


def begin_with(letter: str, delegate: "Delegate") -> None:
    """As if it had been drawn: pictures are to be the same every time."""
    from django.utils import timezone

    from people.models import User
    from registrations.models import LetterDraw

    organiser, forum = User.objects.get(email="organiser@example.org"), delegate.delegation.forum
    LetterDraw.objects.create(forum=forum, language="en", letter=letter, drawn_at=timezone.now(), drawn_by=organiser)


def issue_list() -> str:
    """The symbol under which the list of participants is issued."""
    from django.utils import timezone

    from documents import issuing
    from documents.services import request_document
    from people.models import User

    row = request_document(kind="list_of_participants", subject="", language="en", by=None)
    by = User.objects.get(email="organiser@example.org")
    return issuing.issue(document=row, by=by, now=timezone.now(), seen=issuing.propose(row).seen).symbol


def made(kind: str, subject: str, language: str, sheet: str = "") -> bytes:
    from documents.building import finished
    from documents.services import request_document

    row = finished(request_document(kind=kind, subject=subject, language=language, by=None, sheet=sheet))
    assert row.state == "ready", row.failure
    with row.file.open() as file:
        return file.read()


def first_page(data: bytes) -> Image.Image:
    with pypdfium2.PdfDocument(data) as pdf:
        page = pdf[0]
        return page.render(scale=WIDTH / page.get_width()).to_pil().convert("RGB")


def beside(left: Image.Image, right: Image.Image) -> Image.Image:
    both = Image.new("RGB", (left.width + GAP + right.width, left.height), "#d8d3cf")
    both.paste(left, (0, 0))
    both.paste(right, (left.width + GAP, 0))
    return both


def save(picture: Image.Image, name: str) -> None:
    """As good as the limit allows."""
    for quality in (80, 65, 50, 35):
        out = io.BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= LIMIT:
            break
    (FOLDER / f"{name}.webp").write_bytes(out.getvalue())


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gfmd_portal.settings")
    django.setup()
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
