"""Many at once, on the real database: the promises hold because PostgreSQL keeps them, not because tests are polite."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from post_office.models import Email

from people.models import Party, Person, User
from registrations import services
from registrations.models import Delegate, Delegation, Registration
from tests.broker import broker_away
from tests.registrations import scene
from tests.registrations.conftest import make_summit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def mail_as_rows(settings):
    settings.EMAIL_BACKEND = "people.mail.RowBackend"


def at_once(jobs):
    """Run each job in a thread and a connection of its own, all starting together; errors as values."""
    jobs = list(jobs)
    barrier = Barrier(len(jobs))

    def run(job):
        try:
            barrier.wait(timeout=60)
            return job()
        except Exception as error:  # what happened is the result
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def many_delegates(forum, count):
    parties = Party.objects.bulk_create(
        Party(code=f"P{n:03}", kind="member_state", short_name_en=f"Party {n}") for n in range(count)
    )
    category = scene.category("member-state")
    delegations = Delegation.objects.bulk_create(
        Delegation(forum=forum, party=party, category=category) for party in parties
    )
    persons = Person.objects.bulk_create(Person(family_name=f"Specimen {n}") for n in range(count))
    User.objects.bulk_create(User(email=f"d{n}@example.org", person=person) for n, person in enumerate(persons))
    return Delegate.objects.bulk_create(
        Delegate(person=person, delegation=delegation, state="accredited", submitted_at=None, accredited_at=scene.NOW)
        for person, delegation in zip(persons, delegations, strict=True)
    )


def test_register_gives_200_threads_10_seats_and_190_places_in_line():
    forum = scene.make_forum()
    session = scene.make_session(forum, "migration")
    seating = scene.seat(session, table=10)
    scene.publish(forum)
    delegates = many_delegates(forum, 200)

    results = at_once(
        lambda delegate=delegate: services.register(seating=seating, delegate=delegate, by=None, now=scene.NOW)
        for delegate in delegates
    )

    assert [result for result in results if isinstance(result, Exception)] == []
    rows = list(Registration.objects.order_by("pk"))
    assert len(rows) == 200
    assert {row.delegate_id for row in rows} == {delegate.pk for delegate in delegates}
    assert [row.status for row in rows] == ["confirmed"] * 10 + ["waitlisted"] * 190
    assert Email.objects.filter(subject__contains="confirmed").count() == 10
    assert Email.objects.filter(subject__contains="waiting list").count() == 190


@pytest.fixture
def summit():
    return make_summit()


def take(seating, delegate):
    return lambda: services.register(seating=seating, delegate=delegate, by=None, now=scene.NOW)


def give_up(registration):
    return lambda: services.release(registration=registration, by=None, now=scene.NOW)


def test_promotion_at_concurrent_releases_gives_each_place_once(summit):
    summit.a.table_seats, summit.a.behind_seats = 10, 0
    summit.a.save()
    rows = [take(summit.a, delegate)() for delegate in many_delegates(summit.forum, 25)]

    results = at_once(give_up(row) for row in rows[:10] + rows[:10])

    assert [result for result in results if isinstance(result, Exception)] == []
    statuses = list(Registration.objects.order_by("pk").values_list("status", flat=True))
    assert statuses == ["released"] * 10 + ["confirmed"] * 10 + ["waitlisted"] * 5
    assert Email.objects.filter(subject__contains="become free").count() == 10


def test_quota_holds_when_a_whole_delegation_asks_at_once(summit):
    delegates = [scene.make_delegate(summit.kenya, f"Specimen {n}") for n in range(10)]

    results = at_once(take(summit.a, delegate) for delegate in delegates)

    assert sorted(row.place for row in Registration.objects.all()) == ["behind", "table"]
    refusals = [result for result in results if isinstance(result, services.RegistrationRefused)]
    assert [refusal.problems[0].code for refusal in refusals] == ["at_quota"] * 8


def test_one_person_asking_everywhere_at_once_gets_one_place_at_an_hour(summit):
    for _round in range(5):
        results = at_once(take(seating, summit.wanjiru) for seating in (summit.a, summit.b, summit.a, summit.b))

        confirmed = Registration.objects.confirmed()
        [seating] = confirmed.values_list("seating", flat=True)
        codes = [result.problems[0].code if isinstance(result, Exception) else result.seating_id for result in results]
        assert sorted(codes, key=str) == [seating, seating, "slot_taken", "slot_taken"]
        services.release(registration=confirmed.get(), by=None, now=scene.NOW)


def test_register_works_with_the_broker_away_and_is_not_held_up(summit, caplog):
    started = time.monotonic()

    with broker_away():
        registration = take(summit.a, summit.wanjiru)()

    assert time.monotonic() - started < 1.5
    assert registration.status == "confirmed"
    assert "the broker is away" in caplog.text
    assert Email.objects.get().status == 2  # queued: the sweep sends it
