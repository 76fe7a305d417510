"""Spaces as they are after what workers did, written down without them: a list of many is quick to make."""

from datetime import timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from dibt.lib import clock
from projects.domain import spaces
from projects.models import Cohort, Space, SpaceState, SpaceStep, SpaceUse, StepKey, StepState
from tests.factories import a_project, person
from tests.projects.space_worlds import lead_of

_numbers = count(1)


def a_space(name: str = "", *, cohort: Cohort | None = None, **fields: Any) -> Space:
    """A Space as it is after what workers did, which is said by `fields`; ready unless they say otherwise."""
    said = {"state": SpaceState.READY, "stage": "RUNNING", "ready_at": clock.now(), **fields}
    project = a_project(cohort, title=name or f"Space {next(_numbers)}")
    space = spaces.request_space(project, by=lead_of(project))
    Space.objects.filter(pk=space.pk).update(**said)
    done = said["state"] not in {SpaceState.REQUESTED, SpaceState.WORKING, SpaceState.FAILED}
    if done:
        space.steps.update(state=StepState.DONE, started_at=clock.now(), ended_at=clock.now())
    return Space.objects.get(pk=space.pk)


def at(space: Space, key: StepKey, state: StepState, **fields: Any) -> Space:
    space.steps.filter(key=key).update(state=state, **fields)
    return space


def stopped(name: str = "", error: str = "The Hub refused it.", **fields: Any) -> Space:
    space = a_space(name, state=SpaceState.FAILED, ready_at=None, **fields)
    return at(space, StepKey.RUNNING, StepState.FAILED, error=error, ended_at=clock.now())


def billed(space: Space, hourly: str, *, hours: int = 0) -> Space:
    """It has run on paid hardware for so long, and goes on."""
    Space.objects.filter(pk=space.pk).update(hardware="cpu-upgrade")
    SpaceUse.objects.create(
        space=space,
        hardware="cpu-upgrade",
        hourly=Decimal(hourly),
        began_at=clock.now() - timedelta(hours=hours),
    )
    return Space.objects.get(pk=space.pk)


def copy_of(model: Space, number: int) -> None:
    """One more, with a project of its own that differs in nothing else: quick to make."""
    project, application = model.project, model.project.application
    application.pk, project.pk, space = None, None, Space.objects.get(pk=model.pk)
    application.lead = person(f"copied-{number}")
    application.save()
    project.application, project.slug = application, f"copy-{model.pk}-{number}"
    project.save()
    space.pk, space.project, space.name = None, project, f"copy-{model.pk}-{number}"
    space.provision_id = type(space)().provision_id
    space.save()
    SpaceStep.objects.create(space=space, key=StepKey.RUNNING, position=0, state=StepState.WORKING)
    SpaceUse.objects.create(space=space, hardware="t4", hourly=Decimal("0.40"), began_at=clock.now())
