"""The fixed window of a rate limit, as far as we know it: a plain value and how it changes.

The service counts in windows that it begins when it likes, and tells of them only in its answers
(https://www.ietf.org/archive/id/draft-ietf-httpapi-ratelimit-headers-09.html): what is left, and in how many
whole seconds the window ends. Moments are seconds of Unix time.
"""

import json
from dataclasses import asdict, dataclass, replace

# The service says seconds without saying whether they are rounded up or down: an end we believe in is never too early.
ROUNDED = 1.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What one answer said of the window: its policy, and how it stood. None is what it did not say."""

    quota: int | None = None
    seconds: int | None = None
    left: int | None = None
    reset: int | None = None


@dataclass(frozen=True, slots=True)
class Window:
    """The present window: `left` places out of `quota`, until `end`.

    Places are numbered, over all windows: `taken` is the last one's number, and those up to `before` were taken
    in earlier windows. `turned_away` is how many found no place in this one.
    """

    quota: int
    seconds: int
    left: int
    end: float
    taken: int = 0
    before: int = 0
    turned_away: int = 0

    @classmethod
    def first(cls, *, quota: int, seconds: int, now: float) -> "Window":
        """The one to begin with, while nothing is known but what the settings say."""
        return cls(quota=quota, seconds=seconds, left=quota, end=now + seconds + ROUNDED)

    @classmethod
    def from_json(cls, text: str | bytes) -> "Window":
        return cls(**json.loads(text))

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    def present(self, now: float) -> "Window":
        """This window while it lasts, then a whole new one, of which the first answer will tell the end."""
        latest = now + self.seconds + ROUNDED
        if now < self.end:
            return replace(self, end=min(self.end, latest))  # a clock that was put back must not keep it open
        return replace(self, left=self.quota, end=latest, before=self.taken, turned_away=0)

    def take(self, now: float) -> tuple["Window", float]:
        """Take one place, whose number is then `taken`; or none, and the seconds until it is one's turn.

        Who was turned away first comes back first, one after the other at the pace that the limit allows.
        """
        window = self.present(now)
        if window.left > 0:
            return replace(window, left=window.left - 1, taken=window.taken + 1), 0.0
        window = replace(window, turned_away=window.turned_away + 1)
        return window, window.end - now + window.turned_away * window.pace

    def learn(self, now: float, *, place: int, seen: Seen) -> "Window":
        """What is known after the answer to the request that had taken that place."""
        window = self.present(now)._under(seen)
        if seen.left is None:
            return window
        # Whoever took a place after that may not have been counted yet when it was answered.
        left = seen.left - (window.taken - place)
        end = window.end if seen.reset is None else now + seen.reset + ROUNDED
        if end > window.end + window.seconds / 2:  # the service has begun another one
            return replace(window, left=left, end=end, before=place - 1, turned_away=0)
        if place <= window.before:
            return window
        return replace(window, left=min(window.left, left), end=min(window.end, end))

    @property
    def pace(self) -> float:
        """Seconds from one request to the next when they are spread evenly."""
        return self.seconds / self.quota

    def _under(self, seen: Seen) -> "Window":
        """The same window under the policy that was told, if one was."""
        quota, seconds = seen.quota or self.quota, seen.seconds or self.seconds
        return replace(self, quota=quota, seconds=seconds, left=self.left + quota - self.quota)
