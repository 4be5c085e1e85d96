"""Papers of a day: what is on, where, and what of it changed late."""

import io
from datetime import UTC, datetime, timedelta

import pikepdf
import pypdfium2
import pytest

from documents import building, services
from documents.kinds import KINDS
from documents.models import Document
from documents.standing import standings
from programme import releases
from schedule.models import Session
from schedule.services import exchange_rooms
from tests.documents.structcheck import problems
from tests.documents.test_kinds import built, pages_of, plain

DAY = "2018-12-06"


def text_of(desk, kind, subject=DAY, language="en"):
    return plain(" ".join(pages_of(built(desk, kind, subject, language)[1])))


MM = 72 / 25.4


def boxes(data: bytes, number: int = 0) -> list[tuple[str, float, float, float, float]]:
    """Each sign on a page: left, bottom, and what is left to the edge at the right and above, in mm."""
    with pypdfium2.PdfDocument(data) as pdf:
        page = pdf[number]
        width, height, text = page.get_width(), page.get_height(), page.get_textpage()
        found = []
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            sign = text.get_text_range(index, 1)
            if sign.strip():
                found.append((sign, left / MM, bottom / MM, (width - right) / MM, (height - top) / MM))
        return found


def change(desk, slug, **values):
    Session.objects.filter(forum=desk.forum, slug=slug).update(**values)


@pytest.fixture
def exchange(desk, slugs):
    """Roundtables 1.1 and 3.1 exchange Oliveraie and Orangeraie, and that is published."""

    def act():
        exchange_rooms(one=desk.roundtable("1.1"), other=desk.roundtable("3.1"))
        return desk.publish()

    return act


def test_journal_lists_meetings_and_side_events_apart(desk, slugs):
    change(desk, slugs["1.2"], media="open", record="webcast", interpretation=["en", "fr"])
    desk.publish()
    row, data = built(desk, "journal", DAY)

    text = plain(" ".join(pages_of(data)))
    assert (row.title, row.symbol) == ("Journal No. 3, Thursday 6 December 2018", "GFMD/2018/J/3")
    found = [text.index(item) for item in ("Roundtable 1.1", "15:00–17:30", "Roundtable 1.2", "Side-events Hour")]
    assert found == sorted(found)
    assert "Record: Webcast Interpretation: English, French" in text
    assert "Lunch" not in text
    assert "organization of work, GFMD/2018/AG/1" in text


def test_journal_says_what_changed_late(desk, exchange):
    before, _data = built(desk, "journal", DAY)
    assert "Late changes" not in text_of(desk, "journal")
    moved = Session.objects.get(forum=desk.forum, slug="research-workshop")
    a_day = timedelta(days=1)
    change(desk, "research-workshop", starts_at=moved.starts_at + a_day, ends_at=moved.ends_at + a_day)
    change(desk, "the-road-ahead", cancelled_at=datetime(2018, 12, 5, 10, tzinfo=UTC))
    exchange()
    _row, data = built(desk, "journal", DAY)

    text = plain(pages_of(data)[0])
    assert "Late changes" in text
    for old, new in (("Oliveraie", "Orangeraie"), ("Orangeraie", "Oliveraie"), ("17:15–19:15", "Friday 7 December")):
        assert f"{old} {new}" in text
    assert "12:30–14:00, Roseraie Cancelled on 5 December" in text
    assert problems(data) == {}
    assert "Thursday 6 December 2018, 17:15–19:15 17:15–19:15" in text_of(desk, "journal", "2018-12-07")
    assert "Late changes" not in text_of(desk, "journal", "2018-12-05")

    journal = KINDS["journal"]
    now = Document.objects.filter(kind="journal", subject=DAY).latest("pk")
    assert "Roundtable 1.1: new room: Orangeraie" in journal.changes(
        journal.load(before.extract), journal.load(now.extract)
    )


def room(desk, slug, day=DAY):
    return services.request_document(kind="door_sign", subject=f"palmeraie/{slug}/{day}", language="en", by=desk.staff)


ROOMS = ("palmeraie", "oliveraie", "orangeraie", "roseraie")


def test_exchange_of_two_rooms_makes_their_two_signs_stale_and_no_other(desk, exchange):
    for slug in ROOMS:
        room(desk, slug)
        if slug != "palmeraie":
            room(desk, slug, "2018-12-05")
    exchange()

    stale = {sign.document.subject: sign.changes for sign in standings(Document.objects.all()) if not sign.holds}
    assert set(stale) == {f"palmeraie/oliveraie/{DAY}", f"palmeraie/orangeraie/{DAY}"}
    asked = {slug: room(desk, slug).edition.number for slug in ROOMS}
    assert asked == {"palmeraie": 1, "oliveraie": 2, "orangeraie": 2, "roseraie": 1}


def test_sign_says_where_a_session_has_gone_and_which_is_new(desk, exchange):
    old, _data = built(desk, "door_sign", f"palmeraie/oliveraie/{DAY}")
    exchange()
    new, data = built(desk, "door_sign", f"palmeraie/oliveraie/{DAY}")

    text = plain(pages_of(data)[0])
    assert "No longer here Roundtable 1.1 → Orangeraie, 10:00–12:30" in text
    assert "10:00–12:30 New here Roundtable 3.1" in text
    assert "New here Roundtable 2.2" not in text
    assert problems(data) == {}
    sign = KINDS["door_sign"]
    assert sign.changes(sign.load(old.extract), sign.load(new.extract)) == [
        "Roundtable 3.1: new here",
        "Roundtable 1.1: Orangeraie, \u206610:00–12:30\u2069",
    ]
    heights = [297 - bottom - above for sign, _left, bottom, _right, above in boxes(data) if sign in "RO"]
    assert sorted(heights)[-3] > 7  # the room's name and those of its sessions: capitals that can be read at 3 metres


def test_sign_says_what_was_cancelled_retimed_or_taken_out(desk, slugs):
    moved = Session.objects.get(forum=desk.forum, slug="the-road-ahead")
    an_hour = timedelta(hours=1)
    change(desk, "the-road-ahead", starts_at=moved.starts_at + an_hour, ends_at=moved.ends_at + an_hour)
    change(desk, slugs["3.2"], cancelled_at=datetime(2018, 12, 5, 10, tzinfo=UTC))
    change(desk, "side-event-6-december-4", listed=False)
    desk.publish()

    text = text_of(desk, "door_sign", f"palmeraie/roseraie/{DAY}")
    assert "→ here, 13:30–15:00" in text
    assert "13:30–15:00 New time" in text
    assert "→ no longer in the programme" in text
    assert "15:00–17:30 Cancelled on 5 December, 11:00 Roundtable 3.2" in text
    assert "Roundtable 3.2 →" not in text


def test_sign_of_a_room_that_all_have_left_says_where_they_are(desk):
    subject = "palmeraie/orangeraie/2018-12-05"
    change(desk, "common-space-breakout-b", room=desk.forum.sessions.get(slug="common-space-opening").room)
    desk.publish()

    assert "Common Space, breakout B (subject to be announced) → Palmeraie, 15:30–16:45" in text_of(
        desk, "door_sign", subject
    )


@pytest.mark.parametrize("language", ["en", "ar"])
def test_sign_takes_the_longest_names(desk, slugs, language):
    place = desk.roundtable("2.2").room
    name = "Salle de conférences internationale du Grand Palais Mohammed V"
    for code in ("en", "ar"):
        setattr(place, f"name_{code}", name)
    place.save()
    change(desk, slugs["2.2"], title_en="Mobility " * 30, title_ar="التنقل " * 40, entry_note_en="By invitation " * 12)
    desk.publish()
    _row, data = built(desk, "door_sign", f"palmeraie/oliveraie/{DAY}", language)

    assert all(min(edges) >= 8 for _sign, *edges in boxes(data))
    assert "Salle de conférences" in " ".join(pages_of(data)) or language == "ar"
    assert problems(data) == {}


def cells(data: bytes) -> list[list[tuple[str, int]]]:
    """Of each row of the tables, its headers and cells and how many rows they go through."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        rows = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/TR"]
        return [[(str(cell.S), int(cell.A.get("/RowSpan", 1))) for cell in row.K] for row in rows]


def test_grid_puts_rooms_beside_hours_and_a_long_session_through_two_rows(desk):
    _row, data = built(desk, "parallel_grid", DAY)

    text = plain(pages_of(data)[0])
    assert "Hour Oliveraie Orangeraie Palmeraie Roseraie Hour 08:30–09:45 Side-event" in text
    found = [text.index(item) for item in ("10:00–12:30", "Roundtable 1.1", "Roundtable 3.1", "Roundtable 2.1")]
    assert found == sorted(found)
    assert "Road Ahead" not in text  # at noon, by itself
    hour, once, through = ("/TH", 1), ("/TD", 1), ("/TD", 2)
    assert cells(data)[1:] == [
        [hour, once, once, once, once, hour],
        [hour, once, once, once, once, hour],
        [hour, through, once, through, through, hour],
        [hour, once, hour],
    ]
    assert problems(data) == {}


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_rows_of_sheets_that_join_meet(desk, language):
    row = services.request_document(
        kind="parallel_grid", subject=DAY, language=language, by=desk.staff, sheet="a4-joined"
    )
    building.build(str(row.uuid))
    with Document.objects.get(pk=row.pk).file.open() as file:
        data = file.read()

    first, second = (
        {round(below) for sign, _left, below, *_more in boxes(data, page) if sign == "–" and below < 250}
        for page in (0, 1)
    )
    assert len(first) == len(second) == 4
    assert first == second
    assert all(min(edges) >= 8 for page in (0, 1) for _sign, *edges in boxes(data, page))
    assert problems(data) == {}


def test_list_of_parallel_sessions_holds_them_alone(desk):
    text = text_of(desk, "parallel_list", "")

    assert "Roundtable 1.1" in text
    assert "Common Space, breakout B" in text
    assert "Opening session" not in text
    assert "special focus" not in text.lower()  # it is beside its own parts only


def test_run_of_show_says_who_does_what_when_in_each_room(desk, slugs):
    change(desk, slugs["1.2"], record="webcast", media="open", floor_languages=["fr"], interpretation=["en", "ar"])
    change(desk, "side-event-6-december-3", listed=False)
    desk.publish()
    old, data = built(desk, "run_of_show", DAY)

    text = plain(" ".join(pages_of(data)))
    for found in (
        "Palmeraie Conference Center Capacity: 400 (to be confirmed)",
        "08:30 09:45 First in the room Side-event (title to be announced) Internal",
        "10:00 12:30 15 minutes from 09:45 Roundtable 2.1",
        "Floor: French; Interpretation: English, Arabic Webcast Open",
        "Co-chairs: Philippines, Egypt, Zambia",
        "For staff",
    ):
        assert found in text
    assert all(min(edges) >= 8 for _sign, *edges in boxes(data))
    assert problems(data) == {}

    text = text_of(desk, "technical_sheet")
    assert "15:00 17:30 Palmeraie Roundtable 1.2" in text
    assert "French English, Arabic Webcast Open Last in the room" in text
    assert "150 minutes, next at 15:00" in text

    change(desk, "side-event-6-december-3", cancelled_at=datetime(2018, 12, 5, 10, tzinfo=UTC))
    change(desk, slugs["2.2"], floor_languages=["es"])
    desk.publish()
    new = services.request_document(kind="run_of_show", subject=DAY, language="en", by=desk.staff)
    kind = KINDS["run_of_show"]
    assert kind.changes(kind.load(old.extract), kind.load(new.extract)) == [
        "Roundtable 2.2: roles, languages and capacity",
        "An internal session: cancelled",
    ]


def test_run_of_show_of_a_day_with_internal_sessions_only(desk):
    for session in Session.objects.filter(forum=desk.forum, starts_on="2018-12-08"):
        change(desk, session.slug, listed=False)
    desk.publish()

    assert "2018-12-08" not in [
        subject.key for subject in KINDS["agenda_of_day"].subjects(releases.current().programme)
    ]
    assert "5th Mayoral Forum hours to be confirmed Internal" in text_of(desk, "run_of_show", "2018-12-08")
