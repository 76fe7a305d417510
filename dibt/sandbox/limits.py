"""Rate limits: fixed windows, counted per token, or per address for who comes without one.

Every answer tells in `RateLimit` what is left. Past the quota a request is refused with 429 before anything is done,
in the Hub's words, and costs nothing. The quotas are those of https://huggingface.co/docs/hub/rate-limits for a member
of a team; pages are not limited here. When the Hub's windows begin is not published: these begin with the epoch, so
that the windows of one sandbox and the next agree.

Beside them the Hub has hourly quotas per kind of action, of which it publishes only the refusal; here they are off
until somebody sets one.
"""

import threading
import time
from dataclasses import dataclass, field

from dibt.sandbox import actions
from dibt.sandbox.identity import digest
from dibt.sandbox.wire import HubError, Response

WINDOW = 300
HOUR = 3600
API, RESOLVERS = "api", "resolvers"
ANONYMOUS = {API: 500, RESOLVERS: 3_000}
MEMBER = {API: 3_000, RESOLVERS: 20_000}


@dataclass(frozen=True, slots=True)
class Rule:
    """`quota` API requests of one token in each window of `window` seconds."""

    quota: int = MEMBER[API]
    window: int = WINDOW

    def quota_of(self, bucket: str, *, anonymous: bool) -> int:
        if bucket == API:
            return min(self.quota, ANONYMOUS[API]) if anonymous else self.quota
        return (ANONYMOUS if anonymous else MEMBER)[bucket]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the limits say of one request: the headers of its answer, and the refusal if it is refused.

    `limited` names what was used up: `api`, `resolvers`, or an action.
    """

    headers: dict[str, str] = field(default_factory=dict)
    refusal: Response | None = None
    limited: str = ""


class RateLimits:
    """How much of the present windows each caller has used."""

    def __init__(self, rule: Rule) -> None:
        self._lock = threading.Lock()
        self._configured = self.rule = rule
        self._used: dict[tuple[str, str], tuple[int, int]] = {}
        self._per_hour: dict[str, int] = {}

    def set(self, rule: Rule) -> None:
        """From now on; what was used is forgotten."""
        with self._lock:
            self.rule, self._used = rule, {}

    def set_action(self, action: str, *, per_hour: int | None) -> None:
        """Allow a token so many of an action per hour; None takes the quota away. KeyError for an unknown action."""
        if action not in actions.ACTIONS:
            raise KeyError(action)
        with self._lock:
            self._used = {key: used for key, used in self._used.items() if key[0] != action}
            self._per_hour.pop(action, None)
            if per_hour is not None:
                self._per_hour[action] = per_hour

    @property
    def per_hour(self) -> dict[str, int]:
        """The actions that have a quota, and how many it allows."""
        with self._lock:
            return dict(self._per_hour)

    def reset(self) -> None:
        """As at the start: the configured rule, no quotas of actions, nothing used."""
        with self._lock:
            self.rule, self._used, self._per_hour = self._configured, {}, {}

    def take(self, method: str, path: str, *, authorization: str, address: str) -> Verdict:
        """Count a request that arrives now."""
        bucket = _bucket(path)
        if not bucket:
            return Verdict()
        caller, now = digest(authorization) if authorization else address, time.time()
        with self._lock:
            quota = self.rule.quota_of(bucket, anonymous=not authorization)
            left = self._take(bucket, caller, quota, int(now) // self.rule.window)
            headers = _headers(bucket, max(left, 0), self.rule, quota, now)
            if left < 0:
                return Verdict(headers, _too_fast(bucket, quota, self.rule.window), bucket)
            action = actions.of(method, path)
            allowed = self._per_hour.get(action)
            if allowed is not None and self._take(action, caller, allowed, int(now) // HOUR) < 0:
                return Verdict(headers, _too_often(action), action)
        return Verdict(headers)

    def _take(self, what: str, caller: str, quota: int, window: int) -> int:
        """What is left after taking one; -1 if there was nothing left to take."""
        began, used = self._used.get((what, caller), (window, 0))
        used = used if began == window else 0
        self._used[what, caller] = (window, min(used + 1, quota))
        return quota - used - 1


def _bucket(path: str) -> str:
    if path.startswith("/api/"):
        return API
    return RESOLVERS if "/resolve/" in path else ""


def _headers(bucket: str, left: int, rule: Rule, quota: int, now: float) -> dict[str, str]:
    reset = rule.window - int(now) % rule.window
    return {
        "RateLimit": f'"{bucket}";r={left};t={reset}',
        "RateLimit-Policy": f'"fixed window";"{bucket}";q={quota};w={rule.window}',
    }


def _too_fast(bucket: str, quota: int, window: int) -> Response:
    period = f"{window // 60} minutes" if window % 60 == 0 else f"{window} seconds"
    return HubError(
        429,
        f"We had to rate limit you, you hit the quota of {quota} {bucket} requests per {period} period."
        " Upgrade to a PRO user or Team/Enterprise organization account (https://hf.co/pricing) to get higher limits."
        " See https://huggingface.co/docs/hub/rate-limits",
    ).response()


def _too_often(action: str) -> Response:
    message = f"You have exceeded our hourly quotas for action: {action}. We invite you to retry later."
    return HubError(429, message).response()
