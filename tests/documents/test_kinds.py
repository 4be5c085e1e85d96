import io
from datetime import UTC, datetime

import pikepdf
import pypdfium2
import pytest

from documents import building, editions, services
from documents.kinds import KINDS, words
from documents.models import Document, Reading
from programme import releases
from registrations.badges import code_of
from registrations.models import DelegationCategory
from schedule.services import exchange_rooms
from tests.documents.structcheck import problems


def built(desk, kind, subject="", language="en"):
    row = services.request_document(kind=kind, subject=subject, language=language, by=desk.staff)
    building.build(str(row.uuid))
    row.refresh_from_db()
    assert row.state == "ready", row.error
    with row.file.open() as file:
        return row, file.read()


def pages_of(data: bytes) -> list[str]:
    """The text of each page, in one line."""
    with pypdfium2.PdfDocument(data) as pdf:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in pdf]


def in_english(data: bytes) -> int:
    """How many pieces are marked as English."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        elements = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and one.get("/S") is not None]
        return sum(one.get("/Lang") == "en" for one in elements)


def plain(text: str) -> str:
    """Without the marks that set digits from the left."""
    return text.translate({0x2066: None, 0x2069: None})


def test_concept_note_shows_the_roundtable_and_its_edition(desk, slugs):
    row, data = built(desk, "concept_note", slugs["2.2"])

    text = " ".join(pages_of(data))
    programme = releases.current().programme
    for question in programme.roundtable("2.2").questions[:3]:
        assert question.text["en"] in text
    for found in ("Roundtable 2.2", "Philippines, Egypt, Zambia", "GFMD/2018/RT.2.2/1", "Provisional", row.code):
        assert found in text
    assert len(pages_of(data)) == row.pages
    assert f"1 / {row.pages}" in text
    assert problems(data) == {}


@pytest.mark.parametrize(
    ("language", "served"),
    [
        ("en", "Sustainable Development Goals, goal 11: Sustainable cities and communities"),
        ("fr", "Objectifs de développement durable, objectif 11 : Villes et communautés durables"),
    ],
)
def test_concept_note_says_which_goal_of_which_instrument_it_serves(desk, slugs, language, served):
    _row, data = built(desk, "concept_note", slugs["1.1"], language)

    assert served in plain(" ".join(pages_of(data)))


def test_reworded_question_is_in_the_note_asked_again(desk, slugs):
    old, before = built(desk, "concept_note", slugs["2.1"])
    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    release = desk.publish()

    new, after = built(desk, "concept_note", slugs["2.1"])

    asked = "What sets South-South mobility apart?"
    assert asked not in " ".join(pages_of(before))
    assert asked in " ".join(pages_of(after))
    assert (old.edition.number, new.edition.number) == (1, release.number)
    when = release.created_at.astimezone(desk.forum.zone)
    assert f"Programme of {when.day} {when:%B %Y}, {when:%H:%M}" in pages_of(after)[0]


@pytest.mark.parametrize("subject", ["migration-and-agenda-2030", "migrants-and-health"])
def test_concept_note_of_a_workshop_or_side_event(desk, subject):
    row, data = built(desk, "concept_note", subject)

    assert row.symbol.startswith(("GFMD/2018/WS.", "GFMD/2018/SE."))
    assert "Expected outcomes" not in " ".join(pages_of(data))


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_agenda_of_the_fullest_day_is_one_page(desk, language):
    row, _data = built(desk, "agenda_of_day", "2018-12-06", language)

    assert row.pages == 1


def test_agenda_of_a_day_shows_that_day_alone(desk):
    row, data = built(desk, "agenda_of_day", "2018-12-06")

    text = " ".join(pages_of(data))
    assert row.symbol == "GFMD/2018/AG.3/1"
    assert "Thursday 6 December 2018" in text
    assert "Roundtable 1.1" in text
    assert "Opening session" not in text
    assert "All hours are those of Marrakesh" in text


def test_agenda_shows_every_day(desk):
    _row, data = built(desk, "agenda")

    text = " ".join(pages_of(data))
    for day in releases.current().programme.days:
        assert f"{day:%A} {day.day} {day:%B} {day.year}" in text
    assert problems(data) == {}


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_provisional_agenda_is_one_page_of_numbered_items(desk, language):
    row, data = built(desk, "provisional_agenda", "", language)

    text = " ".join(pages_of(data))
    assert (row.pages, row.symbol) == (1, "GFMD/2018/1")
    if language == "en":
        found = [text.index(item) for item in ("Opening session", "Roundtables", "Roundtable 1.2", "Ways Forward")]
        assert found == sorted(found)


def test_what_a_print_does_not_show_leaves_it_alone(desk):
    desk.give_place(desk.wanjiru, "2.2")
    wanjiru, opening, day = str(desk.wanjiru.uuid), desk.forum.sessions.get(slug="opening"), "2018-12-05"
    shown = {
        **dict.fromkeys(("provisional_agenda", "agenda", "side_events", "concept_paper"), ""),
        **dict.fromkeys(("agenda_of_day", "journal", "run_of_show", "technical_sheet"), day),
        **dict.fromkeys(("itinerary", "participant_pack"), wanjiru),
    }

    def ask_each():
        return {
            kind: services.request_document(kind=kind, subject=subject, language="en", by=desk.staff).pk
            for kind, subject in shown.items()
        }

    before = ask_each()
    opening.interpretation, opening.record = ["en", "ar"], "on_record"
    opening.save()
    desk.publish()
    told = ask_each()
    exchange_rooms(one=desk.roundtable("1.1"), other=desk.roundtable("2.1"))
    desk.publish()
    moved = ask_each()

    assert {kind for kind in shown if told[kind] != before[kind]} == {"journal", "run_of_show", "technical_sheet"}
    assert {kind for kind in shown if moved[kind] != told[kind]} == {"agenda"}  # of what she has, all stays where it is


def test_cancelled_session_is_on_no_provisional_agenda(desk):
    opening = desk.forum.sessions.get(slug="opening")
    opening.cancelled_at = datetime(2018, 12, 1, tzinfo=UTC)
    opening.save()
    desk.publish()

    assert "Opening session" not in " ".join(pages_of(built(desk, "provisional_agenda")[1]))


def test_programme_of_a_room_shows_that_room_alone(desk):
    row, data = built(desk, "agenda_of_room", "palmeraie/oliveraie")

    text = " ".join(pages_of(data))
    assert row.title == "Programme of the room Oliveraie"
    assert "Roundtable 2.2" in text
    assert "Roundtable 3.1" not in text


def test_programme_of_a_theme_shows_that_theme_alone(desk):
    _row, data = built(desk, "agenda_of_theme", "2")

    text = " ".join(pages_of(data))
    assert "Roundtable 2.1" in text
    assert "Roundtable 1.1" not in text


def test_programme_of_side_events_holds_them_all_and_nothing_else(desk):
    _row, data = built(desk, "side_events")

    text = plain(" ".join(pages_of(data)))
    for session in releases.current().programme.listed:
        if session.kind == "side_event" and session.title:
            assert session.title["en"] in text
    assert "Roundtable" not in text
    assert "July 2018" in text
    # Rooms of one house share its name
    assert "Orangeraie, Oliveraie, Palmeraie, Roseraie, Palmeraie Conference Center, Marrakesh" in text


def test_concept_paper_holds_every_section_question_and_footnote(desk):
    _row, data = built(desk, "concept_paper")

    text = " ".join(pages_of(data))
    programme = releases.current().programme
    for section in programme.sections:
        assert (section.heading["en"] in text) == (section.kind == "paper")
    for session in programme.roundtables:
        for question in session.questions:
            assert question.text["en"].split("[^")[0].strip() in text
    for reference in programme.references:
        assert " ".join(reference.text["en"].split())[:40] in text
    assert problems(data) == {}


def test_concept_paper_says_what_changed(desk):
    built(desk, "concept_paper")
    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    desk.publish()
    old, new = Document.objects.get(), built(desk, "concept_paper")[0]

    kind = KINDS["concept_paper"]
    assert kind.changes(kind.load(old.extract), kind.load(new.extract)) == ["Roundtable 2.1"]


def test_internal_sessions_are_in_no_agenda(desk):
    opening = desk.forum.sessions.get(slug="opening")
    opening.listed = False
    opening.save()
    desk.publish()

    assert "Opening session" not in " ".join(pages_of(built(desk, "agenda")[1]))


OWN_PAGES = 4  # of a pack: cover, programme, badge and its empty back


def test_pack_holds_the_notes_of_confirmed_places_behind_its_front(desk, slugs):
    desk.give_place(desk.wanjiru, "1.1")
    waiting = desk.give_place(desk.wanjiru, "3.1")
    type(waiting).objects.filter(pk=waiting.pk).update(status="waitlisted", place="", confirmed_at=None)

    pack, data = built(desk, "participant_pack", str(desk.wanjiru.uuid))

    note = Document.objects.get(kind="concept_note")
    front = OWN_PAGES + Document.objects.get(kind="practical_information").pages
    pages = pages_of(data)
    assert note.subject == slugs["1.1"]
    assert len(pages) == pack.pages == front + note.pages
    assert "Mfano" in pages[0]
    assert "Waiting list" in pages[1]
    assert "Opening session" in pages[1]
    with note.file.open() as file:
        assert pages[front:] == pages_of(file.read())
    assert problems(data) == {}


def test_pack_takes_the_note_that_is_there_already(desk, slugs):
    note, _data = built(desk, "concept_note", slugs["1.1"])
    desk.give_place(desk.wanjiru, "1.1")
    built(desk, "participant_pack", str(desk.wanjiru.uuid))

    note.refresh_from_db()
    assert (note.attempt, Document.objects.filter(kind="concept_note").count()) == (1, 1)


def test_pack_without_places_is_cover_programme_badge_and_practical_information(desk):
    pack, data = built(desk, "participant_pack", str(desk.wanjiru.uuid))

    assert pack.pages == OWN_PAGES + Document.objects.get(kind="practical_information").pages
    assert "Kenya" in pages_of(data)[2]


def test_pack_that_an_unrelated_change_leaves_alone_keeps_its_edition(desk):
    desk.give_place(desk.wanjiru, "1.1")
    old, _data = built(desk, "participant_pack", str(desk.wanjiru.uuid))
    desk.reword("3.2", 1, "Something else?")
    desk.publish()
    same = services.request_document(
        kind="participant_pack", subject=str(desk.wanjiru.uuid), language="en", by=desk.staff
    )
    assert same.pk == old.pk

    desk.reword("1.1", 1, "What is resilience?")
    desk.publish()
    new, data = built(desk, "participant_pack", str(desk.wanjiru.uuid))

    assert new.edition.number == 3
    assert "What is resilience?" in " ".join(pages_of(data))


def test_edition_has_its_year_only_when_it_is_not_that_of_the_forum():
    at = datetime(2018, 12, 6, 7, 41, tzinfo=UTC)

    assert words.edition(at, "Africa/Casablanca", 2018) == "Programme of 6 December, 08:41"
    assert words.edition(at, "Africa/Casablanca", 2026) == "Programme of 6 December 2018, 08:41"


def elsewhere(desk, **times):
    """Roundtable 2.2, held in New York."""
    session = desk.roundtable("2.2")
    session.timing, session.day_part, session.starts_on, session.ends_on = "timed", "", None, None
    session.venue, session.room = desk.forum.venues.get(slug="new-york"), None
    for field, value in times.items():
        setattr(session, field, value)
    session.save()
    desk.publish()


def test_hours_of_another_city_are_named_in_note_agenda_and_pack(desk, slugs):
    desk.give_place(desk.wanjiru, "2.2")
    elsewhere(
        desk,
        starts_at=datetime(2018, 12, 6, 15, 0, tzinfo=UTC),
        ends_at=datetime(2018, 12, 6, 17, 0, tzinfo=UTC),
    )

    for kind, subject in (
        ("concept_note", slugs["2.2"]),
        ("agenda_of_day", "2018-12-06"),
        ("participant_pack", str(desk.wanjiru.uuid)),
    ):
        _row, data = built(desk, kind, subject)
        text = plain(" ".join(pages_of(data)))
        assert "10:00–12:00" in text, kind
        assert "New York time, UTC−5" in text, kind
        assert problems(data) == {}


def test_names_that_lack_a_translation_are_marked_as_english(desk, slugs):
    desk.give_place(desk.wanjiru, "2.2")
    prints = [
        ("concept_note", slugs["2.2"]),
        ("concept_note", "the-road-ahead"),
        ("agenda_of_day", "2018-12-06"),
        ("participant_pack", str(desk.wanjiru.uuid)),
    ]
    assert [in_english(built(desk, *asked, "fr")[1]) for asked in prints] == [0, 0, 0, 0]
    roundtable, hosted = desk.roundtable("2.2"), desk.forum.sessions.get(slug="the-road-ahead")
    roundtable.room.name_fr = roundtable.theme.title_fr = hosted.host_fr = ""
    for row in (roundtable.room, roundtable.theme, hosted):
        row.save()
    desk.publish()

    note, of_the_host, *others = [in_english(built(desk, *asked, "fr")[1]) for asked in prints]

    assert (note, of_the_host) == (2, 2)  # room and theme, host and room
    assert min(others) > 0


def test_hours_of_the_forum_itself_name_no_city(desk):
    _row, data = built(desk, "agenda_of_day", "2018-12-06")

    assert "Marrakesh time" not in plain(" ".join(pages_of(data)))


def test_hours_that_end_on_another_day_say_which(desk, slugs):
    elsewhere(
        desk,
        starts_at=datetime(2018, 12, 7, 3, 0, tzinfo=UTC),
        ends_at=datetime(2018, 12, 7, 6, 0, tzinfo=UTC),
    )

    _row, data = built(desk, "concept_note", slugs["2.2"])

    text = plain(pages_of(data)[0])
    assert "Thursday 6 December 2018, 22:00 to 7 December, 01:00 (New York time, UTC−5)" in text


def test_badge_says_the_code_of_its_person(desk):
    _row, data = built(desk, "participant_pack", str(desk.wanjiru.uuid))

    assert code_of(desk.wanjiru.person) in pages_of(data)[2]


def test_badge_has_the_colour_of_its_category(desk):
    DelegationCategory.objects.filter(pk=desk.wanjiru.delegation.category_id).update(colour="#7a1f5c")

    _row, data = built(desk, "participant_pack", str(desk.wanjiru.uuid))

    with pypdfium2.PdfDocument(data) as pdf:
        badge = pdf[2].render(scale=1, rev_byteorder=True).to_numpy()[:, :, :3].reshape(-1, 3)
    assert (badge == (0x7A, 0x1F, 0x5C)).all(axis=1).sum() > 1000
    assert "Member State" in pages_of(data)[2]


def test_every_kind_prints_all_its_subjects_in_arabic(desk):
    programme = releases.current().programme
    for kind in KINDS.values():
        for subject in kind.subjects(programme)[-1:]:
            row, data = built(desk, kind.name, subject.key, "ar")
            assert problems(data) == {}, row


def test_following_reads_each_release_once(desk, slugs):
    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    desk.publish()

    assert editions.follow() == 1
    assert editions.follow() == 0
    known = Reading.objects.count()
    assert editions.follow() == 0
    row = services.request_document(kind="concept_note", subject=slugs["1.1"], language="en", by=desk.staff)

    assert Reading.objects.count() == known
    assert row.edition.number == 1


def test_edition_is_found_without_opening_releases_that_were_followed(desk, slugs, monkeypatch):
    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    desk.publish()
    while editions.follow():
        pass
    releases.current()
    monkeypatch.setattr(editions, "with_news", None)

    row = services.request_document(kind="concept_note", subject=slugs["1.1"], language="fr", by=desk.staff)

    assert row.edition.number == 1
