"""The limiter before the Hub: what has no room is not sent, and every answer is listened to."""

import logging
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from dibt.environment import cache_url_of
from dibt.gateways.errors import RateLimitedError, RetryLaterError
from dibt.gateways.hub import Hub
from dibt.gateways.hub.limiter import Limiter, seen_in
from dibt.gateways.hub.window import Seen
from dibt.lib import clock
from dibt.sandbox.testing import PLATFORM_TOKEN, READONLY_TOKEN, SandboxServer

ORGANISATION = "/api/organizations/delta-readers/overview"
TOKEN = "Bearer hf_a-marker-of-a-token"


def a_hub(token: str = PLATFORM_TOKEN) -> Hub:
    return Hub(endpoint=settings.HUB_URL, token=token, timeout=settings.HUB_TIMEOUT)


def said(left: int, *, reset: int = 100, quota: int = 1000, window: int = 300) -> dict[str, str]:
    return {
        "RateLimit": f'"api";r={left};t={reset}',
        "RateLimit-Policy": f'"fixed window";"api";q={quota};w={window}',
    }


# --- Before the Hub -------------------------------------------------------------------------------


def test_what_the_window_has_no_room_for_is_not_sent(sandbox: SandboxServer) -> None:
    hub = a_hub()
    sandbox.faults.add("status", path=ORGANISATION, status=404, headers=said(0, reset=40))
    with pytest.raises(Exception, match="no such thing"):
        hub.organisation("delta-readers")
    sandbox.requests.clear()

    with pytest.raises(RateLimitedError, match="rate limit") as caught:
        hub.organisation("delta-readers")

    assert timedelta(seconds=35) < caught.value.after < timedelta(seconds=42)
    assert sandbox.requests.all() == []


def test_after_the_end_of_the_window_requests_leave_again(sandbox: SandboxServer) -> None:
    hub = a_hub()
    sandbox.faults.add("status", path=ORGANISATION, status=503, headers=said(0, reset=40))
    with pytest.raises(RetryLaterError):
        hub.organisation("delta-readers")

    with clock.at(clock.now() + timedelta(seconds=42)):
        seen = hub.organisation("delta-readers")

    assert seen.handle == "delta-readers"


def test_a_refusal_by_the_hub_stops_everybody_with_that_token_and_nobody_else(sandbox: SandboxServer) -> None:
    one, same, other = a_hub(), a_hub(), a_hub(READONLY_TOKEN)
    sandbox.faults.add("status", path=ORGANISATION, status=429, headers=said(0, reset=40))
    with pytest.raises(RetryLaterError, match="slow down"):
        one.organisation("delta-readers")

    with pytest.raises(RateLimitedError):
        same.organisation("delta-readers")

    assert other.organisation("delta-readers").handle == "delta-readers"


def test_a_request_without_an_answer_has_used_its_place(sandbox: SandboxServer) -> None:
    hub = a_hub()
    sandbox.faults.add("status", path=ORGANISATION, status=503, headers=said(1))
    sandbox.faults.add("reset", path=ORGANISATION)
    for _request in range(2):
        with pytest.raises(RetryLaterError):
            hub.organisation("delta-readers")

    with pytest.raises(RateLimitedError):
        hub.organisation("delta-readers")


@pytest.mark.slow
def test_workers_that_ask_without_rest_are_never_refused_by_a_hub_that_means_it(tmp_path: Path) -> None:
    with SandboxServer(tmp_path, rate_limit=25, rate_window=2) as strict:
        hub = Hub(endpoint=strict.url, token=PLATFORM_TOKEN, timeout=settings.HUB_TIMEOUT)

        def ask(_request: int) -> bool:
            while True:
                try:
                    return hub.organisation("delta-readers").handle == "delta-readers"
                except RateLimitedError as error:
                    time.sleep(error.after.total_seconds())

        with ThreadPoolExecutor(4) as workers:
            answered = list(workers.map(ask, range(70)))

        assert answered == [True] * 70
        assert len(strict.requests.all(path="/api/")) == 70
        assert strict.requests.refused() == []


# --- What answers say -----------------------------------------------------------------------------


def test_an_answer_says_policy_and_state_of_the_window() -> None:
    assert seen_in(200, said(12, reset=34, quota=56, window=78)) == Seen(56, 78, 12, 34)


def test_the_limit_of_something_else_than_the_api_is_none_of_ours() -> None:
    assert seen_in(200, {"RateLimit": '"resolvers";r=0;t=10'}) is None


def test_an_answer_without_a_word_of_limits_changes_nothing() -> None:
    assert seen_in(200, {}) is None


@pytest.mark.parametrize(
    ("headers", "seen"), [({"retry-after": "7"}, Seen(left=0, reset=7)), ({}, Seen(left=0))]
)
def test_too_many_requests_means_that_nothing_is_left_also_without_a_window(
    headers: dict[str, str], seen: Seen
) -> None:
    assert seen_in(429, headers) == seen


def test_a_refusal_of_one_kind_of_action_leaves_the_window_open() -> None:
    assert seen_in(429, said(900, reset=34)) == Seen(1000, 300, 900, 34)


# --- Without a server that is shared --------------------------------------------------------------


def test_a_limiter_of_its_own_gives_out_exactly_its_quota() -> None:
    limiter = Limiter(quota=5, seconds=300)

    places = [limiter.take(TOKEN) for _request in range(5)]

    assert places == [1, 2, 3, 4, 5]
    with pytest.raises(RateLimitedError):
        limiter.take(TOKEN)


def test_while_the_shared_server_is_away_the_process_counts_for_itself_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    limiter = Limiter(quota=3, seconds=300, redis_url=f"redis+socket://{tmp_path}/nobody.sock?virtual_host=0")

    places = [limiter.take(TOKEN) for _request in range(3)]

    assert places == [1, 2, 3]
    with pytest.raises(RateLimitedError):
        limiter.take(TOKEN)
    assert [record.message for record in caplog.records if "rate limit" in record.message] == [
        "REDIS_URL does not answer (ConnectionError): each process counts the Hub's rate limit for itself"
    ]
    assert "a-marker-of-a-token" not in caplog.text


def test_the_count_is_kept_beside_the_cache_and_not_among_the_tasks() -> None:
    assert cache_url_of("redis://host:6379/0") == "redis://host:6379/1"
