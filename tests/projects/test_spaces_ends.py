"""The end of a Space: taken down, its data deleted, and asked for again."""

import pytest
from huggingface_hub import HfApi

from dibt.lib.errors import ConflictError
from dibt.sandbox.testing import SandboxServer
from projects.domain import space_changes, spaces
from projects.domain.space_changes import Change
from projects.models import Proof, Space, SpaceGoal, SpaceState, StepKey, StepState
from projects.provisioning.wanted import PROVISION_ID
from tests.projects.space_lives import ORG, a_ready_space, ask, released, trail
from tests.projects.space_worlds import a_requested_space, lead_of, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]


def test_taking_down_deletes_our_space_and_nothing_else(sandbox: SandboxServer):
    space, other = a_ready_space(), a_ready_space()

    gone = work(ask(space, Change.TAKE_DOWN))

    spaces_there, buckets = sandbox.state.repos("space", owner=ORG), sandbox.state.buckets(owner=ORG)
    assert (gone.state, gone.url, gone.stage) == (SpaceState.GONE, "", "")
    assert space.repo_id not in spaces_there
    assert other.repo_id in spaces_there
    assert {space.bucket_id, other.bucket_id} <= set(buckets)
    assert trail(space)[-2:] == ["Had it taken down.", "It is taken down."]


def test_a_strangers_space_of_that_name_is_left_alone(api: HfApi, sandbox: SandboxServer):
    space = a_ready_space()
    api.add_space_variable(space.repo_id, PROVISION_ID, "another platform's")

    failed = work(ask(space, Change.TAKE_DOWN))

    assert failed.state == SpaceState.FAILED
    assert "does not carry our mark" in failed.steps.get(state=StepState.FAILED).error
    assert space.repo_id in sandbox.state.repos("space", owner=ORG)
    assert sandbox.state.stage(space.repo_id) == "RUNNING"


def test_one_that_was_never_made_can_be_taken_down():
    gone = work(ask(a_requested_space(), Change.TAKE_DOWN))

    assert gone.state == SpaceState.GONE


def test_its_data_stay_until_a_release_was_published(sandbox: SandboxServer):
    gone = work(ask(a_ready_space(), Change.TAKE_DOWN))

    with pytest.raises(ConflictError, match="No release of this project"):
        ask(gone, Change.FORGET)
    kept = sandbox.state.buckets(owner=ORG)
    forgotten = work(ask(released(gone), Change.FORGET))

    assert gone.bucket_id in kept
    assert gone.bucket_id not in sandbox.state.buckets(owner=ORG)
    assert forgotten.state == SpaceState.GONE
    assert forgotten.bucket_deleted_at is not None
    assert space_changes.possible(forgotten) == []
    assert trail(forgotten)[-2:] == [
        f"Had its data deleted: the bucket {gone.bucket_id}.",
        "Its data are deleted.",
    ]


def test_the_data_of_a_space_that_could_not_be_taken_down_stay():
    """It may still write into its bucket."""
    space = released(a_ready_space())
    ask(space, Change.TAKE_DOWN)
    Space.objects.filter(pk=space.pk).update(state=SpaceState.FAILED)

    with pytest.raises(ConflictError, match="once the Space is taken down"):
        ask(space, Change.FORGET)


def test_deleting_its_data_can_be_tried_again(sandbox: SandboxServer):
    gone = work(ask(released(a_ready_space()), Change.TAKE_DOWN))
    sandbox.faults.add("status", path="/api/buckets/", method="DELETE", status=403)
    failed = work(ask(gone, Change.FORGET))

    forgotten = work(ask(failed, Change.FORGET))

    assert failed.state == SpaceState.FAILED
    assert forgotten.bucket_deleted_at is not None
    assert gone.bucket_id not in sandbox.state.buckets(owner=ORG)


def test_asked_for_again_it_is_made_anew_on_the_same_bucket_and_proven_anew(api: HfApi):
    before = a_ready_space()
    gone = work(ask(before, Change.TAKE_DOWN))

    spaces.request_space(gone.project, by=lead_of(gone.project))
    again = work(gone)

    assert (again.state, again.proof, again.goal) == (SpaceState.READY, Proof.READ, SpaceGoal.RUN)
    assert again.bucket_id == before.bucket_id
    assert again.proven_at > before.proven_at
    volume = api.get_space_runtime(again.repo_id).volumes[0]
    assert (volume.source, volume.mount_path) == (before.bucket_id, "/data")
    assert again.steps.filter(key=StepKey.PROOF, state=StepState.DONE).exists()


def test_asked_for_again_after_its_data_were_deleted_it_begins_with_a_new_bucket(sandbox: SandboxServer):
    gone = work(ask(released(a_ready_space()), Change.TAKE_DOWN))
    forgotten = work(ask(gone, Change.FORGET))

    spaces.request_space(forgotten.project, by=lead_of(forgotten.project))
    again = work(forgotten)

    assert (again.state, again.bucket_deleted_at) == (SpaceState.READY, None)
    assert again.bucket_id in sandbox.state.buckets(owner=ORG)
