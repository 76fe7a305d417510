"""The Hub's rate limit and provisioning: waiting for room is no failure, and a Space needs little room."""

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from dibt.gateways.hub import the_hub
from dibt.gateways.hub.limiter import the_limiter
from dibt.lib import clock
from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer
from projects.models import Space, SpaceState, StepKey, StepState
from projects.provisioning import pace, reconciler
from tests.projects.space_worlds import a_requested_space, step, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]
TOKEN = f"Bearer {PLATFORM_TOKEN}"


def use_up_the_window(*, seconds: int = 40) -> None:
    """As if the Hub had just answered that nothing is left for so long."""
    place = the_limiter().take(TOKEN)
    headers = {"RateLimit": f'"api";r=0;t={seconds}'}
    the_limiter().learn(TOKEN, place=place, status=200, headers=headers)


def test_a_step_without_room_waits_and_says_for_what_and_has_made_no_attempt(sandbox: SandboxServer):
    space = a_requested_space()
    use_up_the_window()

    pause = reconciler.run(space.pk, the_hub())

    row = step(space, StepKey.PREFLIGHT)
    space.refresh_from_db()
    assert pause is not None
    assert timedelta(seconds=39) < pause < timedelta(seconds=42)
    assert (row.state, row.attempt) == (StepState.WAITING, 0)
    assert "rate limit" in row.error
    assert row.next_retry_at is not None
    assert abs(row.next_retry_at - space.due_at) < timedelta(seconds=1)
    assert sandbox.requests.all() == []


def test_however_often_there_is_no_room_it_is_never_given_up():
    space, at = a_requested_space(), clock.now()

    for _window in range(2 * pace.MAX_ATTEMPTS):
        with clock.at(at):
            use_up_the_window()
            pause = reconciler.run(space.pk, the_hub())
        assert pause is not None
        at += pause + timedelta(milliseconds=1)

    with clock.at(at):
        assert work(space).state == SpaceState.READY


def test_waiting_for_room_takes_back_no_attempt_that_has_failed(sandbox: SandboxServer):
    space, at = a_requested_space(), clock.now()
    sandbox.faults.add("status", path="/api/organizations/", status=503)
    pause = reconciler.run(space.pk, the_hub())
    assert pause is not None

    with clock.at(at + pause + timedelta(seconds=1)):
        use_up_the_window()
        reconciler.run(space.pk, the_hub())

    assert step(space, StepKey.PREFLIGHT).attempt == 1


# --- How much room a Space needs ------------------------------------------------------------------


def looked_after(space: Space, *, until: datetime, at: datetime) -> datetime:
    """Call the reconciler as often as it asks for it, up to a moment; returns when it wants to be called again."""
    while at < until:
        with clock.at(at):
            pause = reconciler.run(space.pk, the_hub())
        assert pause is not None
        at += pause + timedelta(milliseconds=1)
    return at


@pytest.mark.parametrize("building", [timedelta(0), timedelta(minutes=3), timedelta(minutes=6)])
def test_from_the_request_to_ready_a_space_takes_at_most_thirty_calls(
    sandbox: SandboxServer, settings: Settings, building: timedelta
):
    settings.SPACE_FIRST_LOOK = timedelta(seconds=10)  # as in front of the real Hub
    space, at = a_requested_space(), clock.now()
    while step(space, StepKey.FILES).state != StepState.DONE:
        at = looked_after(space, until=at + timedelta(milliseconds=1), at=at)
    sandbox.state.force_stage(space.repo_id, "BUILDING", sticky=True)
    at = looked_after(space, until=at + building, at=at)
    sandbox.state.force_stage(space.repo_id, "RUNNING")

    with clock.at(at):
        space = work(space)

    assert space.state == SpaceState.READY
    assert len(sandbox.requests.all(path="/api/")) <= 30


def test_looks_at_a_space_that_starts_are_ten_seconds_apart_and_then_up_to_a_minute(
    settings: Settings,
):
    settings.SPACE_FIRST_LOOK = timedelta(seconds=10)

    def looks() -> list[float]:
        waited, seconds = timedelta(0), []
        while waited < timedelta(minutes=4):
            pause = pace.until_next_look(waited)
            waited += pause
            seconds.append(round(pause.total_seconds(), 1))
        return seconds

    assert looks() == [10, 10, 10, 15, 22.5, 33.8, 50.6, 60, 60]
