"""The one place that tells the time, so that the demo has a past and tests a present."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """The present moment, in UTC; inside `at(moment)` that moment."""
    return _pretended.get() or timezone.now()


def today() -> date:
    """Today's date in UTC: days of activity are the same for everybody."""
    return now().date()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Pretend that it is `moment` (with time zone) for this thread."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)
