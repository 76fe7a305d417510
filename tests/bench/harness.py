"""What measurements are made of: timings over several rounds, exact counts, limits, and the table of all."""

import json
import math
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from statistics import median


@dataclass(frozen=True)
class Timing:
    """How long something took, in milliseconds, over so many rounds; and its queries if they were counted."""

    name: str
    rounds: int
    median_ms: float
    p95_ms: float
    slowest_ms: float
    queries: int | None = None


@dataclass(frozen=True)
class Count:
    """Something that has to be exact."""

    name: str
    wanted: int
    got: int

    @property
    def is_exact(self) -> bool:
        return self.wanted == self.got


@dataclass(frozen=True)
class Limit:
    """Something that must not be more than it may."""

    name: str
    at_most: float
    got: float

    @property
    def is_kept(self) -> bool:
        return self.got <= self.at_most


class Bench:
    """Collects what is measured. Every timing is of `rounds` calls, after one that is not counted."""

    def __init__(self, *, rounds: int) -> None:
        self.rounds = rounds
        self.timings: list[Timing] = []
        self.counts: list[Count] = []
        self.limits: list[Limit] = []

    def time(self, name: str, call: Callable[[], object], *, queries: int | None = None) -> Timing:
        """Time calls one after the other."""
        call()
        return self.add(name, [timed(call) for _round in range(self.rounds)], queries=queries)

    def add(self, name: str, seconds: Iterable[float], *, queries: int | None = None) -> Timing:
        """Add durations that were measured elsewhere, such as by many visitors at once."""
        sorted_ms = sorted(second * 1000 for second in seconds)
        timing = Timing(
            name=name,
            rounds=len(sorted_ms),
            median_ms=round(median(sorted_ms), 2),
            p95_ms=round(percentile(sorted_ms, 95), 2),
            slowest_ms=round(sorted_ms[-1], 2),
            queries=queries,
        )
        self.timings.append(timing)
        return timing

    def count(self, name: str, *, wanted: int, got: int) -> None:
        self.counts.append(Count(name, wanted, got))

    def limit(self, name: str, *, at_most: float, got: float) -> None:
        self.limits.append(Limit(name, at_most, round(got, 2)))

    @property
    def is_good(self) -> bool:
        """Whether every count is exact and every limit kept."""
        return all(count.is_exact for count in self.counts) and all(limit.is_kept for limit in self.limits)


def timed(call: Callable[[], object]) -> float:
    """How many seconds a call took."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def percentile(ordered: list[float], percent: float) -> float:
    """The nearest-rank percentile of values in ascending order."""
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)]


def as_json(bench: Bench) -> str:
    """One JSON object a line."""
    rows = [{"kind": "timing"} | asdict(timing) for timing in bench.timings]
    rows += [{"kind": "count"} | asdict(count) | {"is_exact": count.is_exact} for count in bench.counts]
    rows += [{"kind": "limit"} | asdict(limit) | {"is_kept": limit.is_kept} for limit in bench.limits]
    return "\n".join(map(json.dumps, rows))


def as_table(bench: Bench) -> str:
    """Tables in text: timings, counts that have to be exact, and limits; those that hold anything."""
    timings = [
        [
            t.name,
            str(t.rounds),
            f"{t.median_ms:.1f}",
            f"{t.p95_ms:.1f}",
            f"{t.slowest_ms:.1f}",
            shown(t.queries),
        ]
        for t in bench.timings
    ]
    counts = [[c.name, str(c.wanted), str(c.got), "exact" if c.is_exact else "WRONG"] for c in bench.counts]
    limits = [
        [limit.name, f"{limit.at_most:g}", f"{limit.got:g}", "kept" if limit.is_kept else "TOO MUCH"]
        for limit in bench.limits
    ]
    tables = [
        (["", "rounds", "median ms", "p95 ms", "slowest ms", "queries"], timings),
        (["", "wanted", "got", ""], counts),
        (["", "at most", "got", ""], limits),
    ]
    return "\n\n".join(table(head, rows) for head, rows in tables if rows)


def shown(number: int | None) -> str:
    return "–" if number is None else str(number)


def table(head: list[str], rows: list[list[str]]) -> str:
    """Columns in line: the first to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    return "\n".join(
        "  ".join([cells[0].ljust(widths[0]), *map(str.rjust, cells[1:], widths[1:])]).rstrip()
        for cells in [head, *rows]
    )
