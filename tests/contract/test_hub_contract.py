"""What we rely on of the Hub, asked of the sandbox always and of the real Hub where one is given.

The real half makes two private Spaces on free hardware and two buckets under random names in an organisation with a
paid plan, takes up to half an hour, and deletes what it made:

    HF_TOKEN=… HUB_CONTRACT_ORG=… ./test tests/contract/test_hub_contract.py -k real

The token has to be able to write there. HUB_CONTRACT_URL names a Hub elsewhere than at https://huggingface.co.
"""

from decimal import Decimal

import pytest
from huggingface_hub.errors import HfHubHTTPError

from dibt.gateways.errors import ConflictError, MissingError, RefusedError
from dibt.gateways.hub import NewSpace
from projects.provisioning.wanted import PROVISION_ID
from tests.contract.worlds import FREE, SOON, World

TWO_DAYS = 48 * 3600
# https://huggingface.co/.well-known/openapi.json, the stages of a Space
STAGES = {
    "NO_APP_FILE",
    "CONFIG_ERROR",
    "BUILDING",
    "BUILD_ERROR",
    "APP_STARTING",
    "RUNNING",
    "RUNNING_BUILDING",
    "RUNNING_APP_STARTING",
    "RUNTIME_ERROR",
    "DELETING",
    "STOPPED",
    "PAUSED",
    "SLEEPING",
}
FILES = {
    "README.md": b"---\ntitle: Contract\nsdk: docker\napp_port: 6900\nhf_oauth: true\n---\n\n# Contract\n",
    ".oauth.yaml": b"providers:\n- name: huggingface\nallowed_workspaces:\n- name: argilla\n",
}


# --- Who we are -----------------------------------------------------------------------------------


def test_the_token_belongs_to_an_account_that_may_write_in_the_organisation(world: World):
    us = world.hub.identity(fresh=True)

    assert us.name
    assert us.token_can_write
    assert world.owner in us.roles
    assert us.may_create_in(world.owner)


def test_everybody_may_know_of_the_organisation(world: World):
    assert world.hub.organisation(world.owner).handle == world.owner


def test_an_organisation_that_is_not_there_is_missing(world: World):
    with pytest.raises(MissingError):
        world.hub.organisation(world.free_name().split("/")[1])


# --- Making ---------------------------------------------------------------------------------------


def test_a_bucket_that_was_asked_for_twice_is_there_and_private(world: World, bucket: str):
    assert world.api.bucket_info(bucket).private


def test_the_space_is_there_private_and_tells_where_it_is_served(world: World, wanted: NewSpace):
    assert world.hub.space_exists(wanted.repo_id)
    assert world.hub.space_is_private(wanted.repo_id)
    world.until(lambda: world.hub.space_host(wanted.repo_id).startswith("http"))


def test_a_space_that_is_not_there_is_not_there(world: World):
    name = world.free_name()

    assert not world.hub.space_exists(name)
    with pytest.raises(MissingError):
        world.hub.runtime(name)


def test_the_variables_it_was_made_with_are_read_back_with_the_provision_id(world: World, wanted: NewSpace):
    variables = world.hub.space_variables(wanted.repo_id)

    assert wanted.variables.items() <= variables.items()
    assert variables[PROVISION_ID] == wanted.variables[PROVISION_ID]


def test_the_secrets_it_was_made_with_are_named_and_their_values_told_to_nobody(
    world: World, wanted: NewSpace
):
    told = world.api.get_space_secrets(wanted.repo_id)

    assert world.hub.space_secret_names(wanted.repo_id) >= wanted.secrets.keys()
    assert [value for value in wanted.secrets.values() if value in repr(told)] == []


def test_its_name_is_taken_and_who_asks_again_changes_nothing(world: World, wanted: NewSpace):
    before = world.hub.space_variables(wanted.repo_id)

    with pytest.raises(ConflictError):
        world.hub.create_space(wanted)

    assert world.hub.space_variables(wanted.repo_id) == before


# --- Looking --------------------------------------------------------------------------------------


def test_its_runtime_is_understood(world: World, wanted: NewSpace):
    seen = world.hub.runtime(wanted.repo_id)

    assert seen.stage in STAGES
    assert seen.requested_hardware == FREE
    assert seen.hardware in {FREE, ""}
    assert seen.sleep_seconds == TWO_DAYS
    assert seen.mounts == wanted.mounts


def test_the_list_of_its_owner_tells_what_it_tells_by_itself(world: World, wanted: NewSpace):
    def listed_as_it_is() -> bool:
        listed = world.hub.spaces_of(world.owner).get(wanted.repo_id)
        return listed is not None and listed.private and listed.runtime == world.hub.runtime(wanted.repo_id)

    world.until(listed_as_it_is, seconds=SOON)


def test_free_hardware_is_on_the_price_list_and_everything_there_has_a_price(world: World):
    offers = {offer.name: offer.hourly for offer in world.hub.hardware_prices()}

    assert offers[FREE] == Decimal(0)
    assert offers["cpu-upgrade"] > 0
    assert min(offers.values()) >= 0


# --- Changing -------------------------------------------------------------------------------------


def test_a_variable_is_added_and_replaced(world: World, wanted: NewSpace):
    world.hub.set_space_variable(wanted.repo_id, "CONTRACT", "first")
    first = world.hub.space_variables(wanted.repo_id)
    world.hub.set_space_variable(wanted.repo_id, "CONTRACT", "second")
    second = world.hub.space_variables(wanted.repo_id)

    assert (first["CONTRACT"], second["CONTRACT"]) == ("first", "second")
    assert wanted.variables.items() <= second.items()


def test_a_secret_is_added_and_replaced(world: World, wanted: NewSpace):
    for value in ("first", "second"):
        world.hub.set_space_secret(wanted.repo_id, "CONTRACT_SECRET", value)

    assert world.hub.space_secret_names(wanted.repo_id) >= {"CONTRACT_SECRET", *wanted.secrets}


def test_its_volumes_are_replaced_by_the_same_ones(world: World, wanted: NewSpace):
    world.hub.set_space_mounts(wanted.repo_id, wanted.mounts)

    assert world.hub.runtime(wanted.repo_id).mounts == wanted.mounts


def test_the_sleep_time_of_free_hardware_is_fixed(world: World, wanted: NewSpace):
    with pytest.raises(RefusedError):
        world.hub.set_sleep_time(wanted.repo_id, 3600)

    assert world.hub.runtime(wanted.repo_id).sleep_seconds == TWO_DAYS


def test_the_same_files_again_make_no_commit(world: World, wanted: NewSpace):
    head = world.hub.commit_space_files(wanted.repo_id, FILES, message="Contract")
    before = world.api.list_repo_commits(wanted.repo_id, repo_type="space")

    again = world.hub.commit_space_files(wanted.repo_id, FILES, message="Contract, again")

    after = world.api.list_repo_commits(wanted.repo_id, repo_type="space")
    assert again == head == after[0].commit_id
    assert [commit.commit_id for commit in after] == [commit.commit_id for commit in before]
    assert FILES.keys() <= set(world.api.list_repo_files(wanted.repo_id, repo_type="space"))


# --- Starting and stopping ------------------------------------------------------------------------


def test_it_comes_to_run_and_its_build_has_a_log(world: World, wanted: NewSpace):
    world.until(lambda: world.hub.runtime(wanted.repo_id).stage == "RUNNING")

    assert world.hub.runtime(wanted.repo_id).hardware == FREE
    world.until(lambda: world.hub.space_log_tail(wanted.repo_id, build=True) != [])


def test_it_is_paused_until_it_is_started_again(world: World, wanted: NewSpace):
    assert world.hub.pause_space(wanted.repo_id) in STAGES
    world.until(lambda: world.hub.runtime(wanted.repo_id).stage == "PAUSED")

    world.hub.restart_space(wanted.repo_id)

    world.until(lambda: world.hub.runtime(wanted.repo_id).stage != "PAUSED")


# --- The end --------------------------------------------------------------------------------------


def test_a_deleted_space_is_gone_also_from_the_list_and_may_be_deleted_again(world: World, passing: NewSpace):
    world.hub.delete_space(passing.repo_id)

    world.until(lambda: not world.hub.space_exists(passing.repo_id))
    world.hub.delete_space(passing.repo_id)
    world.until(lambda: passing.repo_id not in world.hub.spaces_of(world.owner))


def test_a_deleted_bucket_is_gone_and_may_be_deleted_again(world: World):
    name = world.name_a_bucket()
    world.hub.ensure_bucket(name)

    world.hub.delete_bucket(name)
    world.hub.delete_bucket(name)

    with pytest.raises(HfHubHTTPError) as missing:
        world.api.bucket_info(name)
    assert missing.value.response.status_code == 404
