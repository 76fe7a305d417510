"""The Hub's rate limit, kept by ourselves: a request that would be refused is not sent.

Everything that is sent with one token counts as one, in all processes that share REDIS_URL; without it, or while
that server does not answer, each process counts for itself and follows what the Hub's answers say is left.
"""

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import lru_cache, partial
from typing import TypeVar, cast

import redis
from django.conf import settings
from django.utils.translation import gettext as _
from huggingface_hub.utils import parse_ratelimit_headers  # type: ignore[attr-defined]  # not re-exported by name
from redis.backoff import NoBackoff
from redis.retry import Retry

from dibt.environment import cache_url_of
from dibt.gateways.errors import RateLimitedError
from dibt.gateways.hub.window import Seen, Window
from dibt.lib import clock, secrets

T = TypeVar("T")
Change = Callable[[Window | None], tuple[Window, T]]

API = "api"  # the Hub limits pages and file downloads apart
TOO_MANY = 429
PATIENCE = 1.0  # seconds for the server that is shared, which is near
LEFT_ALONE = 10.0  # seconds, after it did not answer
# Writes only what was computed from what is there: otherwise another one was faster, and it is computed again.
SWAP = """
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
"""
logger = logging.getLogger(__name__)
_random = random.SystemRandom()


class Here:
    """The windows of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[str, Window] = {}

    def change(self, key: str, change: Change[T]) -> T:
        """Replace the window under that key by what `change` makes of it; returns what `change` says besides."""
        with self._lock:
            self._windows[key], said = change(self._windows.get(key))
        return said

    def get(self, key: str) -> Window | None:
        return self._windows.get(key)

    def note(self, key: str, window: Window) -> None:
        """Know this one, unless a later one is known: threads come back in any order from where they asked."""
        with self._lock:
            known = self._windows.get(key)
            if known is None or (window.taken, -window.left) >= (known.taken, -known.left):
                self._windows[key] = window


class Everywhere:
    """The windows of all processes, in Redis or Valkey beside the cache: what is lost there is learnt again."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(
            cache_url_of(url),
            socket_connect_timeout=PATIENCE,
            socket_timeout=PATIENCE,
            retry=Retry(NoBackoff(), 1),  # once: a connection that lay idle may have been cut
        )
        self._swap = self._redis.register_script(SWAP)

    def change(self, key: str, change: Change[T], *, known: Window | None) -> tuple[Window, T]:
        """As `Here.change`, and what the window is now; it begins as the `known` one where there is none.

        Raises redis.RedisError.
        """
        while True:
            old = cast(bytes | None, self._redis.get(key)) or b""
            window, said = change(Window.from_json(old) if old else known)
            kept = (window.seconds + 60) * 2000  # milliseconds
            if self._swap(keys=[key], args=[old, window.as_json(), kept]):
                return window, said


class Silence:
    """Whether the server that is shared has lately not answered; its beginning and its end are logged."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._until: float | None = None

    def lasts(self) -> bool:
        """Whether to leave the server alone for now."""
        until = self._until
        return until is not None and time.monotonic() < until

    def begin(self, error: redis.RedisError) -> None:
        with self._lock:
            is_news, self._until = self._until is None, time.monotonic() + LEFT_ALONE
        if is_news:
            logger.warning(
                "REDIS_URL does not answer (%s): each process counts the Hub's rate limit for itself",
                type(error).__name__,
            )

    def end(self) -> None:
        with self._lock:
            is_news, self._until = self._until is not None, None
        if is_news:
            logger.info("The Hub's rate limit is counted over all processes again")


class Limiter:
    """Gives out the places of each token's windows, and learns from the Hub's answers what they are."""

    def __init__(self, *, quota: int, seconds: int, redis_url: str = "") -> None:
        self._quota, self._seconds = quota, seconds
        self._here = Here()
        self._everywhere = Everywhere(redis_url) if redis_url else None
        self._silence = Silence()

    def take(self, token: str) -> int:
        """Take a place for one request with that token and return its number.

        Raises RateLimitedError, without a word to the Hub, when the present window has none left.
        """
        place, pause, pace = self._change(token, self._taken)
        if place is None:
            raise RateLimitedError(
                _("Waiting for the Hub's rate limit: the platform has sent all the requests it may for now."),
                after=timedelta(seconds=pause + _random.uniform(0, pace)),
            )
        return place

    def learn(self, token: str, *, place: int, status: int, headers: Mapping[str, str]) -> None:
        """Take note of what the answer to the request with that place says; it may say nothing."""
        seen = seen_in(status, headers)
        if seen is not None:
            self._change(token, partial(self._learnt, place=place, seen=seen))

    def _taken(self, window: Window | None) -> tuple[Window, tuple[int | None, float, float]]:
        now = clock.now().timestamp()
        window, pause = (window or self._first(now)).take(now)
        return window, (None if pause else window.taken, pause, window.pace)

    def _learnt(self, window: Window | None, *, place: int, seen: Seen) -> tuple[Window, None]:
        now = clock.now().timestamp()
        return (window or self._first(now)).learn(now, place=place, seen=seen), None

    def _first(self, now: float) -> Window:
        return Window.first(quota=self._quota, seconds=self._seconds, now=now)

    def _change(self, token: str, change: Change[T]) -> T:
        key = f"hub-rate:{secrets.digest(token)}"
        if self._everywhere is None or self._silence.lasts():
            return self._here.change(key, change)
        try:
            window, said = self._everywhere.change(key, change, known=self._here.get(key))
        except redis.RedisError as error:
            self._silence.begin(error)
            return self._here.change(key, change)
        self._silence.end()
        self._here.note(key, window)  # to go on from, should the server fall silent
        return said


def seen_in(status: int, headers: Mapping[str, str]) -> Seen | None:
    """What an answer of the Hub says of the window of its API, if anything.

    A 429 is taken at its word also without these headers: nothing is left, for as long as `Retry-After` says.
    """
    told = parse_ratelimit_headers(headers)
    if told is None:
        seconds = headers.get("retry-after", "")
        return (
            Seen(left=0, reset=int(seconds) if seconds.isdecimal() else None) if status == TOO_MANY else None
        )
    if told.resource_type != API:
        return None
    return Seen(told.limit, told.window_seconds, told.remaining, told.reset_in_seconds)


@lru_cache(maxsize=1)
def the_limiter() -> Limiter:
    """The limiter of the settings, one for the process."""
    return Limiter(
        quota=settings.HUB_RATE_QUOTA,
        seconds=int(settings.HUB_RATE_WINDOW.total_seconds()),
        redis_url=settings.REDIS_URL,
    )
