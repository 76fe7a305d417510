"""The one place that tells the time, so that the demo has a past and tests a present."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta

from django.utils import timezone

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_pretended: ContextVar[datetime | None] = ContextVar("pretended", default=None)


def now() -> datetime:
    """The present moment, in UTC; inside `at(moment)` that moment."""
    return _pretended.get() or timezone.now()


def today() -> date:
    """Today's date in UTC: days of activity are the same for everybody."""
    return now().date()


def milliseconds(moment: datetime) -> int:
    """In whole ms since 1970, as browsers reckon."""
    return (moment - EPOCH) // timedelta(milliseconds=1)


def from_milliseconds(moment: int) -> datetime:
    """The moment of so many ms since 1970."""
    return EPOCH + timedelta(milliseconds=moment)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Pretend that it is `moment` (with time zone) for this thread."""
    token = _pretended.set(moment)
    try:
        yield
    finally:
        _pretended.reset(token)
