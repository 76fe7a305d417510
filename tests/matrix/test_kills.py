"""A worker that is killed with -9, wherever it is: the next one ends what it began, and everything is there once."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from tests.matrix.kill_points import AtBoundary, InCall
from tests.matrix.kill_scenarios import MAKE_ANEW, SET_RIGHT, SET_UP, TAKE_DOWN, Scenario
from tests.matrix.kill_world import AS_THE_SITE_IS, IN_A_HURRY, PATIENCE, World, world
from tests.matrix.kills import Kill, Score, kill_at, watch

pytestmark = pytest.mark.django_db(transaction=True)
SEED = 3
ENOUGH = 5  # kills gone wrong, after which the rest would only take time


@pytest.fixture
def a_world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    """With workers in a hurry, unless the test says of which settings."""
    if not settings.REDIS_URL:
        pytest.skip("no valkey-server or redis-server for the messages of workers in processes of their own")
    # No message of a killed worker comes back meanwhile: it is the lease and the sweeper that take over.
    assert settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"] > PATIENCE
    with world(tmp_path, settings_module=getattr(request, "param", IN_A_HURRY)) as made:
        yield made


@pytest.mark.slow
def test_a_worker_killed_at_some_moments_is_taken_over_and_the_space_gets_ready(a_world: World) -> None:
    a_world.start()
    calm = watch(a_world, SET_UP)
    chance = random.Random(SEED)
    kinds = (
        [point for point in calm.points if isinstance(point, AtBoundary)],
        [point for point in calm.points if isinstance(point, InCall) and not point.after_the_work],
        [point for point in calm.points if isinstance(point, InCall) and point.after_the_work],
    )

    kills = [kill_at(a_world, SET_UP, chance.choice(kind), ending=calm.ending) for kind in kinds]

    assert (calm.ending["state"], calm.ending["not as wanted"]) == (SET_UP.ends, [])
    assert said_of(kills) == []


@pytest.mark.whole
@pytest.mark.parametrize("scenario", [SET_UP, SET_RIGHT, MAKE_ANEW, TAKE_DOWN], ids=str)
def test_a_worker_killed_at_any_moment_is_taken_over_and_the_ending_is_the_same(
    a_world: World, scenario: Scenario, capsys: pytest.CaptureFixture[str]
) -> None:
    a_world.start()
    calm = watch(a_world, scenario)
    kills: list[Kill] = []

    for number, point in enumerate(calm.points, start=1):
        kills.append(kill_at(a_world, scenario, point, ending=calm.ending))
        with capsys.disabled():
            print(f"{number:>4} of {len(calm.points)}: {said(kills[-1])}")
        if len(said_of(kills)) == ENOUGH:
            break

    with capsys.disabled():
        print(f"\nKill matrix, {scenario}, {where()}: {Score(scenario, kills)}")
    assert calm.ending["state"] == scenario.ends
    assert said_of(kills) == []
    assert len(kills) == len(calm.points)


@pytest.mark.whole
@pytest.mark.parametrize("a_world", [AS_THE_SITE_IS], indirect=True)
def test_a_killed_worker_is_taken_over_at_the_sites_own_pace_as_well(
    a_world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    a_world.start()
    calm = watch(a_world, SET_UP)
    making = next(
        point for point in calm.points if str(point).startswith("after the work of POST /api/spaces/")
    )

    kill = kill_at(a_world, SET_UP, making, ending=calm.ending)

    with capsys.disabled():
        print(f"\nKilled at the site's own pace, {where()}: {said(kill)}")
    assert said_of([kill]) == []


def said_of(kills: list[Kill]) -> list[str]:
    """Those that did not end as they should."""
    return [said(kill) for kill in kills if kill.wrong or kill.stuck]


def said(kill: Kill) -> str:
    what = "; ".join(kill.wrong) or kill.stuck or "the same ending"
    after = "" if kill.took_over is None else f", taken over after {kill.took_over:.1f} s"
    return f"killed {kill.point}{after}: {what}"


def where() -> str:
    return f"{'SQLite' if connection.vendor == 'sqlite' else 'PostgreSQL'} + Valkey"
