"""Keeping a lease while a worker is busy with one long piece of work."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy

from django.db import connection

from dibt.lib import leases

SECONDS = 30.0


@contextmanager
def kept(row: leases.Leased) -> Iterator[None]:
    """Extend the lease on the row every half a minute, from a thread with a connection of its own.

    A transaction of the caller would hide the extension from the other workers until it ends. The row is
    copied: one that is read again could name another worker's lease.
    """
    done = threading.Event()
    thread = threading.Thread(target=_beat, args=(copy(row), done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _beat(row: leases.Leased, done: threading.Event) -> None:
    try:
        while not done.wait(SECONDS) and leases.extend(row):
            pass
    finally:
        connection.close()
