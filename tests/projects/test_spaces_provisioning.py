"""Provisioning against the sandbox Hub, through the real client: what is there afterwards, and waiting for it."""

from datetime import timedelta

import pytest
from huggingface_hub import HfApi

from accounts.models import Notice
from dibt.gateways.hub import the_hub
from dibt.lib import clock, secrets
from dibt.sandbox.testing import SandboxServer
from projects.domain import space_plans
from projects.models import Space, SpaceState, StepKey, StepState
from projects.provisioning import pace, reconciler
from tests.factories import organisation, person
from tests.projects.space_worlds import a_requested_space, lead_of, step, try_again, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]
OWNER = "data-is-better-together"


# --- The happy road -------------------------------------------------------------------------------


def test_a_requested_space_becomes_ready(sandbox: SandboxServer):
    space = work(a_requested_space())

    assert space.state == SpaceState.READY
    assert [(row.key, row.state, row.error) for row in space.steps.all()] == [
        (key, StepState.DONE, "") for key in space_plans.RUN
    ]
    assert space.ready_at
    assert space.url
    assert space.stage == "RUNNING"
    assert sandbox.state.stage(space.repo_id) == "RUNNING"
    assert (space.lease_holder, space.leased_until) == (None, None)


def test_what_is_on_the_hub_is_what_was_wanted(api: HfApi, sandbox: SandboxServer):
    space = work(a_requested_space())

    variables = {key: each.value for key, each in api.get_space_variables(space.repo_id).items()}
    assert variables == {
        "DIBT_PROVISION_ID": str(space.provision_id),
        "USERNAME": space.requested_by.hub_username,
        "WORKSPACE": "argilla",
        "ARGILLA_HOME_PATH": "/data/argilla",
        "REINDEX_DATASETS": "1",
    }
    for key, value in secrets.decrypt(space.secrets_box).items():
        assert sandbox.state.has_secret(space.repo_id, key, value)
    runtime = api.get_space_runtime(space.repo_id)
    assert [(volume.type, volume.source, volume.mount_path) for volume in runtime.volumes or ()] == [
        ("bucket", space.bucket_id, "/data")
    ]
    assert runtime.requested_hardware == "cpu-basic"
    assert space.bucket_id in sandbox.state.buckets(owner=OWNER)


def test_a_space_for_members_lets_only_them_sign_in(api: HfApi):
    lead = person("delta-lead", organisations=["delta-readers"])

    space = work(
        a_requested_space(lead=lead, access="organisation", organisation=organisation("delta-readers"))
    )

    card = api.space_info(space.repo_id).card_data
    assert card is not None
    assert card.to_dict()["hf_oauth_authorized_org"] == "delta-readers"


def test_the_leads_are_told_when_it_is_ready():
    space = work(a_requested_space())

    notices = Notice.objects.filter(kind="space-ready")
    assert [notice.user for notice in notices] == [lead_of(space.project)]
    assert notices[0].url == f"/manage/{space.project.slug}/space/"


def test_the_whole_of_it_takes_few_requests_and_only_what_differs_is_written(sandbox: SandboxServer):
    space = a_requested_space()
    work(a_requested_space())  # now the gateway knows who it is
    sandbox.requests.clear()

    work(space)

    requests = sandbox.requests.all(path="/api/")
    writes = [
        (entry.method, entry.path.replace(space.repo_id, "SPACE"))
        for entry in requests
        if entry.method != "GET"
    ]
    assert len(requests) <= 30
    assert writes == [
        ("POST", f"/api/buckets/{space.bucket_id}"),
        ("POST", "/api/spaces/argilla/argilla-template-space/duplicate"),
        ("POST", "/api/validate-yaml"),
        ("POST", "/api/spaces/SPACE/preupload/main"),
        ("POST", "/api/spaces/SPACE/commit/main"),
        ("POST", "/api/spaces/SPACE/pause"),
        ("POST", "/api/spaces/SPACE/restart"),
    ]


def test_doing_it_all_again_changes_nothing_on_the_hub(api: HfApi, sandbox: SandboxServer):
    space = work(a_requested_space())
    commits = len(api.list_repo_commits(space.repo_id, repo_type="space"))
    try_again(space)
    sandbox.requests.clear()

    again = work(space)

    assert again.state == SpaceState.READY
    assert len(api.list_repo_commits(space.repo_id, repo_type="space")) == commits
    changed = [e.path for e in sandbox.requests.all(method="POST", path=f"/api/spaces/{space.repo_id}")]
    assert changed == [f"/api/spaces/{space.repo_id}/preupload/main"]


def test_what_somebody_changed_on_the_hub_is_put_right_when_tried_again(api: HfApi, sandbox: SandboxServer):
    space = work(a_requested_space())
    api.add_space_variable(space.repo_id, "WORKSPACE", "elsewhere")
    api.delete_space_secret(space.repo_id, "API_KEY")
    api.delete_space_volumes(space.repo_id)
    api.request_space_hardware(space.repo_id, "cpu-upgrade")

    work(try_again(space))

    assert api.get_space_variables(space.repo_id)["WORKSPACE"].value == "argilla"
    assert sandbox.state.has_secret(space.repo_id, "API_KEY", secrets.decrypt(space.secrets_box)["API_KEY"])
    runtime = api.get_space_runtime(space.repo_id)
    assert [volume.source for volume in runtime.volumes or ()] == [space.bucket_id]
    assert runtime.requested_hardware == "cpu-basic"


# --- Waiting --------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["BUILDING", "APP_STARTING", "RUNNING_BUILDING", "NEVER_HEARD_OF"])
def test_a_space_on_its_way_is_looked_at_again(sandbox: SandboxServer, stage: str):
    space = a_requested_space()
    work(space)
    sandbox.state.force_stage(space.repo_id, stage, sticky=True)
    Space.objects.filter(pk=space.pk).update(state=SpaceState.WORKING, due_at=clock.now())
    space.steps.filter(key=StepKey.RUNNING).update(
        state=StepState.PENDING, attempt=0, started_at=None, ended_at=None
    )

    pause = reconciler.run(space.pk, the_hub())

    space.refresh_from_db()
    assert pause == timedelta(seconds=2)
    assert step(space, StepKey.RUNNING).state == StepState.WORKING
    assert space.stage == stage
    assert space.leased_until is None
    assert clock.now() < space.due_at <= clock.now() + pause


def test_looks_become_rarer_up_to_a_minute():
    minutes = [0, 1, 2, 5, 30]

    looks = [pace.until_next_look(timedelta(minutes=waited)).total_seconds() for waited in minutes]

    assert looks == [2, 30, 60, 60, 60]


def test_pauses_after_failures_double_and_differ_but_never_undercut_what_was_asked():
    pauses = [pace.after_failure(attempt, asked=None).total_seconds() for attempt in range(1, 9)]
    asked = pace.after_failure(1, asked=timedelta(seconds=100)).total_seconds()

    assert all(2**n <= pause <= 1.5 * 2**n for n, pause in enumerate(pauses, start=1))
    assert 100 <= asked <= 150


def stuck(sandbox: SandboxServer, stage: str, *, error_message: str = "", sticky: bool = True) -> Space:
    """A Space that came as far as being made, and got into `stage` on the way up."""
    space = a_requested_space()
    work(space)
    sandbox.state.force_stage(space.repo_id, stage, error_message=error_message, sticky=sticky)
    return try_again(space)


def test_a_space_that_does_not_come_up_is_given_up_after_45_minutes(sandbox: SandboxServer):
    space = work(stuck(sandbox, "BUILDING"), runs=200)

    assert space.state == SpaceState.FAILED
    assert "45 minutes" in step(space, StepKey.RUNNING).error


@pytest.mark.parametrize("stage", ["PAUSED", "SLEEPING", "STOPPED"])
def test_a_space_at_rest_is_woken(sandbox: SandboxServer, stage: str):
    space = work(stuck(sandbox, stage, sticky=False))

    assert space.state == SpaceState.READY
    assert sandbox.state.stage(space.repo_id) == "RUNNING"


def test_a_failed_start_is_built_anew_once_and_may_succeed_then(sandbox: SandboxServer):
    space = work(stuck(sandbox, "RUNTIME_ERROR", sticky=False))

    assert space.state == SpaceState.READY
    assert space.rebuilt_at


@pytest.mark.parametrize("stage", ["BUILD_ERROR", "RUNTIME_ERROR", "CONFIG_ERROR", "NO_APP_FILE"])
def test_a_start_that_fails_again_is_left_to_a_person_with_the_log(sandbox: SandboxServer, stage: str):
    space = stuck(sandbox, stage, error_message="The image does not build")
    sandbox.requests.clear()

    space = work(space)

    row = step(space, StepKey.RUNNING)
    assert space.state == SpaceState.FAILED
    assert stage in row.error
    assert "The image does not build" in row.error
    assert space.log_tail
    restarts = sandbox.requests.all(method="POST", path=f"/api/spaces/{space.repo_id}/restart")
    assert len(restarts) == 1


def test_a_log_that_shows_a_secret_is_kept_without_it(sandbox: SandboxServer):
    space = a_requested_space()
    work(space)
    password = secrets.decrypt(space.secrets_box)["PASSWORD"]
    sandbox.state.force_stage(
        space.repo_id, "RUNTIME_ERROR", error_message=f"login with {password} failed", sticky=True
    )

    space = work(try_again(space))

    assert "login with" in space.log_tail
    assert password not in space.log_tail + step(space, StepKey.RUNNING).error
