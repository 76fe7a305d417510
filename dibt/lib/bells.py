"""Bells: how the domain lets background work know that a row waits, without knowing Celery.

The domain commits a row that says PENDING and calls `ring("spaces.provision", space.pk)`; after the commit
whoever listens is told the row's id. The row is the truth and the message only a doorbell: lost, doubled
or late rings are harmless, because the listener looks at the row, and a sweeper (`dibt.tasks`) rings again
for rows nobody took.
"""

from collections.abc import Callable, Iterable
from functools import partial

from django.db import transaction

Listener = Callable[[int], object]
_listeners: dict[str, Listener] = {}
_waiting: dict[str, Callable[[], Iterable[int]]] = {}


def on(name: str, *, waiting: Callable[[], Iterable[int]]) -> Callable[[Listener], Listener]:
    """Register the listener of a bell, and how to find the ids of rows that wait (for the sweeper)."""

    def register(listener: Listener) -> Listener:
        _listeners[name] = listener
        _waiting[name] = waiting
        return listener

    return register


def ring(name: str, row_id: int) -> None:
    """Tell the listener of `name` about the row, once the current transaction is committed."""
    transaction.on_commit(partial(_tell, name, row_id), robust=True)


def ring_again() -> int:
    """Ring for every row that still waits; returns how many."""
    rung = 0
    for name, waiting in _waiting.items():
        for row_id in waiting():
            _tell(name, row_id)
            rung += 1
    return rung


def _tell(name: str, row_id: int) -> None:
    _listeners[name](row_id)
