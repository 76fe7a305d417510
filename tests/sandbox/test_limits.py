"""Rate limits as the real client meets them: what is left, being refused, and starting afresh."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError
from huggingface_hub.utils import parse_ratelimit_headers  # type: ignore[attr-defined]  # not re-exported by name

from dibt.sandbox.__main__ import read_config
from dibt.sandbox.testing import PLATFORM_TOKEN, READONLY_TOKEN, SandboxServer
from tests.sandbox.conftest import ORG

HOUR = 3600


@pytest.fixture
def strict(tmp_path: Path) -> Iterator[SandboxServer]:
    """A sandbox where each token has three requests an hour."""
    with SandboxServer(tmp_path, rate_limit=3, rate_window=HOUR) as server:
        yield server


def client(server: SandboxServer, token: str | bool = PLATFORM_TOKEN) -> HfApi:
    return HfApi(endpoint=server.url, token=token)


def test_past_the_quota_a_request_is_refused_in_the_hubs_words(strict: SandboxServer) -> None:
    api = client(strict)
    for _ in range(3):
        api.repo_exists(f"{ORG}/nothing")

    with pytest.raises(HfHubHTTPError) as refused:
        api.create_repo(f"{ORG}/late", repo_type="dataset")

    left = parse_ratelimit_headers(refused.value.response.headers)
    assert refused.value.response.status_code == 429
    assert left is not None
    assert (left.resource_type, left.remaining, left.limit, left.window_seconds) == ("api", 0, 3, HOUR)
    assert 1 <= left.reset_in_seconds <= HOUR
    assert "We had to rate limit you, you hit the quota of 3 api requests per 60 minutes" in str(
        refused.value
    )
    assert strict.state.repos("dataset") == []


def test_what_is_left_is_told_with_every_answer_and_a_refusal_costs_nothing(strict: SandboxServer) -> None:
    headers = {"Authorization": f"Bearer {PLATFORM_TOKEN}"}

    answers = [httpx2.get(f"{strict.url}/api/whoami-v2", headers=headers) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    told = [parse_ratelimit_headers(answer.headers) for answer in answers]
    assert [left and left.remaining for left in told] == [2, 1, 0, 0, 0]


def test_each_token_and_each_address_has_a_quota_of_its_own(strict: SandboxServer) -> None:
    def statuses(token: str) -> list[int]:
        with httpx2.Client(headers={"Authorization": f"Bearer {token}"} if token else {}) as somebody:
            return [somebody.get(f"{strict.url}/api/spaces/hardware").status_code for _ in range(4)]

    assert [statuses(token) for token in (PLATFORM_TOKEN, READONLY_TOKEN, "")] == [[200, 200, 200, 429]] * 3


def test_pages_apps_and_the_sandboxs_own_addresses_are_not_limited(strict: SandboxServer) -> None:
    paths = ["/", "/_sandbox/health", "/apps/nobody/api/v1/status", "/.well-known/openid-configuration"]

    with httpx2.Client() as anybody:
        statuses = {
            path: {anybody.get(f"{strict.url}{path}").status_code for _ in range(4)} for path in paths
        }

    assert statuses == dict(zip(paths, [{200}, {200}, {404}, {200}], strict=True))


def test_of_many_at_once_exactly_the_quota_gets_through(strict: SandboxServer) -> None:
    strict.limits.set(quota=20, window=HOUR)

    with httpx2.Client() as anybody, ThreadPoolExecutor(16) as pool:
        asked = [pool.submit(anybody.get, f"{strict.url}/api/spaces/hardware") for _ in range(60)]
        statuses = [answer.result().status_code for answer in asked]

    assert (statuses.count(200), statuses.count(429)) == (20, 40)


def test_the_next_window_begins_afresh(strict: SandboxServer) -> None:
    strict.limits.set(quota=1, window=1)
    address = f"{strict.url}/api/spaces/hardware"

    with httpx2.Client() as anybody:
        while anybody.get(address).status_code == 200:
            pass
        while (answer := anybody.get(address)).status_code == 429:
            time.sleep(0.02)

    assert answer.status_code == 200


def test_the_journal_marks_what_was_refused_and_a_scripted_fault_waits_for_its_turn(
    strict: SandboxServer,
) -> None:
    api = client(strict)
    strict.limits.set(quota=1)
    api.list_repo_refs("argilla/argilla-template-space", repo_type="space")
    strict.faults.add("status", path="whoami", status=503)

    for status in (429, 503):
        with pytest.raises(HfHubHTTPError) as error:
            api.whoami()
        assert error.value.response.status_code == status
        strict.limits.reset()

    refused = [(entry.path, entry.status, entry.limited, entry.fault) for entry in strict.requests.refused()]
    assert refused == [("/api/whoami-v2", 429, "api", "")]


def test_limits_are_changed_over_http_while_it_runs(strict: SandboxServer) -> None:
    address = f"{strict.url}/_sandbox/limits"
    before = httpx2.get(address).json()

    after = httpx2.post(address, json={"quota": 7, "actions": {"commit": 2}}).json()

    assert before == {"quota": 3, "window": HOUR, "actions": {}}
    assert after == {"quota": 7, "window": HOUR, "actions": {"commit": 2}}
    assert httpx2.post(address, json={"actions": {"commit": None}}).json()["actions"] == {}
    assert httpx2.delete(address).json() == before


@pytest.mark.parametrize(
    "wanted", [{"quota": 0}, {"window": -1}, {"quota": "x"}, {"actions": {"dance": 1}}, {"actions": 3}]
)
def test_limits_that_make_no_sense_are_refused(strict: SandboxServer, wanted: dict[str, object]) -> None:
    assert httpx2.post(f"{strict.url}/_sandbox/limits", json=wanted).status_code == 400
    assert httpx2.post(f"{strict.url}/_sandbox/limits", content=b"{}").status_code == 415


def test_an_action_has_a_quota_of_its_own_when_one_is_set(sandbox: SandboxServer, platform: HfApi) -> None:
    sandbox.limits.set_action("createRepo", per_hour=1)
    platform.create_repo(f"{ORG}/first-of-the-hour", repo_type="dataset")

    with pytest.raises(HfHubHTTPError) as refused:
        platform.create_repo(f"{ORG}/first-of-the-hour", repo_type="dataset", exist_ok=True)

    left = parse_ratelimit_headers(refused.value.response.headers)
    assert refused.value.response.status_code == 429
    assert "You have exceeded our hourly quotas for action: createRepo" in str(refused.value)
    assert left is not None
    assert left.remaining > 0
    assert [entry.limited for entry in sandbox.requests.refused()] == ["createRepo"]
    assert platform.repo_exists(f"{ORG}/first-of-the-hour", repo_type="dataset")


def test_an_action_that_nobody_knows_has_no_quota(sandbox: SandboxServer) -> None:
    with pytest.raises(KeyError):
        sandbox.limits.set_action("dance", per_hour=1)


def test_the_limits_come_from_the_command_line_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SANDBOX_RATE_WINDOW", "12")

    config = read_config(["--data", str(tmp_path), "--rate-limit", "7", "--app-delay", "2.5"])
    plain = read_config(["--data", str(tmp_path), "--rate-window", "300"])

    assert (config.rate_limit, config.rate_window, config.app_delay) == (7, 12, 2.5)
    assert (plain.rate_limit, plain.rate_window, plain.app_delay, plain.pace) == (3000, 300, 0.0, 1.5)


@pytest.mark.parametrize(
    "option", [("--rate-limit", "0"), ("--rate-window", "x"), ("--pace", "-1"), ("--app-delay", "nan")]
)
def test_options_that_make_no_sense_are_refused(tmp_path: Path, option: tuple[str, str]) -> None:
    with pytest.raises(SystemExit):
        read_config(["--data", str(tmp_path), *option])
