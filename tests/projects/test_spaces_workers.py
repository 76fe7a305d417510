"""Who works on a Space: one worker at a time, one step at a time, and another one when that one dies."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings

from dibt.gateways.hub import the_hub
from dibt.lib import bells, clock, leases
from dibt.sandbox.testing import SandboxServer
from projects import tasks
from projects.domain import space_plans
from projects.models import Space, SpaceState, SpaceStep, StepKey, StepState
from projects.provisioning import ledger, pace, reconciler
from tests.projects.space_worlds import a_requested_space, step, work, work_until

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]


def test_a_second_worker_steps_aside(sandbox: SandboxServer):
    space = a_requested_space()
    assert leases.take(Space.objects.get(pk=space.pk))
    sandbox.requests.clear()

    pause = reconciler.run(space.pk, the_hub())

    assert pause is None
    assert sandbox.requests.all() == []


def test_a_dead_workers_space_is_taken_over():
    space = a_requested_space()
    leases.take(Space.objects.get(pk=space.pk))
    space.steps.filter(key=StepKey.PREFLIGHT).update(state=StepState.WORKING, attempt=1)

    with clock.at(clock.now() + leases.LEASE + timedelta(seconds=1)):
        reconciler.run(space.pk, the_hub())

        assert step(space, StepKey.PREFLIGHT).state == StepState.DONE
        assert work(space).state == SpaceState.READY


def test_a_dead_worker_is_missed_for_less_than_two_minutes():
    sweeps = timedelta(seconds=settings.CELERY_BEAT_SCHEDULE["ring-again"]["schedule"])

    assert pace.LEASE + sweeps < timedelta(minutes=2)


def test_the_lease_is_kept_from_one_request_to_the_next(
    sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
):
    kept: list[Space] = []
    keep = ledger.keep
    monkeypatch.setattr(ledger, "keep", lambda space: (kept.append(space), keep(space)))
    sandbox.requests.clear()

    work(a_requested_space())

    entries = 1 + 2 * len(space_plans.RUN) + 1
    assert len(kept) >= len(sandbox.requests.all()) + entries


def test_a_worker_that_lost_its_lease_asks_for_nothing_more(
    sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
):
    space = work_until(a_requested_space(), StepKey.BUCKET)

    def robbed(mine: Space, step: SpaceStep) -> None:
        Space.objects.filter(pk=mine.pk).update(lease_holder=uuid.uuid4())

    monkeypatch.setattr(ledger, "step_started", robbed)
    sandbox.requests.clear()

    assert reconciler.run(space.pk, the_hub()) is None
    assert sandbox.requests.all() == []


def test_a_step_that_never_comes_to_an_end_is_given_up(sandbox: SandboxServer):
    space = a_requested_space()
    space.steps.filter(key=StepKey.PREFLIGHT).update(state=StepState.WORKING, attempt=pace.MAX_ATTEMPTS)
    sandbox.requests.clear()

    space = work(space)

    assert space.state == SpaceState.FAILED
    assert "log of the workers" in step(space, StepKey.PREFLIGHT).error
    assert sandbox.requests.all() == []


def test_a_worker_that_lost_its_lease_writes_nothing():
    space = a_requested_space()
    leases.take(space)
    late = Space.objects.get(pk=space.pk)
    with clock.at(clock.now() + leases.LEASE + timedelta(seconds=1)):
        leases.take(Space.objects.get(pk=space.pk))

        with pytest.raises(ledger.LeaseLostError):
            ledger.started(late)

    assert Space.objects.get(pk=space.pk).state == SpaceState.REQUESTED


def test_a_message_that_comes_early_or_twice_does_nothing(sandbox: SandboxServer):
    space = a_requested_space()
    Space.objects.filter(pk=space.pk).update(due_at=clock.now() + timedelta(minutes=1))
    sandbox.requests.clear()

    assert reconciler.run(space.pk, the_hub()) is None
    assert sandbox.requests.all() == []


def test_each_run_of_the_task_performs_one_step_and_asks_for_the_next(monkeypatch: pytest.MonkeyPatch):
    asked: list[tuple[tuple[int], float]] = []
    monkeypatch.setattr(
        tasks.spaces.provision, "apply_async", lambda args, countdown: asked.append((args, countdown))
    )
    space = a_requested_space()

    tasks.spaces.provision(space.pk)

    assert [row.state for row in space.steps.all()] == [StepState.DONE] + [StepState.PENDING] * (
        len(space_plans.RUN) - 1
    )
    assert asked == [((space.pk,), 0)]


def test_a_message_for_a_space_that_is_gone_does_no_harm():
    tasks.spaces.provision(1_000_000)

    assert not Space.objects.exists()


def test_the_task_comes_back_when_the_step_asks_for_it(
    sandbox: SandboxServer, monkeypatch: pytest.MonkeyPatch
):
    called: list[tuple[tuple[int], float]] = []
    monkeypatch.setattr(
        tasks.spaces.provision, "apply_async", lambda args, countdown: called.append((args, countdown))
    )
    space = work_until(a_requested_space(), StepKey.BUCKET)
    sandbox.faults.add("reset", path="/api/buckets/")

    tasks.spaces.provision(space.pk)

    ((args, countdown),) = called
    assert args == (space.pk,)
    assert 2 <= countdown <= 3


def test_the_sweeper_finds_spaces_that_nobody_comes_back_to(monkeypatch: pytest.MonkeyPatch):
    rung: list[int] = []
    monkeypatch.setitem(bells._listeners, space_plans.BELL, rung.append)
    space = a_requested_space()

    bells.ring_again()

    assert rung == [space.pk]


def test_no_request_is_made_inside_a_transaction(monkeypatch: pytest.MonkeyPatch):
    """Every step is called between two entries of the ledger, never inside one."""
    from django.db import connection

    depths: list[int] = []
    outside = len(connection.savepoint_ids)
    steps = {
        key: (
            lambda hub, wanted, ensure=ensure: (
                depths.append(len(connection.savepoint_ids)),
                ensure(hub, wanted),
            )[1]
        )
        for key, ensure in reconciler.STEPS.items()
    }
    monkeypatch.setattr(reconciler, "STEPS", steps)

    work(a_requested_space())

    assert len(depths) >= len(space_plans.RUN)
    assert set(depths) == {outside}
