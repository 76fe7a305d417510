"""Spaces and buckets through the gateway: what the Hub tells of them, and their end."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.conf import settings
from huggingface_hub import HfApi

from dibt.gateways.errors import ForbiddenError, RefusedError, RetryLaterError
from dibt.gateways.hub import Hub, Mount, NewSpace, Runtime
from dibt.sandbox.testing import PLATFORM_TOKEN, READONLY_TOKEN, SandboxServer

OWNER = "data-is-better-together"
BOT = "dibt-bot"
PRICES = "/api/spaces/hardware"


@pytest.fixture
def api() -> HfApi:
    return HfApi(endpoint=settings.HUB_URL, token=PLATFORM_TOKEN)


@pytest.fixture
def reader() -> Hub:
    """The gateway with a token that may only read."""
    return Hub(endpoint=settings.HUB_URL, token=READONLY_TOKEN, timeout=settings.HUB_TIMEOUT)


@pytest.fixture
def space(hub: Hub, repo_id: str) -> str:
    """A private Space with a bucket of its name."""
    hub.ensure_bucket(repo_id)
    hub.create_space(
        NewSpace(
            repo_id=repo_id,
            template=settings.SPACE_TEMPLATE,
            visibility="private",
            hardware="cpu-upgrade",
            sleep_seconds=3600,
            variables={},
            secrets={},
            mounts=(Mount(repo_id, "/data"),),
        )
    )
    return repo_id


@pytest.fixture
def owner_of_few(sandbox: SandboxServer) -> Iterator[str]:
    """An organisation where other tests make no Spaces, and the platform may for the time of this one."""
    before = dict(sandbox.state.person(BOT).memberships)
    sandbox.state.change_person(BOT, memberships=before | {"delta-readers": "write"})
    yield "delta-readers"
    sandbox.state.change_person(BOT, memberships=before)


# --- Looking --------------------------------------------------------------------------------------


def test_a_space_tells_on_what_it_runs_and_nothing_while_it_does_not(hub: Hub, space: str):
    running = hub.runtime(space)
    hub.pause_space(space)
    paused = hub.runtime(space)

    assert running == Runtime("RUNNING", "cpu-upgrade", "cpu-upgrade", 3600, (Mount(space, "/data"),), "")
    assert (paused.stage, paused.hardware, paused.requested_hardware) == ("PAUSED", "", "cpu-upgrade")


def test_the_list_of_an_owner_tells_what_each_space_tells_by_itself(hub: Hub, space: str):
    listed = hub.spaces_of(OWNER)[space]

    assert listed.private
    assert listed.runtime == hub.runtime(space)


def test_the_list_takes_stages_that_the_library_does_not_know(hub: Hub, sandbox: SandboxServer, space: str):
    sandbox.state.force_stage(space, "SLEEPING")

    assert hub.spaces_of(OWNER)[space].runtime.stage == "SLEEPING"


def test_the_list_is_read_to_its_last_page(hub: Hub, api: HfApi, sandbox: SandboxServer, owner_of_few: str):
    made = {f"{owner_of_few}/listed-{number}" for number in range(101)}
    for repo_id in made:
        api.create_repo(repo_id, repo_type="space", space_sdk="static")
    sandbox.requests.clear()

    found = hub.spaces_of(owner_of_few)

    assert found.keys() >= made
    assert not any(listed.private for listed in found.values())
    assert [entry.path for entry in sandbox.requests.all()] == ["/api/spaces"] * 2


def test_a_list_that_the_hub_does_not_give_now_is_not_waited_for(hub: Hub, sandbox: SandboxServer):
    sandbox.faults.add("status", path="/api/spaces$", status=429, headers={"Retry-After": "300"})

    with pytest.raises(RetryLaterError, match="slow down"):
        hub.spaces_of(OWNER)

    assert len(sandbox.requests.all(path="/api/spaces")) == 1


def test_an_owner_without_spaces_has_an_empty_list(hub: Hub):
    assert hub.spaces_of("nobody-here") == {}


# --- Prices ---------------------------------------------------------------------------------------


def test_hardware_is_priced_by_the_hour(hub: Hub):
    offers = {offer.name: offer for offer in hub.hardware_prices()}

    assert (offers["cpu-basic"].pretty_name, offers["cpu-basic"].hourly) == ("CPU Basic", Decimal(0))
    assert offers["cpu-upgrade"].hourly == Decimal("0.03")


@pytest.mark.parametrize(
    ("unit", "hourly"), [("second", "1.8"), ("minute", "0.03"), ("hour", "0.0005")], ids=str
)
def test_whatever_unit_of_time_the_hub_counts_by(hub: Hub, sandbox: SandboxServer, unit: str, hourly: str):
    sandbox.faults.add("status", path=PRICES, status=200, body=priced(micro=500, unit=unit))

    assert [offer.hourly for offer in hub.hardware_prices()] == [Decimal(hourly)]


def test_a_price_by_something_else_is_refused_unless_it_is_nothing(hub: Hub, sandbox: SandboxServer):
    sandbox.faults.add("status", path=PRICES, status=200, body=priced(micro=500, unit="request"))
    with pytest.raises(RefusedError, match=r"t5-tiny by the request"):
        hub.hardware_prices()

    sandbox.faults.add("status", path=PRICES, status=200, body=priced(micro=0, unit="request"))
    assert [offer.hourly for offer in hub.hardware_prices()] == [Decimal(0)]


# --- The end --------------------------------------------------------------------------------------


def test_a_deleted_space_is_gone_may_be_deleted_again_and_leaves_its_bucket(
    hub: Hub, sandbox: SandboxServer, space: str
):
    hub.delete_space(space)
    hub.delete_space(space)

    assert not hub.space_exists(space)
    assert space not in hub.spaces_of(OWNER)
    assert space in sandbox.state.buckets(owner=OWNER)


def test_a_deleted_bucket_is_gone_and_may_be_deleted_again(hub: Hub, sandbox: SandboxServer, space: str):
    hub.delete_bucket(space)
    hub.delete_bucket(space)

    assert space not in sandbox.state.buckets(owner=OWNER)


def test_who_may_only_read_deletes_nothing(hub: Hub, reader: Hub, sandbox: SandboxServer, space: str):
    for delete in (reader.delete_space, reader.delete_bucket):
        with pytest.raises(ForbiddenError):
            delete(space)

    assert hub.space_exists(space)
    assert space in sandbox.state.buckets(owner=OWNER)


def priced(*, micro: int, unit: str) -> str:
    """The Hub's list of hardware with a single kind that costs so much per unit."""
    return (
        '[{"name": "t5-tiny", "prettyName": "T5", "cpu": "2 vCPU", "ram": "1 GB", "accelerator": null,'
        f' "unitCostMicroUSD": {micro}, "unitCostUSD": 0, "unitLabel": "{unit}"}}]'
    )
