"""How often the API may be asked: so many times in a window, counted by one number.

REST framework's own throttles keep the moment of each request of the last minute; for a program that asks a hundred
times a second, reading and writing that list takes longer than its answer.
"""

from typing import Any

from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, UserRateThrottle


class _CountedMixin:
    """Counts in fixed windows, as long as the rate says; `wait` is what is left of the present one."""

    rate: str | None
    num_requests: int
    duration: int
    timer: Any

    def allow_request(self, request: Request, view: Any) -> bool:
        key = self.get_cache_key(request, view) if self.rate else None  # type: ignore[attr-defined]  # of the other
        if key is None:
            return True
        window = f"{key}:{int(self.timer() // self.duration)}"
        try:
            return bool(cache.incr(window) <= self.num_requests)
        except ValueError:  # the first one in this window
            cache.add(window, 1, self.duration)
            return True

    def wait(self) -> float:
        return float(self.duration - self.timer() % self.duration)


class AnonThrottle(_CountedMixin, AnonRateThrottle):
    """Of those without an account, by address."""


class UserThrottle(_CountedMixin, UserRateThrottle):
    """Of people, whatever the number of their tokens."""
