def test_alive_asks_nobody(client):
    assert client.get("/healthz").content == b"alive\n"


def test_ready_names_what_answers(client, db):
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "migrations": "ok", "broker": "ok"})


def test_second_answer_costs_one_query(client, db, django_assert_num_queries):
    client.get("/readyz")

    with django_assert_num_queries(1):
        client.get("/readyz")


def test_broker_that_is_away_is_named(client, db, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"

    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["broker"]) == (503, "away")
