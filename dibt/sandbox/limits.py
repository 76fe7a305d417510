"""The rate-limit headers of every answer.

The Hub counts requests per fixed window of five minutes: 500 for an anonymous address, 3,000 for a member of a team.
The sandbox counts alike but never refuses by itself (`r` stays at 1 or above): a test that wants a 429 scripts one.
"""

import threading
import time

WINDOW = 300
ANONYMOUS, MEMBER = 500, 3000


class RateLimits:
    """How much of the present window each caller has used."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._window = 0
        self._used: dict[str, int] = {}

    def headers(self, authorization: str, address: str) -> dict[str, str]:
        """Count one request and say what is left."""
        quota = MEMBER if authorization else ANONYMOUS
        now = int(time.time())
        used = self._count(authorization or address, now // WINDOW)
        left, reset = max(quota - used, 1), WINDOW - now % WINDOW
        return {
            "RateLimit": f'"api";r={left};t={reset}',
            "RateLimit-Policy": f'"fixed window";"api";q={quota};w={WINDOW}',
        }

    def _count(self, caller: str, window: int) -> int:
        with self._lock:
            if window != self._window:
                self._window, self._used = window, {}
            self._used[caller] = self._used.get(caller, 0) + 1
            return self._used[caller]
