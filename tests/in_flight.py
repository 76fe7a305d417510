"""How many requests the test's own server is answering: its database is not emptied before that is none."""

import threading
import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

A_MOMENT = 0.1  # seconds; longer than it takes to begin with what has come from the network


class InFlightMiddleware:
    """Counts them, for all threads of this process together."""

    active = 0
    lock = threading.Lock()

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        self._count(1)
        try:
            return self.get_response(request)
        finally:
            self._count(-1)

    @classmethod
    def _count(cls, by: int) -> None:
        with cls.lock:
            cls.active += by

    @classmethod
    def is_idle(cls) -> bool:
        return cls.active == 0

    @classmethod
    def stays_idle(cls) -> bool:
        """Whether there is none now and a moment later: one may have come and not be counted yet."""
        if not cls.is_idle():
            return False
        time.sleep(A_MOMENT)
        return cls.is_idle()
