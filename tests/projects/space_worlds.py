"""Projects with a Space asked for, and a worker that can be told to work until nothing is left to do."""

from datetime import timedelta
from itertools import count
from typing import Any

from accounts.models import User
from dibt.gateways.hub import the_hub
from dibt.lib import clock
from projects.domain import spaces
from projects.models import Project, Space, SpaceState, SpaceStep, StepKey, StepState
from projects.provisioning import reconciler
from tests.factories import a_project

_numbers = count(1)


def a_project_of_its_own(**fields: Any) -> Project:
    """A project whose name no other test has: the sandbox remembers from one test to the next."""
    return a_project(title=f"Provisioned {next(_numbers)}", **fields)


def a_requested_space(**fields: Any) -> Space:
    project = a_project_of_its_own(**fields)
    return spaces.request_space(project, by=lead_of(project))


def lead_of(project: Project) -> User:
    return project.leads.get()


def work(space: Space, *, runs: int = 100) -> Space:
    """Call the reconciler as often as it asks for, each time at the moment it asked for."""
    at = clock.now()
    for _ in range(runs):
        with clock.at(at):
            pause = reconciler.run(space.pk, the_hub())
        if pause is None:
            break
        at += pause + timedelta(milliseconds=1)
    return Space.objects.get(pk=space.pk)


def work_until(space: Space, key: StepKey) -> Space:
    """Perform the steps before `key`, each at the moment it asked for; then that one is due."""
    at = clock.now()
    for _ in range(100):
        left = space.steps.exclude(state=StepState.DONE).first()
        if left is not None and left.key == key:
            Space.objects.filter(pk=space.pk).update(due_at=clock.now())
            return Space.objects.get(pk=space.pk)
        with clock.at(at):
            pause = reconciler.run(space.pk, the_hub())
        assert pause is not None, f"It came to an end before {key}"
        at += pause
    raise AssertionError(f"It never came to {key}")


def try_again(space: Space) -> Space:
    """What a lead does about a Space that failed, or that is looked at as if it had."""
    Space.objects.filter(pk=space.pk).update(state=SpaceState.FAILED)
    space.refresh_from_db()
    return spaces.retry(space, by=lead_of(space.project))


def step(space: Space, key: StepKey) -> SpaceStep:
    return space.steps.get(key=key)


def a_ready_space(**fields: Any) -> Space:
    space = work(a_requested_space(**fields))
    assert space.state == SpaceState.READY, space.steps.exclude(error="").first()
    return space
