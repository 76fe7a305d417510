"""Comparing many Spaces with the Hub, at the pace that its rate limit leaves."""

import time
from collections.abc import Callable, Iterator, Sequence

from dibt.gateways.errors import RateLimitedError
from dibt.gateways.hub import Hub
from projects.models import Space
from projects.provisioning.difference import Difference
from projects.provisioning.watching import survey

# Few enough to fit into what workers leave of a window; what did not fit is asked again as a whole.
AT_ONCE = 50


def compared(
    spaces: Sequence[Space], hub: Hub, *, waits: Callable[[str], object]
) -> Iterator[tuple[Space, list[Difference]]]:
    """Each of the Spaces with how it differs from what is wanted, as it becomes known; changes nothing.

    `waits` is told why nothing comes for a while. Raises GatewayError.
    """
    for start in range(0, len(spaces), AT_ONCE):
        some = spaces[start : start + AT_ONCE]
        found = _patiently(some, hub, waits)
        yield from ((space, found[space.pk]) for space in some)


def _patiently(
    spaces: Sequence[Space], hub: Hub, waits: Callable[[str], object]
) -> dict[int, list[Difference]]:
    while True:
        try:
            return survey(hub, spaces)
        except RateLimitedError as error:
            waits(error.message)
            time.sleep(error.after.total_seconds())
