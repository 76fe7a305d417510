"""Measurements: what is counted, and what `./bench` prints."""

import json
import subprocess
import sys

import pytest

from tests.bench.harness import Bench, as_json, as_table
from tests.house.running import PATIENCE, ROOT, newcomer


def test_a_timing_says_median_p95_and_slowest_in_milliseconds() -> None:
    bench = Bench(rounds=1)

    timing = bench.add("page", [number / 1000 for number in range(1, 101)], queries=7)

    assert (timing.rounds, timing.median_ms, timing.p95_ms, timing.slowest_ms) == (100, 50.5, 95.0, 100.0)
    assert timing.queries == 7


def test_the_first_call_warms_up_and_is_not_counted() -> None:
    bench = Bench(rounds=3)
    calls: list[int] = []

    timing = bench.time("page", lambda: calls.append(1))

    assert len(calls) == 4
    assert timing.rounds == 3


def test_a_count_that_is_not_exact_is_seen() -> None:
    bench = Bench(rounds=1)
    bench.count("answers", wanted=3000, got=3000)
    assert bench.is_good

    bench.count("records with too many", wanted=0, got=1)

    assert not bench.is_good
    assert [json.loads(line)["is_exact"] for line in as_json(bench).splitlines()] == [True, False]
    assert "WRONG" in as_table(bench)


def test_a_limit_that_is_not_kept_is_seen() -> None:
    bench = Bench(rounds=1)
    bench.limit("calls per Space", at_most=30, got=30)
    assert bench.is_good

    bench.limit("wall time", at_most=1.2, got=1.204)
    assert bench.is_good
    bench.limit("wall time", at_most=1.2, got=1.21)

    assert not bench.is_good
    assert [json.loads(line)["is_kept"] for line in as_json(bench).splitlines()] == [True, True, False]
    assert "TOO MUCH" in as_table(bench)


def test_the_table_is_in_line() -> None:
    bench = Bench(rounds=1)
    bench.add("a", [0.001], queries=1)
    bench.add("longer", [0.0105])

    assert as_table(bench).splitlines() == [
        "        rounds  median ms  p95 ms  slowest ms  queries",
        "a            1        1.0     1.0         1.0        1",
        "longer       1       10.5    10.5        10.5        –",
    ]


@pytest.mark.once
@pytest.mark.slow
def test_a_measurement_starts_what_it_needs_and_prints_json() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench", "floor", "--json", "--rounds", "2"],
        cwd=ROOT,
        env=newcomer(),
        capture_output=True,
        text=True,
        timeout=2 * PATIENCE,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    rows = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [(row["name"], row["rounds"], row["queries"]) for row in rows] == [
        ("GET /healthz", 2, 0),
        ("GET /readyz", 2, 3),
    ]
    assert all(0 < row["median_ms"] <= row["p95_ms"] <= row["slowest_ms"] for row in rows)
