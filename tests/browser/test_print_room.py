"""The print room on the day, in a real browser: every kind asked for at the desk in four languages; two rooms are
exchanged while prints lie about, and the desk, the signs at the doors and the codes say so."""

import io
import zipfile

import pikepdf
import pypdfium2
import pytest

from documents.kinds import KINDS
from tests.documents.structcheck import problems

from .portal import Portal, wait_for

pytestmark = pytest.mark.browser
DAY = "2018-12-06"
LANGUAGES = ("en", "fr", "es", "ar")

# One pack is made before the rooms are exchanged, for a delegate who has a place at Roundtable 1.1
PLACE = """
from django.utils import timezone
from people.models import User
from registrations.models import Delegate, Registration, Seating
from registrations.services import register
delegate = Delegate.objects.get(person__user__email="delegate@example.org")
Registration.objects.filter(delegate=delegate).delete()
register(seating=Seating.objects.get(session__slug="roundtable-1-1"), delegate=delegate,
         by=delegate.person.user, now=timezone.now())
print(delegate.uuid)
"""
# A seating plan needs the letter at which the order of the parties begins
DRAW = """
from django.utils import timezone
from people.models import User
from registrations.models import LetterDraw
from schedule.models import Forum
LetterDraw.objects.create(forum=Forum.objects.get(is_current=True), language="en", letter="M",
                          drawn_at=timezone.now(), drawn_by=User.objects.get(email="organiser@example.org"))
"""
EXCHANGE = """
from programme import services
from schedule.models import Forum, Session
from schedule.services import exchange_rooms
forum = Forum.objects.get(is_current=True)
one, other = (Session.objects.get(slug=slug, forum=forum) for slug in ("roundtable-1-1", "roundtable-2-1"))
exchange_rooms(one=one, other=other)
services.publish(forum=forum, by=None, base=services.newest(forum).number)
"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """One of its own, since its rooms are exchanged; filled with invented delegations."""
    served = Portal(tmp_path_factory.mktemp("room"), 7)
    try:
        served.start()
        served.manage("populate", "--delegations", "4", "--delegates", "12")
        yield served
    finally:
        served.stop()


def shell(portal: Portal, code: str) -> str:
    return portal.manage("shell", "--no-imports", "-c", code).strip()


def ask(page, kind: str, *languages: str, narrowed: str = "", everything: bool = False) -> bool:
    """At the desk, for the first that it offers or for all of them; False when it offers nothing."""
    query = "".join(f"&language={language}" for language in languages)
    page.goto(f"/en/documents/ask/?kind={kind}{query}{narrowed}")
    if page.locator("main .empty").count():
        return False
    boxes = page.locator("input[type=checkbox][name=subject]")
    if boxes.count() and not everything:
        boxes.first.check()
    button = page.locator("form.choices [name=all]") if everything else page.locator("form.choices .btn.main")
    with page.expect_navigation():
        button.click()
    return True


def all_made(page, portal: Portal, seconds: int) -> None:
    """The line of the queue asks for itself again until nothing is left."""
    page.goto("/en/documents/")
    unmade = "SELECT count(*) FROM documents_document WHERE state IN ('queued', 'building')"
    wait_for(lambda: portal.sql(unmade) == [(0,)], seconds=seconds, what="the prints")
    page.locator("#queue:not([hx-get])").wait_for(state="attached")


def downloaded(page, query: str) -> dict[str, bytes]:
    page.goto(f"/en/documents/?{query}")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download all that hold as one file").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def text_of(data: bytes) -> str:
    pdf = pypdfium2.PdfDocument(io.BytesIO(data))
    try:
        return " ".join(" ".join(page.get_textpage().get_text_range() for page in pdf).split())
    finally:
        pdf.close()


def test_every_kind_is_made_in_four_languages_and_whole(portal, visit):
    staff = visit("staff")

    shell(portal, DRAW)
    offered = [name for name in KINDS if ask(staff, name, *LANGUAGES)]
    assert KINDS.keys() - set(offered) <= {"list_corrigendum"}  # nothing has been issued that could be corrected
    all_made(staff, portal, seconds=600)

    failed = portal.sql("SELECT kind, language, error, error_detail FROM documents_document WHERE state = 'failed'")
    assert failed == []
    made = portal.sql("SELECT kind, count(DISTINCT language) FROM documents_document GROUP BY kind")
    assert dict(made) == dict.fromkeys(offered, 4)
    files = downloaded(staff, "state=ready")
    listed = "SELECT count(*) FROM documents_document WHERE state = 'ready' AND NOT is_part"
    assert [(len(files),)] == portal.sql(listed)  # with the papers of packs, but what is of one person alone
    assert {name: found for name, data in files.items() if (found := problems(data))} == {}
    for name, data in files.items():
        with pikepdf.open(io.BytesIO(data)) as pdf:
            assert f"-{str(pdf.Root.Lang)[:2]}" in name


def test_exchanged_rooms_are_named_at_the_desk_at_the_doors_and_by_the_code(portal, visit):
    staff, reader = visit("staff"), visit()
    delegate = shell(portal, PLACE).splitlines()[-1]
    ask(staff, "door_sign", "en", narrowed=f"&day={DAY}", everything=True)
    ask(staff, "participant_pack", "en", narrowed=f"&subject={delegate}")
    all_made(staff, portal, seconds=300)
    signs = downloaded(staff, "kind=door_sign&language=en&state=ready")
    [(code,)] = portal.sql(
        f"SELECT code FROM documents_document WHERE audience = '{delegate}' AND kind = 'participant_pack'"
        " AND language = 'en' ORDER BY id DESC LIMIT 1"
    )
    before = dict(portal.sql("SELECT s.slug, r.name_en FROM schedule_session s JOIN schedule_room r ON r.id = room_id"))
    first, second = before["roundtable-1-1"], before["roundtable-2-1"]

    shell(portal, EXCHANGE)

    # The desk says unasked which prints of the day show the old rooms; of the signs, those of both rooms and no other
    staff.goto(f"/en/documents/?day={DAY}")
    note = staff.locator(".note.warn", has_text="out of date")
    wait_for(lambda: staff.reload() and note.count(), seconds=30, what="the desk to know")
    assert first in note.inner_text()
    staff.goto("/en/documents/?kind=door_sign&language=en&state=stale")
    stale = staff.locator("tr[id^=print-] th").all_inner_texts()
    assert len(stale) == 2
    assert any(first in name for name in stale)
    assert any(second in name for name in stale)

    # Rebuilt, they say where each session has gone
    with staff.expect_navigation():
        staff.get_by_role("button", name="Build again all that are out of date").click()
    all_made(staff, portal, seconds=120)
    new = downloaded(staff, "kind=door_sign&language=en&state=ready")
    changed = [text_of(new[name]) for name in new if new[name] != signs.get(name)]
    assert len(changed) == 2
    assert all("1.1" in text and "2.1" in text for text in changed)

    # Whoever holds an old pack reads what changed
    reader.goto(f"/verify/{code}/?language=en")
    told = reader.locator(".note.warn li").all_inner_texts()
    assert any(line.startswith("Roundtable 1.1: new room: ") and second in line for line in told)
    reader.locator(".langs [lang=ar]").click()
    reader.locator("html[lang=ar] .note.warn li").first.wait_for()
    assert code in reader.inner_text("main")
