"""Where a worker can be killed: found by watching one that is left alone."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from dibt.sandbox.journal import Entry
from projects.models import Space

ONE_PART = "[^/]+"
PARTS = {"{space}": f"{ONE_PART}/{ONE_PART}", "{bucket}": f"{ONE_PART}/{ONE_PART}"}
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class InCall:
    """In the middle of the `nth` call of this kind, before the Hub did the work or after."""

    method: str
    pattern: str
    nth: int
    after_the_work: bool

    def __str__(self) -> str:
        moment = "after" if self.after_the_work else "before"
        return f"{moment} the work of {self.method} {self.pattern} #{self.nth}"

    @property
    def path(self) -> str:
        """A regular expression for the paths of that kind."""
        parts = re.split(r"(\{\w+\})", self.pattern)
        return f"^{''.join(PARTS.get(part, ONE_PART) if part[:1] == '{' else re.escape(part) for part in parts)}$"


@dataclass(frozen=True)
class AtBoundary:
    """Between two steps, or two parts of one: the `nth` time that the worker came by this place."""

    place: str
    nth: int

    def __str__(self) -> str:
        return f"at “{self.place}” #{self.nth}"


Point = InCall | AtBoundary


def calls_of(space: Space, entries: Iterable[Entry]) -> list[InCall]:
    """Both moments of each call."""
    seen: Counter[tuple[str, str]] = Counter()
    points = []
    for entry in entries:
        kind = entry.method, pattern_of(space, entry.path)
        seen[kind] += 1
        points += [InCall(*kind, seen[kind], after_the_work) for after_the_work in (False, True)]
    return points


def boundaries_of(places: Iterable[str]) -> list[AtBoundary]:
    """Each place, but for those after which nothing more is there than when the next call is killed."""
    seen: Counter[str] = Counter()
    points = []
    for place in places:
        seen[place] += 1
        name = place.split()[0]
        if name != "step_started" and (name, seen[place] > 1) != ("started", True):
            points.append(AtBoundary(place, seen[place]))
    return points


def pattern_of(space: Space, path: str) -> str:
    """The path with what differs from one Space to the next left open."""
    app = space.repo_id.replace("/", "-")
    path = path.replace(space.bucket_id, "{bucket}").replace(space.repo_id, "{space}")
    return UUID.sub("{id}", path.replace(app, "{app}"))
