"""What can be asked of a Space that is there: from which states, by whom, and what the Hub is like afterwards."""

from decimal import Decimal

import httpx2
import pytest
from huggingface_hub import HfApi

from dibt.lib import clock, leases, secrets
from dibt.lib.errors import ConflictError, InvalidError, NotAllowedError, NotVisibleError
from dibt.sandbox.testing import SandboxServer
from projects.domain import space_changes
from projects.domain.space_changes import Change
from projects.models import HardwarePrice, Project, ProjectState, Role, Space, SpaceGoal, SpaceState
from tests.factories import organiser, person
from tests.projects.space_lives import DOES, a_ready_space, ask, released, trail
from tests.projects.space_worlds import a_requested_space, lead_of, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]


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
