"""The interface asked whatever its document allows, and what it does not."""

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.db import connections
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from schedule.models import Session

from .test_views import publish

BOUNDED = {
    "seed": 2018,
    "headers": {"Accept-Encoding": "identity"},
    "generation": {"max-examples": 25, "deterministic": True, "database": "none"},
    "cache": {"enabled": False},
}


@pytest.mark.django_db(transaction=True)
def test_schemathesis_finds_nothing(published, marrakesh, settings, monkeypatch):
    settings.API_REQUESTS_PER_MINUTE = 1_000_000
    settings.ALLOWED_HOSTS = ["*"]
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)  # its threads leave no connection open
    Session.objects.filter(slug="opening").update(title_en="Opening, reworded")
    publish(marrakesh)
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", get_wsgi_application(), config=SchemathesisConfig.from_dict(BOUNDED)
    )

    faults, asked = [], 0
    for event in from_schema(schema).execute():
        if isinstance(event, NonFatalError | FatalError):
            faults.append(str(event))
        if isinstance(event, ScenarioFinished):
            asked += len(event.recorder.interactions)
            faults += [
                f"{event.recorder.cases[case].value.as_curl_command()}: {check.failure_info.failure}"
                for case, checks in event.recorder.checks.items()
                for check in checks
                if check.failure_info
            ]

    assert faults == []
    assert asked > 500
