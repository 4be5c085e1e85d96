"""Many at once, on the real database: the promises hold because PostgreSQL keeps them, not because tests are polite."""

import time
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from threading import Barrier, Event, Lock, get_ident

import pytest
from django.db import connection, transaction
from post_office.models import Email

from people.models import Party, Person, User
from registrations import case, services
from registrations.models import Delegate, Delegation, DelegationCategory, Invitation, Registration, Seating
from registrations.models.nominations import digest_of
from registrations.services import seats
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
    barrier, one_by_one = Barrier(len(jobs)), Lock()

    def run(job):
        try:
            with one_by_one:  # else PostgreSQL begins them all at once, longer than any of them waits
                connection.ensure_connection()
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


def fails(results):
    return [result for result in results if isinstance(result, Exception)]


def test_last_seat_goes_to_one_of_two(summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()

    results = at_once([take(summit.a, summit.wanjiru), take(summit.a, summit.kofi)])

    assert sorted(row.status for row in results) == ["confirmed", "waitlisted"]


def test_promotion_by_hand_and_release_at_once_give_the_seat_once(summit):
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    held, first, second = (
        take(summit.a, delegate)() for delegate in (summit.wanjiru, summit.kofi, many_delegates(summit.forum, 1)[0])
    )
    organiser = User.objects.create_user("organiser@example.org")

    at_once([give_up(held), lambda: services.promote(registration=second, by=organiser, now=scene.NOW)])

    assert Registration.objects.confirmed().filter(seating=summit.a).count() == 1
    assert Registration.objects.waiting().filter(pk__in=[first.pk, second.pk]).count() == 1
    assert Email.objects.filter(subject__contains="become free").count() == 1


def test_two_decisions_at_once_are_one(summit):
    newcomer = scene.make_delegate(summit.kenya, "Mgeni", state="submitted")
    states = [Delegate.State.ACCREDITED, Delegate.State.RETURNED] * 3

    results = at_once(
        lambda to=to: services.decide(delegate=copy(newcomer), to=to, by=None, now=scene.NOW) for to in states
    )

    assert len(fails(results)) == 5
    assert newcomer.changes.count() == 1


def test_key_used_many_times_at_once_makes_one_delegate_of_each_account(summit):
    users = [User.objects.create_user(f"new{n}@example.org") for n in range(3)]
    key = summit.kenya.registration_key
    members = summit.kenya.delegates.count()

    results = at_once(
        lambda user=user: services.join_delegation(
            key=key, user=user, profile=services.Profile(family_name="Mgeni"), now=scene.NOW
        )
        for user in users * 4
    )

    assert fails(results) == []
    assert summit.kenya.delegates.count() == members + 3
    assert Person.objects.filter(family_name="Mgeni").count() == 3


def test_last_room_in_a_delegation_goes_to_one_of_many(summit):
    members = summit.kenya.delegates.count()
    DelegationCategory.objects.filter(code="member-state").update(size=members + 1)
    key = summit.kenya.registration_key
    users = [User.objects.create_user(f"new{n}@example.org") for n in range(6)]

    results = at_once(
        lambda user=user: services.join_delegation(
            key=key, user=user, profile=services.Profile(family_name="Mgeni"), now=scene.NOW
        )
        for user in users
    )

    assert [type(result) for result in fails(results)] == [services.RegistrationRefused] * 5
    assert summit.kenya.delegates.count() == members + 1


def test_invitation_accepted_by_two_accounts_at_once_is_accepted_once(summit):
    invitation = services.invite(
        delegation=summit.kenya, email="new@example.org", purpose=Invitation.Purpose.DELEGATE, language="en",
        delegate=None, by=None, now=scene.NOW,
    )  # fmt: skip
    Invitation.objects.filter(pk=invitation.pk).update(key_digest=digest_of("a-key"))
    users = [User.objects.create_user(f"new{n}@example.org") for n in range(4)]
    members = summit.kenya.delegates.count()

    results = at_once(
        lambda user=user: services.accept_invitation(
            key="a-key", user=user, profile=services.Profile(family_name="Mgeni"), now=scene.NOW
        )
        for user in users * 2
    )

    assert len(fails(results)) == 7
    assert summit.kenya.delegates.count() == members + 1


def test_replacement_asked_for_twice_at_once_is_one(summit):
    take(summit.a, summit.wanjiru)()
    profile = services.Profile(family_name="Mrithi")

    results = at_once(
        lambda: services.replace(delegate=summit.wanjiru, profile=profile, by=None, now=scene.NOW)
        for _again in range(4)
    )

    assert len(fails(results)) == 3
    assert Delegate.objects.filter(person__family_name="Mrithi").count() == 1
    assert Registration.objects.confirmed().get(seating=summit.a).reserved_for.person.family_name == "Mrithi"


def waits_for_a_lock():
    """Until another connection waits for one."""
    for _try in range(600):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)
    raise AssertionError("nobody waits")


def take_back(summit):
    Delegate.objects.filter(pk=summit.wanjiru.pk).update(state="submitted", submitted_at=scene.NOW, accredited_at=None)


def seat_somebody(summit):
    take(summit.a, summit.kofi)()


def fill_it(summit):
    for delegate in many_delegates(summit.forum, 3):
        take(summit.a, delegate)()


def seat_a_colleague(summit):
    take(summit.a, summit.kamau)()


@pytest.mark.parametrize(
    ("meanwhile", "asked", "got"),
    [
        (seat_somebody, 1, "table"),
        (fill_it, 2, "waitlisted"),
        (seat_a_colleague, 2, "behind"),
        (take_back, 2, "not_accredited"),
    ],
)
def test_what_was_decided_while_another_held_the_lock_is_decided_again_only_if_it_matters(
    summit, monkeypatch, meanwhile, asked, got
):
    summit.a.table_seats, summit.a.behind_seats = 3, 0 if meanwhile is fill_it else 3
    summit.a.save()
    looks = []
    look = seats.look
    monkeypatch.setattr(seats, "look", lambda **at: looks.append((get_ident(), at)) or look(**at))
    here = get_ident()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Seating.objects.select_for_update(no_key=True).get(pk=summit.a.pk)
            result = pool.submit(at_once, [take(summit.a, summit.wanjiru)])
            waits_for_a_lock()
            meanwhile(summit)
        [found] = result.result()

    assert len([at for who, at in looks if who != here]) == asked
    said = found.problems[0].code if isinstance(found, Exception) else found.place or found.status
    assert said == got
    assert Registration.objects.active().filter(delegate=summit.wanjiru).count() == (got != "not_accredited")
    assert Email.objects.filter(to=summit.wanjiru.person.user.email).count() == (got != "not_accredited")


def test_place_of_the_delegation_that_changes_hands_while_it_is_looked_at_is_not_given_twice(summit, monkeypatch):
    DelegationCategory.objects.filter(pk=summit.kenya.category_id).update(table_places=1, behind_places=0)
    held = take(summit.a, summit.kamau)()
    colleague = scene.make_delegate(summit.kenya, "Mgeni")
    looked, freed, read, given = (Event() for _each in range(4))
    active_of, here = case.active_of, get_ident()

    def slowly(*whose):
        if get_ident() == here or looked.is_set():
            return active_of(*whose)
        looked.set()
        freed.wait(60)
        found = active_of(*whose)
        read.set()
        given.wait(60)
        return found

    monkeypatch.setattr(case, "active_of", slowly)
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Seating.objects.select_for_update(no_key=True).get(pk=summit.a.pk)
            result = pool.submit(at_once, [take(summit.a, summit.wanjiru)])
            assert looked.wait(60)
            give_up(held)()
        freed.set()
        assert read.wait(60)
        take(summit.a, colleague)()
        given.set()
        [refusal] = result.result()

    assert refusal.problems[0].code == "at_quota"
    assert Registration.objects.active().get().delegate == colleague
