"""What a Space goes through: every write starts it anew, it sleeps, is paused, and is a moment in deleting."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi, SpaceHardware, Volume
from huggingface_hub.errors import HfHubHTTPError

from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer
from tests.sandbox.conftest import ORG, TEMPLATE

NAME = f"{ORG}/still"
VOLUME = Volume(type="bucket", source=f"{ORG}/disk", mount_path="/data")

WRITES: list[tuple[str, Callable[[HfApi, str], object]]] = [
    ("secret", lambda api, space: api.add_space_secret(space, "KEY", "value")),
    ("secret", lambda api, space: api.delete_space_secret(space, "KEY")),
    ("variable", lambda api, space: api.add_space_variable(space, "KEY", "value")),
    ("variable", lambda api, space: api.delete_space_variable(space, "KEY")),
    ("hardware", lambda api, space: api.request_space_hardware(space, SpaceHardware.CPU_UPGRADE)),
    ("volumes", lambda api, space: api.set_space_volumes(space, [VOLUME])),
    ("volumes", lambda api, space: api.delete_space_volumes(space)),
]


def commit(api: HfApi, space: str) -> object:
    added = CommitOperationAdd("note.txt", b"a change")
    return api.create_commit(space, [added], commit_message="A change", repo_type="space")


@pytest.fixture
def still(tmp_path: Path) -> Iterator[SandboxServer]:
    """A sandbox where a stage lasts until the test says otherwise, with one Space that runs."""
    with SandboxServer(tmp_path, pace=1_000_000) as server:
        HfApi(endpoint=server.url, token=PLATFORM_TOKEN).duplicate_repo(
            TEMPLATE, NAME, repo_type="space", space_volumes=[VOLUME]
        )
        server.state.force_stage(NAME, "RUNNING")
        yield server


@pytest.fixture
def api(still: SandboxServer) -> HfApi:
    return HfApi(endpoint=still.url, token=PLATFORM_TOKEN)


@pytest.mark.parametrize(("cause", "write"), WRITES)
def test_each_write_to_a_running_space_starts_it_anew(
    api: HfApi, still: SandboxServer, cause: str, write: Callable[[HfApi, str], object]
) -> None:
    write(api, NAME)

    assert still.state.stage(NAME) == "RUNNING_APP_STARTING"
    assert still.state.starts(NAME) == ["commit", cause]


def test_a_commit_to_a_running_space_builds_it_anew(api: HfApi, still: SandboxServer) -> None:
    commit(api, NAME)

    assert still.state.stage(NAME) == "RUNNING_BUILDING"
    assert still.state.starts(NAME) == ["commit", "commit"]


def test_a_restart_that_was_asked_for_takes_the_app_away(api: HfApi, still: SandboxServer) -> None:
    assert api.restart_space(NAME).stage == "APP_STARTING"
    still.state.force_stage(NAME, "RUNNING")
    assert api.restart_space(NAME, factory_reboot=True).stage == "BUILDING"
    assert still.state.starts(NAME) == ["commit", "restart", "factory reboot"]


def test_what_only_reads_or_sets_the_sleep_time_starts_nothing(api: HfApi, still: SandboxServer) -> None:
    api.request_space_hardware(NAME, SpaceHardware.CPU_UPGRADE, sleep_time=3600)
    still.state.force_stage(NAME, "RUNNING")

    api.set_space_sleep_time(NAME, 7200)
    api.get_space_runtime(NAME)
    list(api.fetch_space_logs(NAME))

    assert still.state.starts(NAME) == ["commit", "hardware"]


def test_the_starts_are_told_over_http(api: HfApi, still: SandboxServer) -> None:
    api.restart_space(NAME)

    starts = httpx2.get(f"{still.url}/_sandbox/spaces/{NAME}/starts").json()

    assert [start["cause"] for start in starts] == ["commit", "restart"]
    assert starts[0]["at"] < starts[1]["at"]


def test_a_paused_space_is_left_by_nothing_but_a_restart(api: HfApi, still: SandboxServer) -> None:
    host = api.space_info(NAME).host
    api.pause_space(NAME)

    commit(api, NAME)
    for _, write in WRITES:
        write(api, NAME)
    visited = httpx2.get(f"{host}/api/v1/status").status_code

    assert (still.state.stage(NAME), visited) == ("PAUSED", 503)
    assert still.state.starts(NAME) == ["commit"]
    assert api.restart_space(NAME).stage == "APP_STARTING"


def test_an_unvisited_space_falls_asleep_and_a_visit_wakes_it(api: HfApi, still: SandboxServer) -> None:
    host = api.space_info(NAME).host
    still.state.fall_asleep(NAME)
    asleep = api.get_space_runtime(NAME)

    visited = httpx2.get(f"{host}/api/v1/status")

    assert (asleep.stage, asleep.hardware, visited.status_code) == ("SLEEPING", None, 503)
    assert still.state.stage(NAME) == "APP_STARTING"
    assert still.state.starts(NAME) == ["commit", "visit"]


def test_a_space_that_never_sleeps_or_does_not_run_cannot_fall_asleep(
    api: HfApi, still: SandboxServer
) -> None:
    address = f"{still.url}/_sandbox/spaces/{NAME}/sleep"
    assert httpx2.post(address, json={}).status_code == 200
    assert httpx2.post(address, json={}).status_code == 409

    api.request_space_hardware(NAME, SpaceHardware.CPU_UPGRADE, sleep_time=-1)
    still.state.force_stage(NAME, "RUNNING")

    with pytest.raises(ValueError, match="sleep time None"):
        still.state.fall_asleep(NAME)


def test_a_space_that_is_deleted_is_going_for_a_moment(api: HfApi, still: SandboxServer) -> None:
    api.create_bucket(f"{ORG}/disk")

    api.delete_repo(NAME, repo_type="space")
    api.delete_repo(NAME, repo_type="space")

    assert api.get_space_runtime(NAME).stage == "DELETING"
    for refused in (
        lambda: api.restart_space(NAME),
        lambda: api.add_space_variable(NAME, "KEY", "value"),
        lambda: api.duplicate_repo(TEMPLATE, NAME, repo_type="space"),
    ):
        with pytest.raises(HfHubHTTPError) as error:
            refused()
        assert error.value.response.status_code == 409
    assert still.state.buckets(owner=ORG) == [f"{ORG}/disk"]


def test_after_the_moment_it_is_gone_and_the_name_is_free(tmp_path: Path) -> None:
    with SandboxServer(tmp_path, pace=0.1) as server:
        api = HfApi(endpoint=server.url, token=PLATFORM_TOKEN)
        api.duplicate_repo(TEMPLATE, NAME, repo_type="space")
        api.delete_repo(NAME, repo_type="space")

        while api.repo_exists(NAME, repo_type="space"):
            time.sleep(0.02)
        api.duplicate_repo(TEMPLATE, NAME, repo_type="space")

        assert server.state.starts(NAME) == ["commit"]


def test_without_a_pace_a_deleted_space_is_gone_at_once(platform: HfApi, space: str) -> None:
    platform.delete_repo(space, repo_type="space")

    assert not platform.repo_exists(space, repo_type="space")


def test_the_stages_of_many_spaces_come_in_pages(still: SandboxServer, api: HfApi) -> None:
    for number in range(101):
        api.create_repo(f"{ORG}/many-{number}", repo_type="space", space_sdk="static")
    still.requests.clear()

    found = {found.id: found.runtime for found in api.list_spaces(author=ORG, expand=["runtime"])}

    assert len(found) == 102
    assert all(runtime is not None for runtime in found.values())
    assert [entry.path for entry in still.requests.all()] == ["/api/spaces"] * 2


def test_every_hardware_the_client_knows_has_a_price_per_minute(api: HfApi) -> None:
    priced = {flavor.name: flavor for flavor in api.list_spaces_hardware()}

    assert {hardware.value for hardware in SpaceHardware} <= priced.keys()
    for flavor in priced.values():
        assert flavor.unit_label == "minute"
        assert flavor.unit_cost_usd == flavor.unit_cost_micro_usd / 1_000_000


def test_the_build_log_follows_the_dockerfile(api: HfApi, still: SandboxServer) -> None:
    done = list(api.fetch_space_logs(NAME, build=True))
    commit(api, NAME)
    going = list(api.fetch_space_logs(NAME, build=True))

    assert done[0].startswith("===== Build Queued at ")
    assert "--> FROM argilla/argilla-hf-spaces:v2.8.0\n" in done
    assert "--> Pushing image\n" in done
    assert "--> COPY .oauth.yaml /home/argilla/\n" in going
    assert "--> Pushing image\n" not in going


def test_the_run_log_tells_when_the_app_serves(api: HfApi, still: SandboxServer) -> None:
    serving = list(api.fetch_space_logs(NAME))
    api.restart_space(NAME)
    starting = list(api.fetch_space_logs(NAME))

    assert serving[0].startswith("===== Application Startup at ")
    assert "Uvicorn running on http://0.0.0.0:6900" in serving[-1]
    assert "system    | argilla.1 started (pid=12)\n" in starting
    assert "Uvicorn" not in "".join(starting)


def test_no_log_holds_the_value_of_a_setting(platform: HfApi, space: str) -> None:
    platform.add_space_secret(space, "API_KEY", "marked-secret-value")
    platform.add_space_variable(space, "USERNAME", "marked-variable-value")

    lines = [*platform.fetch_space_logs(space), *platform.fetch_space_logs(space, build=True)]

    assert lines
    assert "marked" not in "".join(lines)
