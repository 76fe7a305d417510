"""One count for all processes, on a real Valkey: never more than the quota, and nothing lost when it goes and comes."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis

from dibt.environment import cache_url_of
from dibt.gateways.errors import RateLimitedError
from dibt.gateways.hub import limiter as limiters
from dibt.gateways.hub.limiter import Limiter
from dibt.gateways.hub.window import Window
from dibt.management import valkey
from tests.house.running import ROOT, newcomer

TOKEN = "Bearer hf_a-marker-of-a-token"
PROCESSES, THREADS, REQUESTS = 4, 4, 40
TAKE = f"""
import sys
from concurrent.futures import ThreadPoolExecutor
import django
django.setup()
from dibt.gateways.errors import RateLimitedError
from dibt.gateways.hub.limiter import Limiter

limiter = Limiter(quota=int(sys.argv[2]), seconds=300, redis_url=sys.argv[1])

def take(_number):
    try:
        return limiter.take({TOKEN!r})
    except RateLimitedError:
        return 0

with ThreadPoolExecutor({THREADS}) as pool:
    print(*pool.map(take, range({REQUESTS})))
"""


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    """The REDIS_URL of a server of this test alone."""
    with valkey.embedded(tmp_path / "broker", keep=False) as running:
        yield running.url


def places_of(limiter: Limiter, *, requests: int) -> list[int]:
    """The numbers of the places that so many requests in several threads were given."""

    def take(_request: int) -> int:
        try:
            return limiter.take(TOKEN)
        except RateLimitedError:
            return 0

    with ThreadPoolExecutor(THREADS) as pool:
        return [place for place in pool.map(take, range(requests)) if place]


@pytest.mark.slow
@pytest.mark.parametrize("quota", [100, PROCESSES * REQUESTS + 1])
def test_processes_and_threads_together_take_each_place_once_and_none_beyond_the_quota(
    broker: str, tmp_path: Path, quota: int
) -> None:
    environment = newcomer(DATA_DIR=str(tmp_path), DJANGO_SETTINGS_MODULE="dibt.settings")
    command = [sys.executable, "-c", TAKE, broker, str(quota)]

    processes = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)
        for _process in range(PROCESSES)
    ]
    said = [process.communicate()[0] for process in processes]

    numbers = Counter(int(number) for line in said for number in line.split())
    refused = numbers.pop(0, 0)
    assert numbers == Counter(range(1, min(quota, PROCESSES * REQUESTS) + 1))
    assert refused == max(PROCESSES * REQUESTS - quota, 0)


def test_what_one_process_learns_all_of_them_know(broker: str) -> None:
    one, other = (Limiter(quota=1000, seconds=300, redis_url=broker) for _process in range(2))
    place = one.take(TOKEN)

    one.learn(TOKEN, place=place, status=200, headers={"RateLimit": '"api";r=2;t=100'})

    assert sorted(places_of(other, requests=5)) == [place + 1, place + 2]  # asked by several threads
    with pytest.raises(RateLimitedError):
        one.take(TOKEN)


def test_while_the_server_is_away_each_counts_on_from_what_it_knows_and_together_again_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(limiters, "LEFT_ALONE", 0.0)
    caplog.set_level("INFO")
    with valkey.embedded(tmp_path, keep=False) as server:
        limiter = Limiter(quota=10, seconds=300, redis_url=server.url)
        before = places_of(limiter, requests=4)

    without = places_of(limiter, requests=3)
    with valkey.embedded(tmp_path, keep=False):
        after = places_of(limiter, requests=1)

    assert sorted(before + without + after) == [1, 2, 3, 4, 5, 6, 7, 8]
    said = [record.levelname for record in caplog.records if "rate limit" in record.message]
    assert said == ["WARNING", "INFO"]


def test_what_a_thread_heard_late_is_not_taken_for_the_latest() -> None:
    windows = limiters.Here()
    earlier, _pause = Window.first(quota=10, seconds=300, now=0).take(0)
    later, _pause = earlier.take(0)

    windows.note("key", later)
    windows.note("key", earlier)

    assert windows.get("key") == later


def test_the_server_sees_neither_the_token_nor_a_window_for_longer_than_it_matters(broker: str) -> None:
    limiter = Limiter(quota=10, seconds=300, redis_url=broker)

    limiter.take(TOKEN)

    with redis.Redis.from_url(cache_url_of(broker)) as server:
        (key,) = server.keys("*")
        assert b"a-marker" not in key + server.get(key)
        assert 300 < server.ttl(key) < 3600
