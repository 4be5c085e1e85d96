"""Statements that are put together once do what the ORM does."""

import psycopg2
import pytest
from django.db import Error, connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.forms.models import model_to_dict
from django.utils import timezone
from post_office.models import Email

from people.models import Party, Person, User
from people.rows import insert, new, prepared, together
from registrations.models import Registration

pytestmark = pytest.mark.django_db


@prepared
def named(name: str, least: int) -> QuerySet[Person]:
    accounts = User.objects.filter(person=OuterRef("pk"), is_active=True)
    return Person.objects.filter(family_name=name, pk__gte=least).annotate(has_account=Exists(accounts)).order_by("-pk")


def test_prepared_query_finds_what_the_query_finds_for_each_argument(django_assert_num_queries):
    first, second, other = (Person.objects.create(family_name=name) for name in ("Mfano", "Mfano", "O’Dowd %s"))
    User.objects.create_user("mfano@example.org", person=second)

    with django_assert_num_queries(4):
        found = [named(*one) for one in (("Mfano", 0), ("Mfano", second.pk), ("O’Dowd %s", 0), ("Nobody", 0))]

    assert found == [[second, first], [second], [other], []]
    assert [one.has_account for one in found[0]] == [True, False]
    assert [model_to_dict(one) for one in found[0]] == [model_to_dict(second), model_to_dict(first)]
    found[2][0].family_name = "O’Dowd"
    found[2][0].save()
    assert Person.objects.get(pk=other.pk).family_name == "O’Dowd"


@pytest.mark.django_db(transaction=True)
def test_statement_is_read_once_by_each_connection():
    for _connection in range(2):
        connection.close()
        named("Mfano", 0)
        named("Kielezo", 1)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%family_name%'")
            assert cursor.fetchone() == (1,)


@prepared
def with_account(name: str) -> QuerySet[Person]:
    return Person.objects.filter(family_name=name).select_related("user").only("family_name", "user__email")


def test_related_rows_come_along_where_the_query_names_them(django_assert_num_queries):
    without, person = (Person.objects.create(family_name=name) for name in ("Nobody", "Mfano"))
    user = User.objects.create_user("mfano@example.org", person=person)
    with_account("Mfano")

    with django_assert_num_queries(2):
        [found], [other] = with_account("Mfano"), with_account("Nobody")
        assert (found, found.user, found.user.email) == (person, user, "mfano@example.org")
        assert found.user.person is found
        with pytest.raises(User.DoesNotExist):
            _ = other.user
    assert other == without
    with django_assert_num_queries(1):
        assert found.given_name == ""  # was left out


@transaction.atomic
def in_a_transaction(die):
    """What was done before is lost with the connection, so that nothing is asked again."""
    die()
    named("Mfano", 0)


@pytest.mark.django_db(transaction=True)
def test_connection_that_died_is_replaced_by_the_read_that_finds_it_dead():
    def die():
        connection.health_check_enabled, connection.health_check_done = True, False  # as at the start of a request
        with psycopg2.connect(**connection.get_connection_params()) as other, other.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [connection.connection.get_backend_pid()])

    Person.objects.create(family_name="Mfano")
    named("Mfano", 0)
    first = connection.connection
    die()

    assert [str(one) for one in named("Mfano", 0)] == ["Mfano"]
    assert connection.connection is not first
    with pytest.raises(Error):
        in_a_transaction(die)
    assert [str(one) for one in named("Mfano", 0)] == ["Mfano"]


def test_new_row_is_the_one_that_the_model_makes():
    values = {"from_email": "a@example.org", "to": ["b@example.org"], "status": 2}

    made, model = new(Email, **values), Email(**values)

    assert model_to_dict(made) == model_to_dict(model)
    assert made._state.adding
    assert new(Party).code == Party().code == ""
    assert new(Registration).uuid != new(Registration).uuid


def test_inserted_row_is_the_one_that_save_writes():
    values = {"from_email": "a@example.org", "to": ["b@example.org", "c@example.org"], "headers": {"X": "é"}}
    saved, inserted = Email(**values), Email(**values)
    saved.save()

    insert(inserted)

    kept, written = (Email.objects.values().get(pk=one.pk) for one in (saved, inserted))
    for row in (kept, written):
        assert row.pop("created") <= row.pop("last_updated") <= timezone.now()
        row.pop("id")
    assert written == kept
    assert Email.objects.get(pk=inserted.pk) == inserted


def test_rows_inserted_together_are_written_by_one_statement(django_assert_num_queries):
    first, second = Email(from_email="a@example.org", to=["b@example.org"]), Email(from_email="c@example.org", to=[])

    with django_assert_num_queries(1), together():
        insert(first)
        insert(second)
        assert first.pk is None
    with django_assert_num_queries(0), together():
        pass

    written = dict(Email.objects.values_list("pk", "from_email"))
    assert written == {first.pk: "a@example.org", second.pk: "c@example.org"}
