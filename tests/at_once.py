"""What tests of two connections at the same time share."""

from collections.abc import Callable

import pytest
from django.db import connection

needs_row_locks = pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite has one writer at a time: nobody ever waits for a row"
)


def without_patience(work: Callable[[], object]) -> object:
    """Do it in a connection of its own; OperationalError where that would have to wait for somebody."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '2s'")
        return work()
    finally:
        connection.close()


def somebody_waits() -> bool:
    """Whether a connection waits for a lock of another one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
        return cursor.fetchone() is not None
