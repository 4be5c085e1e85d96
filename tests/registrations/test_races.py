"""Many at once, on the real database: the promises hold because PostgreSQL keeps them, not because tests are polite."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from post_office.models import Email

from people.models import Party, Person, User
from registrations import services
from registrations.models import Delegate, Delegation, DelegationCategory, Registration
from tests.registrations import scene

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


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
    category = DelegationCategory.objects.get(code="member-state")
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
