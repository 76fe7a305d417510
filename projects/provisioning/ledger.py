"""What happens to a Space, written down as it happens; the lead's page shows these rows.

Every entry first extends the lease, in the same transaction: a worker that lost it writes nothing any more.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from accounts.domain.notices import notify
from accounts.models import User
from dibt.lib import clock, leases
from dibt.lib.states import move
from projects.domain import costs
from projects.domain.space_events import FORGOTTEN, note
from projects.domain.space_plans import MOVES, RESTS_AS
from projects.domain.spaces import UNPROVEN
from projects.models import (
    EventKind,
    Project,
    Proof,
    Space,
    SpaceGoal,
    SpaceState,
    SpaceStep,
    StepKey,
    StepState,
)
from projects.provisioning import pace
from projects.provisioning.outcomes import Done, Further, Wait


class LeaseLostError(Exception):
    """Another worker holds the Space now; leave it to that one."""


@contextmanager
def entry(space: Space) -> Iterator[None]:
    """One entry, all of it or nothing; raises LeaseLostError."""
    with transaction.atomic():
        keep(space)
        yield


def keep(space: Space) -> None:
    """Hold the Space for longer, as long as somebody works on it; raises LeaseLostError."""
    if not leases.extend(space, lasting=pace.LEASE):
        raise LeaseLostError


def started(space: Space) -> None:
    if space.state == SpaceState.REQUESTED:
        with entry(space):
            move(space, MOVES, to=SpaceState.WORKING)


def step_started(space: Space, step: SpaceStep) -> None:
    with entry(space):
        _write(
            step,
            state=StepState.WORKING,
            attempt=step.attempt + 1,
            started_at=step.started_at or clock.now(),
            next_retry_at=None,
        )


def step_done(space: Space, step: SpaceStep, seen: Done) -> None:
    with entry(space):
        _write(step, state=StepState.DONE, ended_at=clock.now(), error="", request_id="")
        _saw(space, stage=seen.stage, url=seen.url)
        if step.key == StepKey.FORGET:
            Space.objects.filter(pk=space.pk).update(bucket_deleted_at=clock.now())


def step_waits(space: Space, step: SpaceStep, seen: Wait) -> None:
    """It is on its way. That is no failure, so earlier ones no longer count."""
    with entry(space):
        _write(step, attempt=0, error=seen.reason, request_id="")
        rebuilt = {"rebuilt_at": clock.now()} if seen.rebuilding else {}
        _saw(space, stage=seen.stage, **rebuilt)


def step_got_further(space: Space, step: SpaceStep, seen: Further) -> None:
    """A part of the proof is done, and is not to be done again by whoever goes on; or all of it is void."""
    now = clock.now()
    proven = {"proven_at": now} if seen.proof == Proof.READ else {}
    changes = UNPROVEN if seen.proof == Proof.NONE else {"proof": seen.proof, "proof_at": now, **proven}
    with entry(space):
        _write(step, attempt=0, error="", request_id="")
        Space.objects.filter(pk=space.pk).update(**changes)


def step_postponed(space: Space, step: SpaceStep, *, error: str, request_id: str, pause: timedelta) -> None:
    with entry(space):
        _write(
            step,
            state=StepState.WAITING,
            error=error,
            request_id=request_id,
            next_retry_at=clock.now() + pause,
        )


def step_held(space: Space, step: SpaceStep, *, reason: str, pause: timedelta) -> None:
    """It was not begun, for want of room. That is no attempt, however often it happens."""
    with entry(space):
        _write(
            step,
            state=StepState.WAITING,
            attempt=max(step.attempt - 1, 0),
            error=reason,
            request_id="",
            next_retry_at=clock.now() + pause,
        )


def step_failed(
    space: Space, step: SpaceStep, *, error: str, request_id: str = "", stage: str = "", log_tail: str = ""
) -> None:
    """It needs a person: its leads and the organisers are told."""
    with entry(space):
        _write(step, state=StepState.FAILED, ended_at=clock.now(), error=error, request_id=request_id)
        _saw(space, stage=stage, log_tail=log_tail)
        needs_a_person(space, step, error=error)


def needs_a_person(space: Space, step: SpaceStep, *, error: str) -> None:
    """It stops here until somebody has it tried again: its leads and the organisers are told."""
    move(space, MOVES, to=SpaceState.FAILED)
    note(space, EventKind.FAILED, step=step.get_key_display(), error=error)
    params = {"project": space.project.title, "step": step.get_key_display(), "error": error}
    _tell(_responsible(space.project), space, kind="space-failed", params=params)


def finished(space: Space) -> None:
    """All of its plan is done; the first time that it is ready, its leads are told."""
    now, goal = clock.now(), SpaceGoal(space.goal)
    with entry(space):
        first = goal == SpaceGoal.RUN and space.ready_at is None
        move(space, MOVES, to=RESTS_AS[goal], drift=[], **_at_rest(space, goal, now))
        forgotten = space.steps.filter(key=StepKey.FORGET).exists()
        note(space, EventKind.ARRIVED, state=FORGOTTEN if forgotten else RESTS_AS[goal].value)
        if goal != SpaceGoal.RUN:
            costs.observed(space, stage="", hardware="")
        if first:
            params = {"project": space.project.title}
            _tell(space.project.leads.all(), space, kind="space-ready", params=params)


def _at_rest(space: Space, goal: SpaceGoal, now: datetime) -> dict[str, Any]:
    match goal:
        case SpaceGoal.RUN:
            return {
                "ready_at": space.ready_at or now,
                "seen_hardware": space.hardware,
                "rotating": [],
                "inspect_at": now + pace.INSPECT_EVERY,
                "inspected_at": now,
            }
        case SpaceGoal.PAUSED:
            return {}
        case SpaceGoal.GONE:
            return {"url": "", "stage": "", "seen_hardware": ""}


def postponed(space: Space, pause: timedelta) -> None:
    """When it is due again; written before the lease is given back, or a second worker would start at once."""
    with entry(space):
        Space.objects.filter(pk=space.pk).update(due_at=clock.now() + pause)
    leases.give_back(space)


def _write(step: SpaceStep, **changes: object) -> None:
    SpaceStep.objects.filter(pk=step.pk).update(**changes)
    step.refresh_from_db()


def _saw(space: Space, **seen: object) -> None:
    news = {name: value for name, value in seen.items() if value}
    if news:
        Space.objects.filter(pk=space.pk).update(checked_at=clock.now(), **news)
    if stage := news.get("stage"):
        costs.observed(space, stage=str(stage), hardware=space.hardware)


def _responsible(project: Project) -> Iterable[User]:
    """Who can do something about it: the project's leads and all organisers."""
    people = User.objects.filter(is_active=True)
    return people.filter(Q(project_roles__project=project) | Q(is_organiser=True)).distinct()


def _tell(people: Iterable[User], space: Space, *, kind: str, params: Mapping[str, object]) -> None:
    url = reverse("manage:space", args=[space.project.slug])
    for person in people:
        notify(person, kind=kind, params=params, url=url)
