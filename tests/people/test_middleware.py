import pytest
from django.db import DatabaseError, connection

from people.models import User


def away(*args):
    raise DatabaseError("away")


def test_public_page_is_read_with_the_cookie_of_a_session_while_the_database_is_away(published, client):
    client.force_login(User.objects.create_user("anna@example.org", "long enough password"))
    client.get("/en/")

    with connection.execute_wrapper(away):
        assert client.get("/en/roundtables/2.1/").status_code == 200


def test_page_that_nobody_marked_public_asks_for_an_account(db, client):
    response = client.get("/en/my/")

    assert response.status_code == 302
    assert response["Location"].startswith("/en/accounts/login/")


@pytest.mark.parametrize("address", ["/healthz", "/en/accounts/login/", "/en/accounts/corner/"])
def test_public_address_needs_no_account(db, client, address):
    assert client.get(address).status_code == 200
