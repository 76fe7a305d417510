"""What workers are at when they are killed: what is asked of a Space, and how that has to end."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dibt.lib import clock
from dibt.lib.leases import unheld
from projects.domain import space_changes, spaces
from projects.models import Space, SpaceState
from tests.matrix.kill_points import InCall, Point
from tests.matrix.kill_world import World
from tests.projects.space_worlds import a_project_of_its_own, lead_of

RESTING = (SpaceState.READY, SpaceState.PAUSED, SpaceState.GONE, SpaceState.FAILED)


@dataclass(frozen=True)
class Asked:
    """A Space of which something was asked, and when."""

    at: datetime
    space: Space

    def __str__(self) -> str:
        return str(self.space)

    def is_over(self) -> bool:
        """Whether nothing is left to be done about it, and nobody holds it."""
        return Space.objects.filter(unheld(), pk=self.space.pk, state__in=RESTING).exists()


Ask = Callable[[], Asked]


@dataclass(frozen=True)
class Scenario:
    """`ready` makes what has to be there before, and returns how it is asked for; `only` are the points to kill at."""

    name: str
    ready: Callable[[World], Ask]
    ends: SpaceState
    only: Callable[[Point], bool] = lambda _point: True

    def __str__(self) -> str:
        return self.name


def _set_up(_world: World) -> Ask:
    project = a_project_of_its_own()
    return lambda: Asked(clock.now(), spaces.request_space(project, by=lead_of(project)))


def _take_down(world: World) -> Ask:
    space = _one_that_is_ready(world)
    return lambda: Asked(clock.now(), space_changes.take_down(space, by=lead_of(space.project)))


def _set_right(world: World) -> Ask:
    """New secrets for one that somebody has changed on the Hub."""
    space = _one_that_is_ready(world)
    api = world.api
    api.delete_space_variable(space.repo_id, "REINDEX_DATASETS")
    api.delete_space_volumes(space.repo_id)
    api.delete_file(".oauth.yaml", repo_id=space.repo_id, repo_type="space")
    return lambda: Asked(clock.now(), space_changes.rotate_secrets(space, by=lead_of(space.project)))


def _make_anew(world: World) -> Ask:
    """The same for one that somebody has deleted on the Hub."""
    space = _one_that_is_ready(world)
    world.api.delete_repo(space.repo_id, repo_type="space")
    return lambda: Asked(clock.now(), space_changes.rotate_secrets(space, by=lead_of(space.project)))


def _one_that_is_ready(world: World) -> Space:
    asked = _set_up(world)()
    world.wait_until(asked.is_over, f"{asked} is set up")
    return Space.objects.get(pk=asked.space.pk)


def _writes(point: Point) -> bool:
    return isinstance(point, InCall) and point.method != "GET"


SET_UP = Scenario("set up", _set_up, SpaceState.READY)
# Its boundaries are those of setting up, and so are its questions.
SET_RIGHT = Scenario("set right", _set_right, SpaceState.READY, only=_writes)
MAKE_ANEW = Scenario("make anew", _make_anew, SpaceState.READY, only=lambda point: "/duplicate" in str(point))
TAKE_DOWN = Scenario("take down", _take_down, SpaceState.GONE)
