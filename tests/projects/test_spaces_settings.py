"""What is checked before a Space is made, and what is made so afterwards: hardware, sleep time, who may see it."""

import json

import pytest
from huggingface_hub import HfApi

from accounts.models import Membership
from dibt.gateways.hub import the_hub
from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer
from projects.models import Space, SpaceState, StepKey, StepState, Visibility
from projects.provisioning.wanted import wanted_of
from tests.factories import organisation, person
from tests.projects.space_worlds import a_requested_space, step, try_again, work, work_until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]
BOT = "dibt-bot"


def wish(space: Space, **changes: object) -> Space:
    Space.objects.filter(pk=space.pk).update(**changes)
    space.refresh_from_db()
    return space


def writes(sandbox: SandboxServer, space: Space) -> list[str]:
    """What was changed of the Space's settings on the Hub."""
    asked = sandbox.requests.all(path=f"/api/spaces/{space.repo_id}/")
    names = [(entry.method, entry.path.rsplit("/", 1)[-1]) for entry in asked]
    return [f"{method} {name}" for method, name in names if method != "GET" and name != "main"]


# --- Preflight ------------------------------------------------------------------------------------


def a_space_for_members() -> Space:
    lead = person("delta-lead", organisations=["delta-readers"])
    return a_requested_space(lead=lead, access="organisation", organisation=organisation("delta-readers"))


def test_a_lead_who_could_not_sign_in_is_told_before_anything_is_made(sandbox: SandboxServer):
    space = a_space_for_members()
    Membership.objects.all().delete()
    sandbox.requests.clear()

    space = work(space)

    assert space.state == SpaceState.FAILED
    assert "Only members of “delta-readers”" in step(space, StepKey.PREFLIGHT).error
    assert sandbox.requests.all() == []


def test_a_lead_who_joined_again_can_go_on():
    space = a_space_for_members()
    kept = Membership.objects.get(user__hub_username="delta-lead")
    kept.delete()
    space = work(space)

    kept.save(force_insert=True)

    assert work(try_again(space)).state == SpaceState.READY


def test_an_organisation_that_is_told_to_have_no_plan_is_named_before_anything_is_made(
    sandbox: SandboxServer, request: pytest.FixtureRequest
):
    before = sandbox.state.person(BOT).memberships
    request.addfinalizer(lambda: sandbox.state.change_person(BOT, memberships=dict(before)))
    sandbox.state.change_person(BOT, memberships={**before, "souk-letters": "admin"})
    space = wish(a_requested_space(), owner="souk-letters")
    sandbox.requests.clear()

    space = work(space)

    assert "“souk-letters” has no paid plan" in step(space, StepKey.PREFLIGHT).error
    assert [entry for entry in sandbox.requests.all() if entry.method != "GET"] == []


@pytest.mark.parametrize(
    ("told", "refused"),
    [({"plan": None}, True), ({"plan": "free"}, True), ({"plan": "team"}, False), ({}, False)],
)
def test_a_plan_that_is_not_told_is_left_to_the_hub(
    sandbox: SandboxServer, told: dict[str, str | None], refused: bool
):
    organisations = [{"name": "souk-letters", "roleInOrg": "admin", **told}]
    body = {"name": "dibt-bot", "orgs": organisations, "auth": {"accessToken": {"role": "write"}}}
    sandbox.faults.add("status", path="/api/whoami-v2", status=200, body=json.dumps(body))

    who = the_hub().identity(fresh=True)

    assert who.may_create_in("souk-letters")
    assert who.must_pay_first("souk-letters") is refused


# --- Settings -------------------------------------------------------------------------------------


def test_a_space_is_made_with_its_hardware_sleep_time_and_visibility(api: HfApi, sandbox: SandboxServer):
    space = wish(
        a_requested_space(), hardware="cpu-upgrade", sleep_seconds=3600, visibility=Visibility.PRIVATE
    )

    space = work(space)

    assert space.state == SpaceState.READY
    seen = api.get_space_runtime(space.repo_id)
    assert (seen.requested_hardware, seen.sleep_time) == ("cpu-upgrade", 3600)
    assert api.space_info(space.repo_id).private
    assert writes(sandbox, space) == ["POST pause", "POST restart"]


def test_on_free_hardware_no_sleep_time_is_asked_for(api: HfApi, sandbox: SandboxServer):
    space = wish(a_requested_space(), sleep_seconds=3600)

    space = work(space)

    assert space.state == SpaceState.READY
    assert api.get_space_runtime(space.repo_id).sleep_time == 48 * 3600
    assert sandbox.requests.all(path=f"/api/spaces/{space.repo_id}/sleeptime") == []


@pytest.mark.parametrize(
    ("wanted", "written"),
    [
        ({"hardware": "cpu-upgrade"}, ["POST hardware", "POST sleeptime"]),
        ({"visibility": Visibility.PRIVATE}, ["PUT settings"]),
        ({"sleep_seconds": 7200}, []),
    ],
)
def test_only_what_differs_is_written(sandbox: SandboxServer, wanted: dict[str, str], written: list[str]):
    space = work(a_requested_space())
    sandbox.requests.clear()

    space = work(try_again(wish(space, **wanted)))

    assert space.state == SpaceState.READY
    assert writes(sandbox, space) == written


@pytest.mark.parametrize(("before", "after"), [(3600, 7200), (3600, None), (None, 3600)])
def test_a_sleep_time_is_changed_without_asking_for_the_hardware_again(
    api: HfApi, sandbox: SandboxServer, before: int | None, after: int | None
):
    space = work(wish(a_requested_space(), hardware="cpu-upgrade", sleep_seconds=before))
    sandbox.requests.clear()

    space = work(try_again(wish(space, sleep_seconds=after)))

    assert api.get_space_runtime(space.repo_id).sleep_time == after
    assert writes(sandbox, space) == ["POST sleeptime"]


@pytest.mark.parametrize("fault", ["reset", "lost_answer"])
@pytest.mark.parametrize("call", ["/hardware", "/sleeptime", "/settings"])
def test_a_failure_that_passes_is_made_good_by_itself(
    api: HfApi, sandbox: SandboxServer, call: str, fault: str
):
    space = work_until(a_requested_space(), StepKey.SETTINGS)
    wish(space, hardware="cpu-upgrade", sleep_seconds=3600, visibility=Visibility.PRIVATE)
    sandbox.faults.add(fault, path=f"{space.repo_id}{call}$")

    space = work(space)

    assert space.state == SpaceState.READY
    seen = api.get_space_runtime(space.repo_id)
    assert (seen.requested_hardware, seen.sleep_time) == ("cpu-upgrade", 3600)
    assert api.space_info(space.repo_id).private


def test_the_platforms_token_is_shown_only_to_a_private_space_and_never_printed():
    space = a_requested_space()

    public = wanted_of(space, other_name="")
    private = wanted_of(wish(space, visibility=Visibility.PRIVATE), other_name="")

    assert public.space_token == ""
    assert private.space_token == PLATFORM_TOKEN
    assert PLATFORM_TOKEN not in repr(private)
    assert PLATFORM_TOKEN not in private.without_secrets(f"It said {PLATFORM_TOKEN}")


def test_the_steps_before_are_not_done_again_when_settings_fail(sandbox: SandboxServer):
    space = work_until(a_requested_space(), StepKey.SETTINGS)
    sandbox.faults.add("status", path="/secrets", status=400)

    space = work(space)

    states = list(space.steps.values_list("state", flat=True))
    assert states[:4] == [StepState.DONE, StepState.DONE, StepState.DONE, StepState.FAILED]
