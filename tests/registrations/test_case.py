"""One statement reads what decides about a delegate; it must say what the models say."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.models import Party, Person, User
from programme.models import PublishedSession
from registrations import services
from registrations.allowances import allowance
from registrations.case import REST, ROWS, Lock, look
from registrations.models import Delegate, DelegationCategory, DelegationHead, Registration, Seating, SeatingShare
from tests.registrations import scene
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
        cursor.execute("SELECT * FROM registrations_look(0, 0, '')")
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
    reader, asked, case = 2, 1, 1  # the sign-in and the account; the session, its seats and who asks

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

    assert len(asked) == 3 + QUERIES_OF_A_PLACE
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
    assert queries_of(wanjiru_client, "get") == few == 5


def change(model, pk, **values):
    return lambda: model.objects.filter(pk=pk).update(**values)


def test_seen_is_another_when_what_decides_is(summit):
    kenya, category = summit.kenya, summit.kenya.category
    person, session = summit.wanjiru.person, summit.a.session.published

    def seen():
        return look(seating=summit.a.pk, delegate=summit.wanjiru.pk, lock=Lock.WAIT).seen

    before = seen()
    register(summit.a, summit.kofi)
    assert seen() == before  # seats are left

    told = [before]
    for act in (
        lambda: register(summit.a, summit.kamau),
        lambda: register(summit.b, summit.wanjiru),
        change(DelegationCategory, category.pk, behind_places=0),
        lambda: SeatingShare.objects.create(seating=summit.a, category=category, table_places=2, behind_places=0),
        change(Delegate, summit.wanjiru.pk, ends_on="2018-12-05"),
        change(PublishedSession, session.pk, cancelled_at=scene.NOW),
        change(Party, kenya.party.pk, short_name_en="The Republic"),
        change(Person, person.pk, family_name="Mpya"),
        change(User, person.user.pk, email="new@example.org"),
        change(Seating, summit.a.pk, closes_at=scene.NOW),
        change(Seating, summit.a.pk, table_seats=9),
    ):
        act()
        told.append(seen())
    assert len(set(told)) == len(told)
