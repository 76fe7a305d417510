"""Is it up, and can it work: for load balancers, container health checks and `./run` itself.

Neither asks who is there: no session is read, and nothing secret or internal is answered.
"""

import logging

from celery import current_app
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
BROKER_PATIENCE = 2  # seconds


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """The process answers. Says nothing of what is behind it: restarting would not mend a database."""
    return _answer({"process": True})


@require_safe
def readyz(_request: HttpRequest) -> JsonResponse:
    """200 if the database answers, all migrations are applied, the broker answers; else 503 saying which."""
    reachable = database_answers()
    return _answer(
        {
            "database": reachable,
            "migrations": reachable and migrations_are_applied(),
            "broker": broker_answers(),
        }
    )


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        logger.warning("The database does not answer: %s", type(error).__name__)
        return False
    return True


def migrations_are_applied() -> bool:
    """Whether the database is at least as new as this code."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def broker_answers() -> bool:
    try:
        with current_app.connection_for_write() as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, timeout=BROKER_PATIENCE)
    except (OperationalError, OSError) as error:
        logger.warning("The broker does not answer: %s", type(error).__name__)
        return False
    return True


def _answer(checks: dict[str, bool]) -> JsonResponse:
    ready = all(checks.values())
    words = {name: "ok" if works else "failed" for name, works in checks.items()}
    body = {"status": "ok" if ready else "unavailable", "checks": words}
    return JsonResponse(body, status=200 if ready else 503, headers={"Cache-Control": "no-store"})
