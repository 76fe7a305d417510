"""What can be asked of a Space that is there: from which states, by whom, and what the Hub is like afterwards."""

from collections.abc import Callable
from decimal import Decimal

import httpx2
import pytest
from huggingface_hub import HfApi

from dibt.lib import clock, leases, secrets
from dibt.lib.errors import ConflictError, InvalidError, NotAllowedError, NotVisibleError
from dibt.sandbox.testing import SandboxServer
from projects.domain import space_changes, space_events, spaces
from projects.domain.space_changes import Change
from projects.models import (
    HardwarePrice,
    Project,
    ProjectState,
    Proof,
    Role,
    Space,
    SpaceGoal,
    SpaceState,
    StepKey,
    StepState,
)
from projects.provisioning.wanted import PROVISION_ID
from tests.factories import organiser, person
from tests.projects.space_worlds import a_requested_space, lead_of, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]
ORG = "data-is-better-together"

DOES: dict[Change, Callable[..., Space]] = {
    Change.PAUSE: space_changes.pause,
    Change.RESUME: space_changes.resume,
    Change.HARDWARE: lambda space, by: space_changes.change_hardware(space, by=by, hardware="cpu-upgrade"),
    Change.SECRETS: space_changes.rotate_secrets,
    Change.TAKE_DOWN: space_changes.take_down,
    Change.FORGET: space_changes.forget_data,
}


@pytest.fixture(autouse=True)
def _prices() -> None:
    now = clock.now()
    for name, hourly in (("cpu-upgrade", "0.03"), ("a100-large", "2.50")):
        HardwarePrice.objects.create(name=name, pretty_name=name, hourly=Decimal(hourly), seen_at=now)


def a_space(state: SpaceState, goal: SpaceGoal, *, stage: str = "RUNNING", **fields: object) -> Space:
    """One of which the rows say so; nothing of it is on the Hub."""
    space = a_requested_space()
    Space.objects.filter(pk=space.pk).update(state=state, goal=goal, stage=stage, **fields)
    return Space.objects.get(pk=space.pk)


def a_ready_space() -> Space:
    return work(a_requested_space())


def ask(space: Space, change: Change) -> Space:
    """The Space after its lead asked for that; `space` stays as it was seen before."""
    return DOES[change](Space.objects.get(pk=space.pk), by=lead_of(space.project))


def released(space: Space) -> Space:
    Project.objects.filter(pk=space.project_id).update(released_at=clock.now())
    return Space.objects.get(pk=space.pk)


def trail(space: Space) -> list[str]:
    """Its audit trail, oldest first."""
    return [space_events.sentence(event) for event in space.events.reverse()]


# --- From which states, and by whom ---------------------------------------------------------------

ALIVE = {Change.HARDWARE, Change.SECRETS, Change.TAKE_DOWN}


@pytest.mark.parametrize(
    ("state", "goal", "offered"),
    [
        (SpaceState.REQUESTED, SpaceGoal.RUN, {Change.PAUSE, *ALIVE}),
        (SpaceState.WORKING, SpaceGoal.RUN, {Change.PAUSE, *ALIVE}),
        (SpaceState.READY, SpaceGoal.RUN, {Change.PAUSE, *ALIVE}),
        (SpaceState.FAILED, SpaceGoal.RUN, {Change.PAUSE, *ALIVE}),
        (SpaceState.WORKING, SpaceGoal.PAUSED, {Change.RESUME, *ALIVE}),
        (SpaceState.PAUSED, SpaceGoal.PAUSED, {Change.RESUME, *ALIVE}),
        (SpaceState.FAILED, SpaceGoal.PAUSED, {Change.PAUSE, Change.RESUME, *ALIVE}),
        (SpaceState.WORKING, SpaceGoal.GONE, set()),
        (SpaceState.FAILED, SpaceGoal.GONE, set()),
        (SpaceState.GONE, SpaceGoal.GONE, {Change.FORGET}),
    ],
)
def test_in_each_state_what_is_offered_can_be_asked_and_nothing_else(
    state: SpaceState, goal: SpaceGoal, offered: set[Change]
):
    space = released(a_space(state, goal))

    assert set(space_changes.possible(space)) == offered
    for change in set(Change) - offered:
        assert space_changes.refusal(space, change)


@pytest.mark.parametrize("change", list(Change))
def test_only_those_who_run_the_project_can_ask(change: Change):
    goal = SpaceGoal.PAUSED if change == Change.RESUME else SpaceGoal.RUN
    goal = SpaceGoal.GONE if change == Change.FORGET else goal
    state = {"run": SpaceState.READY, "paused": SpaceState.PAUSED, "gone": SpaceState.GONE}[goal]
    space = released(a_space(state, goal))
    co_lead = person("co-lead")
    space.project.roles.create(user=co_lead, role=Role.CO_LEAD)

    with pytest.raises(NotVisibleError):
        DOES[change](space, by=person("stranger"))
    Project.objects.filter(pk=space.project_id).update(state=ProjectState.OPEN)
    space.project.refresh_from_db()
    with pytest.raises(NotAllowedError):
        DOES[change](space, by=person("stranger"))

    assert not space.events.filter(by=person("stranger")).exists()
    for by in (co_lead, organiser("second-organiser")):
        Space.objects.filter(pk=space.pk).update(state=state, goal=goal, hardware="cpu-basic", rotating=[])
        assert DOES[change](space, by=by).events.first().by == by


@pytest.mark.parametrize("change", [Change.PAUSE, Change.HARDWARE, Change.SECRETS, Change.TAKE_DOWN])
def test_while_a_worker_holds_it_nothing_is_changed(change: Change):
    space = a_space(SpaceState.WORKING, SpaceGoal.RUN)
    leases.take(Space.objects.get(pk=space.pk))
    before = Space.objects.values().get(pk=space.pk)

    with pytest.raises(ConflictError, match="being worked on at this very moment"):
        ask(space, change)

    assert Space.objects.values().get(pk=space.pk) == before
    assert len(trail(space)) == 1


@pytest.mark.parametrize("change", list(Change))
def test_asked_twice_it_is_done_once(change: Change):
    goal = SpaceGoal.PAUSED if change == Change.RESUME else SpaceGoal.RUN
    space = released(a_ready_space())
    if goal == SpaceGoal.PAUSED:
        space = work(ask(space, Change.PAUSE))
    if change == Change.FORGET:
        space = work(ask(space, Change.TAKE_DOWN))

    once = ask(space, change)
    rows, said = Space.objects.values().get(pk=space.pk), trail(space)
    stale = ask(once, change)

    assert Space.objects.values().get(pk=stale.pk) == rows
    assert trail(space) == said


# --- Pausing and resuming -------------------------------------------------------------------------


def test_pausing_stops_it_on_the_hub_and_resuming_brings_it_back(sandbox: SandboxServer):
    space = a_ready_space()

    paused = work(ask(space, Change.PAUSE))
    stopped = sandbox.state.stage(space.repo_id)
    again = work(ask(paused, Change.RESUME))

    assert (paused.state, paused.stage, stopped) == (SpaceState.PAUSED, "PAUSED", "PAUSED")
    assert (again.state, again.goal, again.stage) == (SpaceState.READY, SpaceGoal.RUN, "RUNNING")
    assert sandbox.state.stage(space.repo_id) == "RUNNING"
    assert trail(space)[1:] == [
        "It is ready.",
        "Had it paused.",
        "It is paused.",
        "Had it run again.",
        "It is ready.",
    ]


def test_resuming_proves_nothing_anew():
    space = a_ready_space()
    paused = work(ask(space, Change.PAUSE))

    again = work(ask(paused, Change.RESUME))

    assert again.proven_at == space.proven_at


def test_it_can_be_paused_while_it_is_set_up(sandbox: SandboxServer):
    space = work(a_requested_space(), runs=5)
    assert space.state == SpaceState.WORKING

    paused = work(ask(space, Change.PAUSE))

    assert paused.state == SpaceState.PAUSED
    assert sandbox.state.stage(space.repo_id) == "PAUSED"


def test_what_is_not_on_the_hub_yet_cannot_be_paused():
    with pytest.raises(ConflictError, match="not on the Hub yet"):
        ask(a_requested_space(), Change.PAUSE)


def test_a_finished_project_resumes_no_space():
    space = a_space(SpaceState.PAUSED, SpaceGoal.PAUSED)
    Project.objects.filter(pk=space.project_id).update(state=ProjectState.COMPLETED)

    with pytest.raises(ConflictError, match="project is finished"):
        ask(Space.objects.get(pk=space.pk), Change.RESUME)


def test_what_the_cohort_cannot_pay_for_is_not_resumed():
    space = a_space(SpaceState.PAUSED, SpaceGoal.PAUSED, hardware="a100-large")
    cohort = space.project.cohort
    type(cohort).objects.filter(pk=cohort.pk).update(monthly_budget=0)

    with pytest.raises(ConflictError, match="its budget is"):
        ask(Space.objects.get(pk=space.pk), Change.RESUME)


# --- Hardware -------------------------------------------------------------------------------------


def test_other_hardware_and_its_sleep_time_reach_the_hub(api: HfApi):
    space = a_ready_space()

    changed = space_changes.change_hardware(
        space, by=lead_of(space.project), hardware="cpu-upgrade", sleep_seconds=3600
    )
    changed = work(changed)

    seen = api.get_space_runtime(space.repo_id)
    assert (changed.state, changed.seen_hardware) == (SpaceState.READY, "cpu-upgrade")
    assert (seen.hardware, seen.sleep_time) == ("cpu-upgrade", 3600)
    assert "Chose other hardware: cpu-upgrade in place of cpu-basic." in trail(space)


def test_another_sleep_time_alone_is_told_as_that():
    space = a_space(SpaceState.READY, SpaceGoal.RUN, hardware="cpu-upgrade")

    space_changes.change_hardware(space, by=lead_of(space.project), hardware="cpu-upgrade", sleep_seconds=300)

    assert trail(space)[-1] == "Chose another sleep time."


def test_while_it_is_paused_other_hardware_is_noted_and_comes_with_resuming(
    api: HfApi, sandbox: SandboxServer
):
    paused = work(ask(a_ready_space(), Change.PAUSE))
    sandbox.requests.clear()

    noted = work(ask(paused, Change.HARDWARE))
    asked = sandbox.requests.all()
    resumed = work(ask(noted, Change.RESUME))

    assert (noted.state, noted.hardware, asked) == (SpaceState.PAUSED, "cpu-upgrade", [])
    assert resumed.state == SpaceState.READY
    assert api.get_space_runtime(paused.repo_id).hardware == "cpu-upgrade"


def test_free_hardware_has_no_sleep_time_of_ours():
    space = a_space(SpaceState.READY, SpaceGoal.RUN, hardware="cpu-upgrade", sleep_seconds=300)

    changed = space_changes.change_hardware(
        space, by=lead_of(space.project), hardware="cpu-basic", sleep_seconds=300
    )

    assert (changed.hardware, changed.sleep_seconds) == ("cpu-basic", None)


@pytest.mark.parametrize(
    ("hardware", "sleep_seconds", "field"),
    [
        ("abacus", None, "hardware"),
        ("cpu-upgrade", 299, "sleep_seconds"),
        ("cpu-upgrade", 40 * 86400, "sleep_seconds"),
    ],
)
def test_hardware_or_a_sleep_time_that_cannot_be_is_refused(
    hardware: str, sleep_seconds: int | None, field: str
):
    space = a_space(SpaceState.READY, SpaceGoal.RUN)

    with pytest.raises(InvalidError) as refusal:
        space_changes.change_hardware(
            space, by=lead_of(space.project), hardware=hardware, sleep_seconds=sleep_seconds
        )

    assert list(refusal.value.fields) == [field]
    space.refresh_from_db()
    assert (space.state, space.hardware) == (SpaceState.READY, "cpu-basic")


def test_hardware_beyond_the_cohorts_budget_is_refused():
    space = a_space(SpaceState.READY, SpaceGoal.RUN)
    cohort = space.project.cohort
    type(cohort).objects.filter(pk=cohort.pk).update(monthly_budget=0)

    with pytest.raises(ConflictError, match="its budget is"):
        ask(Space.objects.get(pk=space.pk), Change.HARDWARE)

    space.refresh_from_db()
    assert space.hardware == "cpu-basic"


# --- Secrets --------------------------------------------------------------------------------------


def test_renewed_secrets_replace_the_old_ones_on_the_hub_and_in_argilla(sandbox: SandboxServer):
    space = a_ready_space()
    old = secrets.decrypt(space.secrets_box)

    space = work(ask(space, Change.SECRETS))

    new = secrets.decrypt(space.secrets_box)
    holds = {key: sandbox.state.has_secret(space.repo_id, key, value) for key, value in new.items()}
    assert (space.state, space.rotating) == (SpaceState.READY, [])
    assert holds == dict.fromkeys(new, True)
    assert {key for key in new if new[key] != old[key]} == {"PASSWORD", "ARGILLA_AUTH_SECRET_KEY"}
    assert [_signs_in(space, it["PASSWORD"]) for it in (old, new)] == [False, True]
    assert "Had its secrets renewed." in trail(space)


def test_no_secret_is_in_the_audit_trail():
    space = work(ask(a_ready_space(), Change.SECRETS))

    told = repr(list(space.events.values()))

    assert [value for value in secrets.decrypt(space.secrets_box).values() if value in told] == []


def _signs_in(space: Space, password: str) -> bool:
    form = {"username": space.requested_by.hub_username, "password": password}
    answer = httpx2.post(f"{space.url}/api/v1/token", data=form)
    assert answer.status_code in {201, 401}
    return answer.status_code == 201


# --- Its end --------------------------------------------------------------------------------------


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
