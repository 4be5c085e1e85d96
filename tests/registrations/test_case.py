"""One statement reads what decides about a delegate; it must say what the models say."""

from copy import copy

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from people.models import Person, User
from people.rows import run
from programme.models import PublishedSession
from registrations import services
from registrations.allowances import allowance
from registrations.case import CHANGED, REST, ROWS, look
from registrations.models import (
    Delegate,
    Delegation,
    DelegationCategory,
    DelegationHead,
    Registration,
    Seating,
    SeatingShare,
)
from tests.registrations import scene
from tests.registrations.conftest import make_summit
from tests.registrations.test_views import HTMX, SEAT

QUERIES_OF_A_PLACE = 4  # the savepoint of the service and its end, the case, the registration with its mail


def register(seating, delegate):
    return services.register(seating=seating, delegate=delegate, by=None, now=scene.NOW)


def found(seating, delegate):
    case = look(seating=seating.pk, delegate=delegate.pk)
    return case, (case.free, case.allowed, case.is_elsewhere, case.is_waited_for)


def by_the_models(seating, delegate):
    elsewhere = Registration.objects.in_the_way_of(delegate.person_id, seating.session.published.period)
    return (
        seating.free_seats(),
        allowance(seating, delegate),
        elsewhere.exclude(seating=seating, delegate=delegate).exists(),
        Registration.objects.waiting().filter(seating=seating).exists(),
    )


def test_columns_come_in_the_order_in_which_they_are_read(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM registrations_look(0, 0, false)")
        brought = [one.name for one in cursor.description]

    assert brought == [f"{row}_{name}" for row, (_model, wanted) in ROWS.items() for name in wanted.split()] + REST


def test_case_says_what_the_models_say(summit):
    """A share of the category, an exception beside the seats, a queue, and places at the same hour."""
    organiser = User.objects.create_user("organiser@example.org", is_staff=True)
    SeatingShare.objects.create(seating=summit.a, category=summit.kenya.category, table_places=2, behind_places=0)
    guests = [scene.make_delegate(scene.make_delegation(summit.forum, f"p{n}"), f"Guest {n}") for n in range(4)]
    for delegate in (summit.wanjiru, *guests[:3]):
        register(summit.a, delegate)
    services.grant_exception(
        seating=summit.a, delegate=guests[3], place="table", authorised_by="The co-chairs",
        authorised_at=scene.NOW, reason="Speaks", by=organiser, now=scene.NOW,
    )  # fmt: skip
    services.vacate(registration=register(summit.b, summit.kofi), by=None, now=scene.NOW)
    again = Delegate.objects.create(
        person=summit.wanjiru.person, delegation=summit.ghana, state="accredited", submitted_at=None,
        accredited_at=scene.NOW,
    )  # fmt: skip
    delegates = [summit.wanjiru, again, summit.kamau, summit.kofi, summit.observer, *guests]

    for seating in (summit.a, summit.b, summit.c):
        for delegate in delegates:
            assert found(seating, delegate)[1] == by_the_models(seating, delegate)
    assert [found(summit.a, delegate)[1][2] for delegate in (summit.wanjiru, again, summit.kamau)] == [
        False,
        True,
        False,
    ]
    assert [found(summit.b, delegate)[1][2] for delegate in (summit.wanjiru, again, summit.kamau)] == [
        True,
        True,
        False,
    ]
    assert [found(seating, summit.kofi)[1][3] for seating in (summit.a, summit.b)] == [True, False]


def test_case_brings_the_rows_that_the_rules_and_the_mail_read(summit, django_assert_num_queries):
    """Both with an account and without; what is left out of a row is still there for who asks."""
    with django_assert_num_queries(2):
        for delegate, email in ((summit.wanjiru, "wanjiru@example.org"), (summit.kamau, None)):
            case, _facts = found(summit.a, delegate)
            assert (case.seating, case.delegate, case.delegate.person) == (summit.a, delegate, delegate.person)
            assert case.delegate.delegation.category == summit.kenya.category
            assert (case.session.title["en"], case.session.period.lower) == ("A", scene.TEN)
            assert case.seating.session.forum.slug == summit.forum.slug
            assert getattr(getattr(case.delegate.person, "user", None), "email", None) == email

    assert str(case.delegate.delegation.party) == "Kenya"
    assert look(seating=summit.a.pk, delegate=summit.kamau.pk).session.session == summit.a.session


@pytest.mark.parametrize("waiting", [0, 6])
def test_place_takes_the_same_queries_whoever_waits(summit, waiting, django_assert_num_queries):
    guests = [scene.make_delegate(scene.make_delegation(summit.forum, f"p{n}"), f"Guest {n}") for n in range(9)]
    summit.a.behind_seats = 0
    summit.a.save()
    for delegate in guests[: waiting and 2 + waiting]:
        register(summit.a, delegate)

    with django_assert_num_queries(QUERIES_OF_A_PLACE):
        assert register(summit.a, summit.wanjiru).is_confirmed is not bool(waiting)


def queries_of(client, method):
    with CaptureQueriesContext(connection) as asked:
        getattr(client, method)(SEAT, headers=HTMX)
    return len(asked)


def test_panel_takes_the_same_queries_whoever_waits(wanjiru_client, summit, asked_once):
    wanjiru_client.get(SEAT)
    reader, asked, case = 1, 1, 1  # the sign-in with its account; the session, its seats and who asks

    assert queries_of(wanjiru_client, "get") == reader + asked + case
    assert queries_of(wanjiru_client, "post") == reader + asked + QUERIES_OF_A_PLACE
    assert Registration.objects.get().delegate == summit.wanjiru


def test_who_joins_the_line_is_told_all_without_another_look(wanjiru_client, summit, asked_once):
    guests = [scene.make_delegate(scene.make_delegation(summit.forum, f"p{n}"), f"Guest {n}") for n in range(3)]
    for delegate in guests:
        register(summit.a, delegate)
    wanjiru_client.get(SEAT)

    with CaptureQueriesContext(connection) as asked:
        told = wanjiru_client.post(SEAT, headers=HTMX).content.decode()

    assert len(asked) == 2 + QUERIES_OF_A_PLACE
    assert "All places that Kenya may have here are taken." in told
    assert told.replace(' tabindex="-1" autofocus', "") == wanjiru_client.get(SEAT, headers=HTMX).content.decode()


def test_panel_of_who_waits_says_the_rule_in_a_fixed_number_of_queries(wanjiru_client, summit, asked_once):
    DelegationHead.objects.create(delegation=summit.kenya, delegate=summit.kamau, period=(None, None))
    summit.a.behind_seats = 0
    summit.a.save()
    guests = [scene.make_delegate(scene.make_delegation(summit.forum, f"p{n}"), f"Guest {n}") for n in range(9)]
    for delegate in (*guests[:2], summit.wanjiru):
        register(summit.a, delegate)
    page = wanjiru_client.get(SEAT, headers=HTMX).content.decode()
    few = queries_of(wanjiru_client, "get")
    for delegate in guests[2:]:
        register(summit.a, delegate)

    assert "All places that Kenya may have here are taken." in page
    assert queries_of(wanjiru_client, "get") == few == 4


def change(model, pk, **values):
    return lambda: model.objects.filter(pk=pk).update(**values)


@pytest.mark.django_db(transaction=True)
def test_place_takes_two_messages_and_no_transaction_of_its_own():
    summit = make_summit()
    register(summit.a, summit.kofi)

    with CaptureQueriesContext(connection) as asked:
        register(summit.a, summit.wanjiru)

    look_first, write = (query["sql"] for query in asked)
    assert look_first.startswith("EXECUTE")
    assert write.count("EXECUTE") == 2
    assert [row.place for row in Registration.objects.filter(delegate=summit.wanjiru)] == ["table"]


def is_still(case, *, is_for_a_place=False):
    try:
        with transaction.atomic(), run(*case.still(is_for_a_place=is_for_a_place)):
            return True
    except OperationalError as error:
        return error.__cause__.pgcode != CHANGED


@pytest.mark.django_db(transaction=True)
def test_case_is_another_when_what_decides_is():
    summit = make_summit()
    category, person, session = summit.kenya.category, summit.wanjiru.person, summit.a.session.published
    as_good = copy(category)
    as_good.pk, as_good.code, as_good._state.adding = None, "as-good", True
    as_good.save()

    def seen():
        return look(seating=summit.a.pk, delegate=summit.wanjiru.pk)

    before = seen()
    register(summit.a, summit.kofi)
    assert is_still(before)  # seats are left
    for act in (
        lambda: register(summit.a, summit.kamau),
        lambda: register(summit.b, summit.wanjiru),
        change(DelegationCategory, category.pk, behind_places=0),
        lambda: SeatingShare.objects.create(seating=summit.a, category=category, table_places=2, behind_places=0),
        change(Delegate, summit.wanjiru.pk, ends_on="2018-12-05"),
        change(PublishedSession, session.pk, cancelled_at=scene.NOW),
        change(Person, person.pk, family_name="Mpya"),
        change(Delegation, summit.kenya.pk, category=as_good),
        change(Seating, summit.a.pk, closes_at=scene.NOW),
        change(Seating, summit.a.pk, table_seats=2),
    ):
        before = seen()
        assert is_still(before)
        act()
        assert not is_still(before)


@pytest.mark.django_db(transaction=True)
def test_last_seat_taken_and_somebody_in_line_are_another_case():
    summit = make_summit()
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()

    free = look(seating=summit.a.pk, delegate=summit.wanjiru.pk)
    register(summit.a, summit.kofi)
    taken = look(seating=summit.a.pk, delegate=summit.wanjiru.pk)
    register(summit.a, summit.kamau)
    waited_for = look(seating=summit.a.pk, delegate=summit.wanjiru.pk)

    assert [case.free["table"] for case in (free, taken, waited_for)] == [1, 0, 0]
    assert [case.is_waited_for for case in (free, taken, waited_for)] == [False, False, True]
    assert [is_still(case) for case in (free, taken, waited_for)] == [False, False, True]


@pytest.mark.django_db(transaction=True)
def test_for_a_place_what_constraints_keep_is_not_looked_at_again():
    summit = make_summit()
    summit.a.table_seats, summit.a.behind_seats = 1, 0
    summit.a.save()
    before = look(seating=summit.a.pk, delegate=summit.wanjiru.pk)

    register(summit.a, summit.kofi)
    register(summit.b, summit.wanjiru)
    assert is_still(before, is_for_a_place=True)
    register(summit.a, scene.make_delegate(scene.make_delegation(summit.forum, "guests"), "Guest"))
    assert not is_still(before, is_for_a_place=True)  # somebody waits
