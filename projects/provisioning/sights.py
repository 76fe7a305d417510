"""What is seen of an owner's Spaces: the Hub's list of all of them, and a second look wherever it says that something
is not as wanted. The list may come back short or lag behind; what a Space itself answers is what counts.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from dibt.gateways.errors import GatewayError, MissingError
from dibt.gateways.hub import Hub, Listed
from dibt.lib import clock
from projects.models import Space
from projects.provisioning import differences, pace
from projects.provisioning.difference import Difference
from projects.provisioning.running import STARTING

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sight:
    """What was seen of one Space: `listed` is None where the list did not have it.

    `is_certain`: something may be done about the differences, because the Space itself was asked.
    """

    space: Space
    listed: Listed | None
    found: list[Difference]
    is_certain: bool = True


def listing(owner: str, hub: Hub) -> dict[str, Listed]:
    """The Hub's list of the owner's Spaces, by their names; empty where there is no such owner. Raises GatewayError."""
    try:
        return hub.spaces_of(owner)
    except MissingError:
        return {}


def of(
    owner: str,
    spaces: Iterable[Space],
    hub: Hub,
    *,
    listed: Mapping[str, Listed],
    asked_at_most: int | None = None,
) -> list[Sight]:
    """What is seen of those Spaces of the owner, of whom this is the list. Raises GatewayError.

    With `asked_at_most` no more than that are asked themselves, those first that were seen longest ago; what fails
    then is only logged, once there is a list, and a Space of which nothing can be said is left out.
    """
    if not listed and _is_gone(owner, hub):
        return [Sight(space, None, [differences.ownerless(space)]) for space in spaces]
    second = _SecondLook(hub, at_most=asked_at_most)
    seen = [_sight(space, listed.get(space.repo_id), second) for space in sorted(spaces, key=_last_seen)]
    return [sight for sight in seen if sight is not None]


class _SecondLook:
    """Asks Spaces themselves: all, or so many of them and none any more once the Hub does not answer."""

    def __init__(self, hub: Hub, *, at_most: int | None) -> None:
        self._hub, self._left = hub, at_most

    def at(self, space: Space, listed: Listed) -> Sight:
        """It is in the list, and differs there."""
        unsure = Sight(space, listed, _differences(space, listed), is_certain=False)
        if not self._takes_one():
            return unsure
        try:
            itself = replace(listed, runtime=self._hub.runtime(space.repo_id))
        except GatewayError as error:
            self._stop(space, error)
            return unsure
        return Sight(space, itself, _differences(space, itself))

    def for_missing(self, space: Space) -> Sight | None:
        """It is not in the list."""
        if not self._takes_one():
            return None
        try:
            exists = self._hub.space_exists(space.repo_id)
        except GatewayError as error:
            self._stop(space, error)
            return None
        return Sight(space, None, [differences.unlisted(space) if exists else differences.gone(space)])

    def _takes_one(self) -> bool:
        if self._left is None:
            return True
        self._left -= 1
        return self._left >= 0

    def _stop(self, space: Space, error: GatewayError) -> None:
        """A Space that went away since it was listed says nothing of the others."""
        if self._left is None:
            raise error
        if not isinstance(error, MissingError):
            self._left = 0
        log.warning("%s could not be asked what it does: %s", space.repo_id, error.message)


def _sight(space: Space, listed: Listed | None, second: _SecondLook) -> Sight | None:
    if listed is None:
        return second.for_missing(space)
    found = _differences(space, listed)
    if any(difference.can_be_mended for difference in found):
        return second.at(space, listed)
    return Sight(space, listed, found)


def _is_gone(owner: str, hub: Hub) -> bool:
    try:
        hub.organisation(owner)
    except MissingError:
        return True
    return False


def _differences(space: Space, listed: Listed) -> list[Difference]:
    return differences.in_list(space, listed, is_stuck=_is_stuck(space, listed.runtime.stage))


def _is_stuck(space: Space, stage: str) -> bool:
    """Whether it has been in a stage that passes for longer than that takes."""
    if stage not in STARTING or stage != space.stage or space.stage_since is None:
        return False
    return clock.now() - space.stage_since > pace.DEADLINE


def _last_seen(space: Space) -> datetime:
    return space.checked_at or space.requested_at
