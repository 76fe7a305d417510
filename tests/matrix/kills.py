"""Kill a worker at one point after the other, and compare each ending with that of a worker left alone."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.matrix.kill_endings import Picture, picture_of
from tests.matrix.kill_points import AtBoundary, InCall, Point, boundaries_of, calls_of
from tests.matrix.kill_scenarios import Asked, Scenario
from tests.matrix.kill_world import StuckError, World

TRIES = 3


@dataclass(frozen=True)
class Calm:
    """What a worker that nobody kills does, and how it ends."""

    points: Sequence[Point]
    ending: Picture


@dataclass(frozen=True)
class Kill:
    """What became of one kill: after how many seconds the Space was taken over (None: it was finished already), what
    is otherwise than wanted, and whether it came to no end at all."""

    point: Point
    took_over: float | None = None
    wrong: tuple[str, ...] = ()
    stuck: str = ""


def watch(world: World, scenario: Scenario) -> Calm:
    """A fresh worker at its work, which has nothing of what it will ask for in mind yet."""
    ask = scenario.ready(world)
    world.forget()
    asked = ask()
    world.wait_until(asked.is_over, f"{scenario} of {asked}, undisturbed")
    calls = calls_of(asked.space, world.sandbox.requests.all())
    boundaries = boundaries_of(place for _, place in world.passed())
    points = [point for point in (*boundaries, *calls) if scenario.only(point)]
    return Calm(points, picture_of(world, asked))


def kill_at(world: World, scenario: Scenario, point: Point, *, ending: Picture) -> Kill:
    """Kill the worker there, start one again, and leave it to that."""
    try:
        asked = _stopped_at(world, scenario, point)
        if asked is None:
            return Kill(point, stuck=f"no worker came there in {TRIES} tries")
        world.kill()
        killed_at = time.time()
        world.let_go()
        world.start()
        world.wait_until(asked.is_over, f"{scenario} of {asked}, killed {point}")
    except StuckError as error:
        world.kill()
        world.let_go()
        return Kill(point, stuck=str(error))
    after = [when - killed_at for when, _ in world.passed() if when > killed_at]
    wrong = tuple(_differences(ending, picture_of(world, asked)))
    return Kill(point, min(after, default=None), wrong)


def _stopped_at(world: World, scenario: Scenario, point: Point) -> Asked | None:
    """The worker stands at that point of what was asked for; None if no worker comes there.

    What a worker has in mind from the Space before, it does not ask for again: then a fresh one is needed.
    """
    for _ in range(TRIES):
        if world.worker is None:
            world.start()
        ask = scenario.ready(world)
        world.forget()
        world.stop_at(point)
        asked = ask()
        world.wait_until(
            lambda asked=asked: world.stands_at(point) or asked.is_over(),
            f"{scenario} of {asked} comes {point}",
        )
        if world.stands_at(point):
            return asked
        world.kill()
        world.let_go()
    return None


def _differences(wanted: object, found: object, where: str = "") -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key in {**wanted, **found}:
            yield from _differences(wanted.get(key), found.get(key), f"{where} {key}".strip())
    elif wanted != found:
        yield f"{where}: {found!r} instead of {wanted!r}"


@dataclass(frozen=True)
class Score:
    """What a whole matrix comes to, in one sentence."""

    scenario: Scenario
    kills: Sequence[Kill]

    @property
    def bad(self) -> list[Kill]:
        return [kill for kill in self.kills if kill.wrong or kill.stuck]

    def __str__(self) -> str:
        boundaries = sum(isinstance(kill.point, AtBoundary) for kill in self.kills)
        calls = sum(isinstance(kill.point, InCall) and kill.point.after_the_work for kill in self.kills)
        stuck = sum(bool(kill.stuck) for kill in self.kills)
        duplicates = sum(any(word.startswith("strays") for word in kill.wrong) for kill in self.kills)
        ended = len(self.kills) - len(self.bad)
        slowest = max((kill.took_over or 0 for kill in self.kills), default=0)
        return (
            f"{boundaries} boundaries + 2 × {calls} calls = {len(self.kills)} kills: "
            f"{ended} {self.scenario.ends.name}, {duplicates} duplicates, {stuck} stuck, "
            f"slowest take-over {slowest:.1f} s"
        )
