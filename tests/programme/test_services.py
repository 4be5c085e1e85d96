import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from programme import releases, services
from programme.compare import Verb, compare
from programme.draft import draft
from programme.models import PublishedSession, Release
from programme.services import PublishError
from programme.snapshot import digest, load
from roundtables.models import GuidingQuestion, Roundtable
from schedule.models import Session
from themes.models import Commitment, Reference, Theme


def publish(forum, base, **options):
    return services.publish(forum=forum, by=None, base=base, **options)


def question(number: str, position: int) -> GuidingQuestion:
    theme, place = number.split(".")
    return GuidingQuestion.objects.get(roundtable__theme__number=theme, roundtable__place=place, position=position)


def reword(row: GuidingQuestion, text: str) -> None:
    row.text_en = text
    row.save()


def take_room_away(slug: str) -> Session:
    session = Session.objects.get(slug=slug)
    session.room = None
    session.save()
    return session


def test_first_release_holds_the_whole_programme(marrakesh):
    release = publish(marrakesh, None)

    programme = load(release.snapshot)
    assert release.number == 1
    assert len(programme.sessions) == Session.objects.count()
    assert len(programme.roundtable("1.1").questions) == 15
    assert programme.forum.co_chairs[0].name["fr"] == "Allemagne"
    assert release.digest == digest(programme.encode())


def test_release_shows_what_changed_and_nothing_else(published, marrakesh):
    reword(question("2.1", 3), "What sets South-South mobility apart?")

    release = publish(marrakesh, 1, note="A question")

    changes = compare(load(published.snapshot), load(release.snapshot))
    assert [(c.verb, c.field, c.within, c.node.number) for c in changes] == [(Verb.REWORDED, "questions", "3", "2.1")]
    assert changes[0].new["text"]["en"] == "What sets South-South mobility apart?"
    assert not changes[0].is_public


def test_publishing_without_changes_is_refused(published, marrakesh):
    with pytest.raises(services.NothingChanged, match="Nothing has changed"):
        publish(marrakesh, 1)

    assert Release.objects.count() == 1


def test_publishing_against_an_older_difference_is_refused(published, marrakesh):
    reword(question("1.1", 1), "One")
    publish(marrakesh, 1)
    reword(question("1.1", 2), "Two")

    with pytest.raises(PublishError) as refusal:
        publish(marrakesh, 1)

    assert refusal.value.number == 2
    assert Release.objects.count() == 2


def test_publishing_a_draft_that_was_edited_since_is_refused(published, marrakesh):
    reword(question("1.1", 1), "Ready")
    shown = services.propose(forum=marrakesh)
    reword(question("2.1", 1), "Half a sent")

    with pytest.raises(PublishError, match="edited meanwhile"):
        publish(marrakesh, shown.base, seen=shown.seen)

    assert publish(marrakesh, shown.base, seen=services.propose(forum=marrakesh).seen).number == 2


def test_chosen_session_goes_alone(published, marrakesh):
    moved = take_room_away("roundtable-2-2")
    reword(question("1.1", 1), "Half a sent")

    release = publish(marrakesh, 1, sessions=[str(moved.uuid)])

    programme = load(release.snapshot)
    assert programme.by_slug["roundtable-2-2"].room == ""
    assert programme.roundtable("1.1").questions[0].text["en"] != "Half a sent"
    assert [change.field for change in services.propose(forum=marrakesh).changes] == ["questions"]


def test_chosen_sessions_that_would_share_a_room_are_refused(published, marrakesh):
    first, second = Session.objects.filter(kind="roundtable", starts_at__hour=9).order_by("position")[:2]
    one, other = first.room, second.room
    Session.objects.filter(pk=first.pk).update(room=None)
    Session.objects.filter(pk=second.pk).update(room=one)
    Session.objects.filter(pk=first.pk).update(room=other)

    with pytest.raises(PublishError, match="one room at one time"):
        publish(marrakesh, 1, sessions=[str(second.uuid)])

    assert publish(marrakesh, 1, sessions=[str(first.uuid), str(second.uuid)]).number == 2


def test_chosen_session_that_takes_the_address_of_another_is_refused(published, marrakesh):
    opening, lunch = (Session.objects.get(slug=slug) for slug in ("opening", "lunch-5-december"))
    Session.objects.filter(pk=opening.pk).update(slug="first-of-all")
    Session.objects.filter(pk=lunch.pk).update(slug="opening")

    with pytest.raises(PublishError, match="would both be “opening”"):
        publish(marrakesh, 1, sessions=[str(lunch.uuid)])

    assert publish(marrakesh, 1, sessions=[str(opening.uuid), str(lunch.uuid)]).number == 2


def test_chosen_roundtable_that_takes_the_number_of_another_is_refused(published, marrakesh):
    first, second = (Roundtable.objects.get(slug=slug) for slug in ("roundtable-1-1", "roundtable-1-2"))
    Roundtable.objects.filter(pk=first.pk).update(place=9)
    Roundtable.objects.filter(pk=second.pk).update(place=1)

    with pytest.raises(PublishError, match=r"would both be “1\.1”"):
        publish(marrakesh, 1, sessions=[str(second.uuid)])


def test_chosen_session_brings_along_what_it_cites(published, marrakesh):
    Reference.objects.create(forum=marrakesh, key="newest", number=99, text_en="Newest")
    Reference.objects.create(forum=marrakesh, key="unused", number=98, text_en="Unused")
    commitment = Commitment.objects.create(key="XX", kind="sdg", instrument="X", position=99, short_name_en="X")
    asked = question("1.1", 1)
    reword(asked, "What[^newest]?")
    asked.commitments.add(commitment)

    programme = load(publish(marrakesh, 1, sessions=[str(asked.roundtable.uuid)]).snapshot)

    assert programme.reference_numbers["newest"] == 99
    assert "unused" not in programme.reference_numbers
    assert [one.key for one in programme.committed(("XX",))] == ["XX"]


def test_chosen_roundtable_brings_along_its_theme(published, marrakesh):
    theme = Theme.objects.create(
        forum=marrakesh, number=4, title_en="Fourth", rationale_en="Because[^newest].", title="Fourth"
    )
    Reference.objects.create(forum=marrakesh, key="newest", number=99, text_en="Newest")
    roundtable = Roundtable.objects.get(slug="roundtable-1-1")
    Roundtable.objects.filter(pk=roundtable.pk).update(theme=theme)

    programme = load(publish(marrakesh, 1, sessions=[str(roundtable.uuid)]).snapshot)

    assert [theme.number for theme in programme.themes] == [1, 2, 3, 4]
    assert "newest" in programme.reference_numbers


def test_swapped_questions_read_as_two_new_numbers(published, marrakesh):
    first, second = question("3.1", 1), question("3.1", 2)
    with transaction.atomic():
        GuidingQuestion.objects.filter(pk=first.pk).update(position=2)
        GuidingQuestion.objects.filter(pk=second.pk).update(position=1)

    changes = services.propose(forum=marrakesh).changes

    assert [(c.old["position"], c.new["position"]) for c in changes] == [(2, 1), (1, 2)]
    assert all(c.old["text"] == c.new["text"] for c in changes)


@pytest.mark.parametrize("statement", ["UPDATE programme_release SET note = 'x'", "DELETE FROM programme_release"])
def test_release_is_never_changed_even_in_the_database(published, statement):
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_withdrawn_release_gives_way_to_the_one_before(published, marrakesh):
    take_room_away("roundtable-2-2")
    second = publish(marrakesh, 1)

    services.withdraw(release=second, by=None, reason="Wrong room")

    releases.shelf.clear()
    assert releases.current().number == 1
    assert PublishedSession.objects.get(slug="roundtable-2-2").release_id == published.pk


def test_withdrawn_text_does_not_come_back(published, marrakesh):
    reword(question("1.1", 1), "Secret")
    services.withdraw(release=publish(marrakesh, 1), by=None, reason="A leak")
    moved = take_room_away("roundtable-2-2")

    third = publish(marrakesh, 1, sessions=[str(moved.uuid)])

    assert third.number == 3
    assert load(third.snapshot).roundtable("1.1").questions[0].text["en"] != "Secret"


def test_what_was_withdrawn_can_be_published_again(published, marrakesh):
    take_room_away("roundtable-2-2")
    services.withdraw(release=publish(marrakesh, 1), by=None, reason="Too early")

    assert publish(marrakesh, 1).number == 3
    assert PublishedSession.objects.get(slug="roundtable-2-2").release.number == 3


def test_publishing_against_a_withdrawn_release_is_refused(published, marrakesh):
    take_room_away("roundtable-2-2")
    services.withdraw(release=publish(marrakesh, 1), by=None, reason="Too early")

    with pytest.raises(PublishError, match="Readers see release 1 by now"):
        publish(marrakesh, 2)


def test_the_only_release_in_view_stays(published):
    with pytest.raises(PublishError, match="only release"):
        services.withdraw(release=published, by=None, reason="Gone")


def test_rows_of_the_release_say_what_it_says(published):
    row = PublishedSession.objects.get(slug="roundtable-2-2")

    assert row.number == "2.2"
    assert row.period.lower == row.starts_at
    assert row.ends_at - row.starts_at == timedelta(hours=2, minutes=30)
    assert PublishedSession.objects.count() == Session.objects.count()


def test_publishing_takes_the_same_number_of_queries_with_more_sessions(published, marrakesh, asked_once):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            publish(marrakesh, services.newest(marrakesh).number)
        return len(captured)

    reword(question("1.1", 1), "One")
    few = queries()
    for number in range(60):
        Session.objects.create(
            forum=marrakesh,
            kind="other",
            slug=f"more-{number}",
            title_en=f"More {number}",
            timing="dated",
            starts_on="2018-12-06",
            ends_on="2018-12-06",
        )

    assert queries() == few


def test_draft_takes_the_same_number_of_queries_with_more_questions(marrakesh, django_assert_num_queries):
    with CaptureQueriesContext(connection) as captured:
        draft(marrakesh)
    roundtable = Roundtable.objects.get(slug="roundtable-1-1")
    for position in range(16, 60):
        GuidingQuestion.objects.create(roundtable=roundtable, position=position, text_en="?")

    with django_assert_num_queries(len(captured)):
        draft(marrakesh)


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_make_one_release(marrakesh):
    publish(marrakesh, None)
    reword(question("1.1", 1), "One")
    outcomes: list[object] = []
    start = threading.Barrier(2)

    def attempt() -> None:
        start.wait()
        try:
            outcomes.append(publish(marrakesh, 1).number)
        except PublishError as error:
            outcomes.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(isinstance(outcome, int) for outcome in outcomes) == [False, True]
    assert Release.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_publishing_while_another_withdraws_is_refused(marrakesh, monkeypatch):
    publish(marrakesh, None)
    reword(question("1.1", 1), "One")
    second = publish(marrakesh, 1)
    reword(question("1.1", 1), "Two")
    has_read, withdrawn = threading.Event(), threading.Event()
    outcomes: list[object] = []
    propose = services.propose

    def read_and_wait(**asked):
        proposal = propose(**asked)
        has_read.set()
        withdrawn.wait(10)
        return proposal

    def attempt() -> None:
        try:
            outcomes.append(publish(marrakesh, 2))
        except Exception as error:
            outcomes.append(error)
        finally:
            connections.close_all()

    monkeypatch.setattr(services, "propose", read_and_wait)
    thread = threading.Thread(target=attempt)
    thread.start()
    has_read.wait(10)
    services.withdraw(release=second, by=None, reason="A slip")
    withdrawn.set()
    thread.join()

    assert isinstance(outcomes[0], PublishError)
    assert Release.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_what_is_published_is_of_one_moment(marrakesh):
    with services.one_moment(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)


def test_held_release_is_read_while_the_database_is_away(published):
    assert releases.current().number == 1
    releases.shelf.asked.clear()

    def away(*args):
        raise DatabaseError("away")

    with connection.execute_wrapper(away):
        assert releases.current().number == 1
