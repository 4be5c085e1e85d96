"""Whether this process is alive, and whether it can do its work. Nothing imports this but the urls."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import OperationalError


@require_safe
@login_not_required
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@require_safe
@login_not_required
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """Status 200 when database, migrations and broker answer, else 503; each named in the answer."""
    states = {"database": _database(), "migrations": _migrations(), "broker": _broker()}
    status = 200 if all(state == "ok" for state in states.values()) else 503
    return JsonResponse(states, status=status)


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "away"
    return "ok"


_complete: set[str] = set()  # databases found complete: code and schema of a running process do not part again


def _migrations() -> str:
    if connection.alias in _complete:
        return "ok"
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unknown"
    if plan:
        return f"{len(plan)} missing"
    _complete.add(connection.alias)
    return "ok"


def _broker() -> str:
    try:
        with Connection(
            settings.CELERY_BROKER_URL, connect_timeout=1, transport_options={"socket_timeout": 1}
        ) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0, timeout=1)
    except (OperationalError, OSError):
        return "away"
    return "ok"
