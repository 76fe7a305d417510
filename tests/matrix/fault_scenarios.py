"""What is asked of a Space in the matrix of faults, and how it has to end."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from dibt.lib import clock
from projects.domain import space_changes
from projects.models import HardwarePrice, Space, SpaceState
from tests.projects.space_worlds import a_requested_space, lead_of, work

BIGGER = "cpu-upgrade"


@dataclass(frozen=True)
class Scenario:
    """`ask` makes a project whose Space is on its way to `ending`; whatever has to be before happens in calm."""

    name: str
    ask: Callable[[], Space]
    ending: SpaceState

    def __str__(self) -> str:
        return self.name


def _ready() -> Space:
    return work(a_requested_space())


def _pause() -> Space:
    space = _ready()
    return space_changes.pause(space, by=lead_of(space.project))


def _resume() -> Space:
    space = work(_pause())
    return space_changes.resume(space, by=lead_of(space.project))


def _change() -> Space:
    """Other hardware and new secrets at once."""
    HardwarePrice.objects.get_or_create(
        name=BIGGER,
        defaults={"pretty_name": "CPU Upgrade", "hourly": Decimal("0.03"), "seen_at": clock.now()},
    )
    space = _ready()
    space = space_changes.change_hardware(
        space, by=lead_of(space.project), hardware=BIGGER, sleep_seconds=3600
    )
    return space_changes.rotate_secrets(space, by=lead_of(space.project))


def _take_down() -> Space:
    space = _ready()
    return space_changes.take_down(space, by=lead_of(space.project))


def _forget() -> Space:
    space = work(_take_down())
    space.project.released_at = clock.now()
    space.project.save(update_fields=["released_at"])
    return space_changes.forget_data(space, by=lead_of(space.project))


SCENARIOS = (
    Scenario("provision", a_requested_space, SpaceState.READY),
    Scenario("change hardware and secrets", _change, SpaceState.READY),
    Scenario("pause", _pause, SpaceState.PAUSED),
    Scenario("resume", _resume, SpaceState.READY),
    Scenario("take down", _take_down, SpaceState.GONE),
    Scenario("delete its data", _forget, SpaceState.GONE),
)
