"""What the tests of a Space's life share: asking for changes as its lead, and what was written down of them."""

from collections.abc import Callable

from dibt.lib import clock
from projects.domain import space_changes, space_events
from projects.domain.space_changes import Change
from projects.models import Project, Space
from tests.projects.space_worlds import a_requested_space, lead_of, work

ORG = "data-is-better-together"

DOES: dict[Change, Callable[..., Space]] = {
    Change.PAUSE: space_changes.pause,
    Change.RESUME: space_changes.resume,
    Change.HARDWARE: lambda space, by: space_changes.change_hardware(space, by=by, hardware="cpu-upgrade"),
    Change.SECRETS: space_changes.rotate_secrets,
    Change.TAKE_DOWN: space_changes.take_down,
    Change.FORGET: space_changes.forget_data,
}


def a_ready_space() -> Space:
    return work(a_requested_space())


def ask(space: Space, change: Change) -> Space:
    """The Space after its lead asked for that; `space` stays as it was seen before."""
    return DOES[change](Space.objects.get(pk=space.pk), by=lead_of(space.project))


def released(space: Space) -> Space:
    Project.objects.filter(pk=space.project_id).update(released_at=clock.now())
    return Space.objects.get(pk=space.pk)


def trail(space: Space) -> list[str]:
    """Its audit trail, oldest first."""
    return [space_events.sentence(event) for event in space.events.reverse()]
