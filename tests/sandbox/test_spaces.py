"""Spaces through the real client: made from the template, configured, started, stopped."""

import time
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi, SpaceHardware, Volume
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer
from tests.sandbox.conftest import ORG, TEMPLATE


def test_a_space_is_made_from_the_template_with_everything_at_once(
    platform: HfApi, sandbox: SandboxServer, name: str
) -> None:
    platform.create_bucket(f"{name}-data")

    url = platform.duplicate_repo(
        TEMPLATE,
        name,
        repo_type="space",
        visibility="private",
        space_hardware=SpaceHardware.CPU_UPGRADE,
        space_sleep_time=3600,
        space_secrets=[{"key": "API_KEY", "value": "not-for-anybody"}],
        space_variables=[{"key": "DIBT_PROVISION_ID", "value": "42", "description": "whose it is"}],
        space_volumes=[Volume(type="bucket", source=f"{name}-data", mount_path="/data")],
    )

    runtime = platform.get_space_runtime(name)
    assert url.repo_id == name
    assert (runtime.stage, runtime.hardware, runtime.sleep_time) == ("RUNNING", "cpu-upgrade", 3600)
    assert [(volume.type, volume.source, volume.mount_path) for volume in runtime.volumes or []] == [
        ("bucket", f"{name}-data", "/data")
    ]
    assert platform.list_repo_files(name, repo_type="space") == [".oauth.yaml", "Dockerfile", "README.md"]
    assert platform.get_space_variables(name)["DIBT_PROVISION_ID"].value == "42"
    assert list(platform.get_space_secrets(name)) == ["API_KEY"]
    assert sandbox.state.has_secret(name, "API_KEY", "not-for-anybody")


def test_an_owner_without_a_plan_has_to_pay_first(sandbox: SandboxServer) -> None:
    ibis = HfApi(endpoint=sandbox.url, token="hf_sandbox_ibis")

    with pytest.raises(HfHubHTTPError) as unpaid:
        ibis.duplicate_repo(TEMPLATE, "delta-readers/anything", repo_type="space")

    assert unpaid.value.response.status_code == 402
    ibis.create_repo("delta-readers/static-one", repo_type="space", space_sdk="static")


def test_a_space_of_that_name_is_a_conflict_and_stays_as_it_is(platform: HfApi, space: str) -> None:
    with pytest.raises(HfHubHTTPError) as conflict:
        platform.duplicate_repo(
            TEMPLATE, space, repo_type="space", space_variables=[{"key": "A", "value": "1"}]
        )

    assert conflict.value.response.status_code == 409
    assert platform.duplicate_repo(TEMPLATE, space, repo_type="space", exist_ok=True).repo_id == space
    assert platform.get_space_variables(space) == {}


def test_stages_advance_with_time(tmp_path: Path) -> None:
    with SandboxServer(tmp_path, pace=0.4) as slow:
        api = HfApi(endpoint=slow.url, token=PLATFORM_TOKEN)
        api.duplicate_repo(TEMPLATE, f"{ORG}/slow", repo_type="space")

        seen: list[str] = []
        while not seen or seen[-1] != "RUNNING":
            stage = api.get_space_runtime(f"{ORG}/slow").stage
            seen += [stage] if seen[-1:] != [stage] else []
            time.sleep(0.02)

        assert seen == ["BUILDING", "APP_STARTING", "RUNNING"]
        assert api.get_space_runtime(f"{ORG}/slow").requested_hardware == "cpu-basic"
        api.add_space_secret(f"{ORG}/slow", "KEY", "value")
        assert api.get_space_runtime(f"{ORG}/slow").stage == "RUNNING_APP_STARTING"
        api.upload_file(path_or_fileobj=b"x", path_in_repo="x.txt", repo_id=f"{ORG}/slow", repo_type="space")
        assert api.get_space_runtime(f"{ORG}/slow").stage == "RUNNING_BUILDING"


def test_a_space_without_an_app_does_not_run(platform: HfApi, name: str) -> None:
    platform.create_repo(name, repo_type="space", space_sdk="docker")
    assert platform.get_space_runtime(name).stage == "NO_APP_FILE"

    platform.upload_file(
        path_or_fileobj=b"FROM scratch", path_in_repo="Dockerfile", repo_id=name, repo_type="space"
    )

    assert platform.get_space_runtime(name).stage == "RUNNING"


def test_secrets_are_replaced_listed_without_values_and_deleted(
    platform: HfApi, sandbox: SandboxServer, space: str
) -> None:
    platform.add_space_secret(space, "KEY", "first")
    platform.add_space_secret(space, "KEY", "second", description="what it is for")

    assert sandbox.state.has_secret(space, "KEY", "second")
    assert [(secret.key, secret.description) for secret in platform.get_space_secrets(space).values()] == [
        ("KEY", "what it is for")
    ]
    platform.delete_space_secret(space, "KEY")
    platform.delete_space_secret(space, "KEY")
    assert platform.get_space_secrets(space) == {}


def test_variables_are_replaced_and_deleted(platform: HfApi, space: str) -> None:
    platform.add_space_variable(space, "KEY", "first")

    assert platform.add_space_variable(space, "KEY", "second")["KEY"].value == "second"
    assert platform.delete_space_variable(space, "KEY") == {}
    assert platform.delete_space_variable(space, "KEY") == {}


def test_a_key_that_no_shell_would_take_is_refused(platform: HfApi, space: str) -> None:
    with pytest.raises(BadRequestError):
        platform.add_space_variable(space, "2-keys", "x")


def test_free_hardware_sleeps_after_two_days_and_that_is_fixed(platform: HfApi, space: str) -> None:
    assert platform.get_space_runtime(space).sleep_time == 172_800
    with pytest.raises(BadRequestError):
        platform.set_space_sleep_time(space, 3600)

    platform.request_space_hardware(space, SpaceHardware.CPU_UPGRADE, sleep_time=7200)
    assert platform.get_space_runtime(space).sleep_time == 7200
    assert platform.set_space_sleep_time(space, -1).sleep_time is None


def test_unknown_hardware_is_refused(platform: HfApi, space: str) -> None:
    with pytest.raises(BadRequestError):
        platform.request_space_hardware(space, "abacus")  # type: ignore[arg-type]  # not in the list, that is the point


def test_hardware_has_its_price(platform: HfApi) -> None:
    prices = {flavor.name: flavor for flavor in platform.list_spaces_hardware()}

    assert prices["cpu-basic"].unit_cost_micro_usd == 0
    assert (prices["cpu-upgrade"].unit_cost_micro_usd, prices["cpu-upgrade"].unit_label) == (500, "minute")


def test_volumes_are_replaced_and_taken_away(platform: HfApi, space: str) -> None:
    platform.set_space_volumes(space, [Volume(type="bucket", source=f"{ORG}/a", mount_path="/data")])
    platform.set_space_volumes(space, [Volume(type="dataset", source=f"{ORG}/b", mount_path="/in")])

    mounted = platform.get_space_runtime(space).volumes or []
    assert [(volume.source, volume.read_only) for volume in mounted] == [(f"{ORG}/b", True)]
    platform.delete_space_volumes(space)
    assert platform.get_space_runtime(space).volumes is None
    with pytest.raises(BadRequestError):
        platform.delete_space_volumes(space)


def test_a_paused_space_waits_for_a_restart(platform: HfApi, space: str) -> None:
    assert platform.pause_space(space).stage == "PAUSED"
    platform.add_space_variable(space, "KEY", "x")
    assert platform.get_space_runtime(space).stage == "PAUSED"

    assert platform.restart_space(space).stage == "RUNNING"


def test_a_static_space_has_nothing_to_restart(platform: HfApi, name: str) -> None:
    platform.create_repo(name, repo_type="space", space_sdk="static")

    with pytest.raises(BadRequestError):
        platform.restart_space(name)


def test_a_forced_error_ends_with_a_restart_unless_it_sticks(
    platform: HfApi, sandbox: SandboxServer, space: str
) -> None:
    sandbox.state.force_stage(space, "BUILD_ERROR", error_message="No space left on device")
    runtime = platform.get_space_runtime(space)
    assert (runtime.stage, runtime.raw["errorMessage"]) == ("BUILD_ERROR", "No space left on device")
    assert "No space left on device\n" in list(platform.fetch_space_logs(space, build=True))
    assert platform.restart_space(space, factory_reboot=True).stage == "RUNNING"

    sandbox.state.force_stage(space, "RUNTIME_ERROR", sticky=True)
    assert platform.restart_space(space).stage == "RUNTIME_ERROR"


def test_a_stage_can_be_forced_over_http(platform: HfApi, sandbox: SandboxServer, space: str) -> None:
    answer = httpx2.post(f"{sandbox.url}/_sandbox/spaces/{space}/stage", json={"stage": "SLEEPING"})

    assert answer.status_code == 200
    assert platform.get_space_runtime(space).stage == "SLEEPING"
    assert (
        httpx2.post(f"{sandbox.url}/_sandbox/spaces/{space}/stage", json={"stage": "DREAMING"}).status_code
        == 400
    )


def test_a_visit_wakes_a_sleeping_space(platform: HfApi, sandbox: SandboxServer, space: str) -> None:
    host = platform.space_info(space).host
    sandbox.state.force_stage(space, "SLEEPING")

    first, second = httpx2.get(f"{host}/api/v1/status"), httpx2.get(f"{host}/api/v1/status")

    assert (first.status_code, second.status_code) == (503, 200)


def test_all_spaces_of_an_owner_come_with_their_stage(platform: HfApi, space: str) -> None:
    stages = {
        found.id: found.runtime.stage
        for found in platform.list_spaces(author=ORG, expand=["runtime"])
        if found.runtime
    }

    assert stages[space] == "RUNNING"


def test_the_list_tells_to_members_alone_which_spaces_are_private(
    platform: HfApi, stranger: HfApi, space: str, name: str
) -> None:
    hidden = f"{name}-hidden"
    platform.duplicate_repo(TEMPLATE, hidden, repo_type="space", visibility="private")

    to_member, to_stranger = (
        {found.id: found.private for found in client.list_spaces(author=ORG, expand=["runtime", "private"])}
        for client in (platform, stranger)
    )

    assert (to_member[space], to_member[hidden]) == (False, True)
    assert to_stranger[space] is False
    assert hidden not in to_stranger


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_without_the_right_a_space_is_left_alone(
    request: pytest.FixtureRequest, space: str, who: str
) -> None:
    client: HfApi = request.getfixturevalue(who)

    for refused in (
        lambda: client.restart_space(space),
        lambda: client.pause_space(space),
        lambda: client.add_space_secret(space, "KEY", "x"),
        lambda: client.request_space_hardware(space, SpaceHardware.CPU_UPGRADE),
        lambda: list(client.get_space_secrets(space)),
    ):
        with pytest.raises(HfHubHTTPError) as error:
            refused()
        assert error.value.response.status_code == 403


def test_a_bucket_is_made_once_and_deleted(platform: HfApi, stranger: HfApi, name: str) -> None:
    url = platform.create_bucket(name, private=True)

    assert (url.bucket_id, platform.bucket_info(name).private) == (name, True)
    assert platform.create_bucket(name, exist_ok=True).bucket_id == name
    with pytest.raises(HfHubHTTPError):
        stranger.bucket_info(name)
    platform.delete_bucket(name)
    platform.delete_bucket(name, missing_ok=True)
    with pytest.raises(HfHubHTTPError):
        platform.bucket_info(name)
