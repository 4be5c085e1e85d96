from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents import building, services
from documents.failures import Failure
from documents.models import Document
from documents.pdf import RenderError
from documents.services import DocumentError
from documents.standing import standing, standings
from people.models import User
from tests.registrations.test_races import at_once

State = Document.State


def ask(by, kind="concept_note", subject="", language="en"):
    return services.request_document(kind=kind, subject=subject, language=language, by=by)


def built(row):
    building.build(str(row.uuid))
    row.refresh_from_db()
    return row


def content(row) -> bytes:
    with row.file.open() as file:
        return file.read()


def test_print_is_queued_and_then_ready(desk, slugs):
    row = ask(desk.staff, subject=slugs["2.2"])
    assert (row.state, row.symbol, row.edition.number) == (State.QUEUED, "GFMD/2018/RT.2.2/1", 1)

    built(row)

    assert (row.state, row.error, row.attempt, row.lease_until) == (State.READY, "", 1, None)
    assert content(row).startswith(b"%PDF")
    assert row.size == len(content(row))
    assert row.pages > 1


def test_print_asked_for_twice_is_one_row_built_once(desk, slugs):
    first = built(ask(desk.staff, subject=slugs["1.1"]))
    again = ask(desk.staff, subject=slugs["1.1"])
    building.build(str(again.uuid))

    again.refresh_from_db()
    assert again.pk == first.pk
    assert again.attempt == 1
    assert ask(desk.staff, subject=slugs["1.1"], language="fr").pk != first.pk


@pytest.mark.django_db(transaction=True)
def test_print_asked_for_by_many_at_once_is_one_row(desk, slugs):
    rows = at_once([lambda: ask(desk.staff, subject=slugs["1.1"])] * 8)

    assert {row.pk for row in rows} == {Document.objects.get().pk}


@pytest.mark.django_db(transaction=True)
def test_two_builders_of_one_row_make_one_file(desk, slugs):
    row = ask(desk.staff, subject=slugs["1.1"])

    results = at_once([lambda: building.build(str(row.uuid))] * 4)

    row.refresh_from_db()
    assert results == [None] * 4
    assert (row.state, row.attempt) == (State.READY, 1)


def test_same_print_has_the_same_bytes(desk, slugs):
    row = built(ask(desk.staff, subject=slugs["1.2"]))
    before = row.sha256
    Document.objects.all().delete()

    assert built(ask(desk.staff, subject=slugs["1.2"])).sha256 == before


def test_reworded_question_makes_a_new_edition_of_its_note_and_of_no_other(desk, slugs):
    mine, other = ask(desk.staff, subject=slugs["2.1"]), ask(desk.staff, subject=slugs["3.1"])
    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    desk.publish()

    new, same = ask(desk.staff, subject=slugs["2.1"]), ask(desk.staff, subject=slugs["3.1"])

    assert (new.pk != mine.pk, new.edition.number) == (True, 2)
    assert (same.pk, same.edition.number) == (other.pk, 1)
    assert new.code != mine.code


def test_edition_is_of_the_language_of_the_print(desk, slugs):
    desk.reword("2.1", 3, "Une question", "fr")
    desk.publish()

    assert ask(desk.staff, subject=slugs["2.1"]).edition.number == 1
    assert ask(desk.staff, subject=slugs["2.1"], language="fr").edition.number == 2
    # Arabic falls back to English, which has not changed
    assert ask(desk.staff, subject=slugs["2.1"], language="ar").edition.number == 1


def test_text_changed_back_is_of_the_release_that_changed_it_back(desk, slugs):
    question = desk.roundtable("2.1").guiding_questions.get(position=1).text_en
    for text in ("Something else?", question):
        desk.reword("2.1", 1, text)
        desk.publish()

    assert ask(desk.staff, subject=slugs["2.1"]).edition.number == 3


def test_unknown_kind_language_or_subject_is_refused(desk):
    for kind, subject, language in (
        ("poster", "", "en"), ("agenda", "", "de"), ("concept_note", "nothing", "en"), ("agenda", "x", "en"),
        ("agenda_of_day", "2018-12-24", "en"), ("participant_pack", "x", "en"),
    ):  # fmt: skip
        with pytest.raises(DocumentError):
            ask(desk.staff, kind, subject, language)
    assert not Document.objects.exists()


def test_internal_session_has_no_note(desk, slugs):
    session = desk.roundtable("2.1")
    session.listed = False
    session.save()
    desk.publish()

    with pytest.raises(DocumentError):
        ask(desk.staff, subject=slugs["2.1"])


def test_delegate_gets_the_own_pack_and_nothing_else(desk, slugs):
    wanjiru = desk.account(desk.wanjiru)

    assert ask(wanjiru, "participant_pack", str(desk.wanjiru.uuid)).audience == desk.wanjiru.uuid
    for kind, subject in (("participant_pack", str(desk.kofi.uuid)), ("concept_note", slugs["1.1"]), ("agenda", "")):
        with pytest.raises(PermissionDenied):
            ask(wanjiru, kind, subject)
    with pytest.raises(PermissionDenied):
        ask(User.objects.create_user("reader@example.org"), "participant_pack", str(desk.wanjiru.uuid))


def test_pack_waits_for_accreditation(desk):
    desk.wanjiru.move(to="withdrawn", now=timezone.now())

    with pytest.raises(DocumentError, match="accredited"):
        ask(desk.staff, "participant_pack", str(desk.wanjiru.uuid))


def test_pack_that_lacks_a_paper_names_it(desk, monkeypatch):
    desk.give_place(desk.wanjiru, "1.1")
    render = building.render

    def refuse(template, *args, **kwargs):
        if "concept_note" in template:
            raise RenderError(Failure.CHARACTERS, "日")
        return render(template, *args, **kwargs)

    monkeypatch.setattr(building, "render", refuse)

    row = built(ask(desk.staff, "participant_pack", str(desk.wanjiru.uuid)))

    assert row.error == Failure.CHARACTERS
    assert row.error_detail.startswith("Concept note, Roundtable 1.1")


def test_failure_says_why_and_is_tried_again(desk, slugs, monkeypatch):
    def refuse(*args, **kwargs):
        raise RenderError(Failure.CHARACTERS, "日")

    row = ask(desk.staff, subject=slugs["1.1"])
    with monkeypatch.context() as broken:
        broken.setattr(building, "render", refuse)
        built(row)
    assert (row.state, row.failure) == (State.FAILED, "No typeface for prints has these characters: 日")

    again = ask(desk.staff, subject=slugs["1.1"])
    assert (again.pk, again.state, again.failure) == (row.pk, State.QUEUED, "")
    assert built(again).state == State.READY


def test_unforeseen_error_is_a_plain_sentence_and_noted(desk, slugs, monkeypatch, caplog):
    monkeypatch.setattr(building, "render", lambda *args, **kwargs: 1 / 0)

    row = built(ask(desk.staff, subject=slugs["1.1"]))

    assert (row.state, row.error, row.error_detail) == (State.FAILED, Failure.UNFORESEEN, "")
    assert "ZeroDivisionError" in caplog.text


def test_builder_that_lost_its_lease_throws_its_work_away(desk, slugs, monkeypatch, settings):
    row = ask(desk.staff, subject=slugs["1.1"])
    render = building.render

    def overtaken(*args, **kwargs):
        Document.objects.filter(pk=row.pk).update(attempt=9)
        return render(*args, **kwargs)

    monkeypatch.setattr(building, "render", overtaken)
    built(row)

    assert (row.state, row.attempt, row.file.name) == (State.BUILDING, 9, "")
    assert list(settings.MEDIA_ROOT.rglob("*.pdf")) == []


def abandoned(row, attempt=1):
    Document.objects.filter(pk=row.pk).update(
        state=State.BUILDING, attempt=attempt, lease_until=timezone.now() - timedelta(seconds=1)
    )


@pytest.fixture
def sent(monkeypatch):
    """What is sent to the queue."""
    found = []
    monkeypatch.setattr(services, "send_on_commit", lambda task, **ids: found.append(ids["document"]))
    return found


def test_sweep_takes_over_what_a_dead_builder_left(desk, slugs, sent):
    row, other = ask(desk.staff, subject=slugs["1.1"]), ask(desk.staff, subject=slugs["1.2"])
    abandoned(row)
    Document.objects.filter(pk=other.pk).update(
        state=State.BUILDING, attempt=1, lease_until=timezone.now() + timedelta(seconds=9)
    )
    sent.clear()

    services.sweep()
    services.sweep()

    row.refresh_from_db()
    assert (row.state, row.lease_until) == (State.QUEUED, None)
    assert sent == [str(row.uuid)]
    assert built(row).attempt == 2


def test_sweep_gives_up_on_what_stops_the_worker_every_time(desk, slugs):
    row = ask(desk.staff, subject=slugs["1.1"])
    abandoned(row, services.MAX_ATTEMPTS)

    services.sweep()

    row.refresh_from_db()
    assert (row.state, row.error) == (State.FAILED, Failure.STOPPED)


def test_sweep_sends_what_waits_again_but_not_at_once(desk, slugs, sent):
    row = ask(desk.staff, subject=slugs["1.1"])
    sent.clear()
    services.sweep()
    assert sent == []

    Document.objects.update(hinted_at=timezone.now() - services.HINT_AGAIN)
    services.sweep()

    assert sent == [str(row.uuid)]


def test_place_in_the_queue_is_counted_by_the_database(desk, slugs, asked_once):
    asked = [ask(desk.staff, subject=slugs[number]) for number in ("1.1", "1.2", "2.1", "2.2")]
    Document.objects.filter(pk=asked[0].pk).update(queued_at=timezone.now())  # the oldest row asked for last
    rows = list(Document.objects.light().order_by("pk"))

    assert [found.position for found in standings(rows)] == [4, 1, 2, 3]
    with CaptureQueriesContext(connection) as queries:
        assert standing(rows[3]).position == 3
    assert ["COUNT" in query["sql"] for query in queries if "queued_at" in query["sql"]] == [True]


def test_note_is_out_of_date_when_what_it_shows_changes(desk, slugs):
    row = built(ask(desk.staff, subject=slugs["2.1"]))
    row = Document.objects.light().get(pk=row.pk)
    assert (standing(row).state, standing(row).holds) == ("ready", True)

    desk.reword("2.1", 3, "What sets South-South mobility apart?")
    desk.publish()

    found = standing(row)
    assert (found.state, found.changes) == ("stale", ["guiding questions"])


def test_pack_is_out_of_date_when_a_place_is_taken(desk):
    row = built(ask(desk.staff, "participant_pack", str(desk.wanjiru.uuid)))
    desk.give_place(desk.wanjiru, "2.2")

    found = standing(Document.objects.light().get(pk=row.pk))

    assert (found.state, found.changes) == ("stale", ["Roundtable 2.2: added"])


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "ready"},
        {"state": "building"},
        {"state": "failed"},
        {"file": "x.pdf"},
        {"error": "x"},
        {"lease_until": timezone.now()},
        {"done": 5},
    ],
)
def test_state_and_its_fields_agree_in_the_database(desk, slugs, broken):
    row = ask(desk.staff, subject=slugs["1.1"])

    with pytest.raises(IntegrityError), transaction.atomic():
        Document.objects.filter(pk=row.pk).update(**broken)
