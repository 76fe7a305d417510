"""A sign of life before every request, from whoever holds something for as long as it works.

A worker's lease must outlast one request, not a whole step of many: each gateway's transport calls `beat()`
before a request leaves, and what the worker asked for with `heartbeat()` happens then.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_beat: ContextVar[Callable[[], None] | None] = ContextVar("beat", default=None)


@contextmanager
def heartbeat(on_beat: Callable[[], None]) -> Iterator[None]:
    """Call `on_beat` before each request of this thread. What it raises ends the call, and no request is made."""
    token = _beat.set(on_beat)
    try:
        yield
    finally:
        _beat.reset(token)


def beat() -> None:
    """A request is about to leave."""
    on_beat = _beat.get()
    if on_beat is not None:
        on_beat()
