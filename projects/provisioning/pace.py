"""How long to wait: between two looks at something that is on its way, and after something went wrong."""

import random
from datetime import timedelta

from django.conf import settings

MAX_ATTEMPTS = 8
SHORTEST = timedelta(seconds=2)
LONGEST_LOOK = timedelta(seconds=60)
LONGEST_BACKOFF = timedelta(minutes=5)
DEADLINE = timedelta(minutes=45)
# How often the settings of a Space are compared that is awake: two requests each time. With the minute until somebody
# looks for those that are due it makes an hour.
INSPECT_EVERY = timedelta(minutes=59)
INSPECT_AGAIN = timedelta(minutes=5)
LIST_AGAIN = timedelta(minutes=1)
# Longer than any one request, and so short that with the sweeper's half minute a dead worker is missed for less
# than two minutes.
LEASE = timedelta(seconds=80)
_random = random.SystemRandom()


def until_next_look(waited: timedelta) -> timedelta:
    """Half of what has been waited already, from SPACE_FIRST_LOOK to a minute: each look costs a request, of which
    there are few (see `dibt.gateways.hub.limiter`)."""
    return min(max(waited / 2, settings.SPACE_FIRST_LOOK), LONGEST_LOOK)


def after_failure(attempt: int, *, asked: timedelta | None) -> timedelta:
    """What the service asked for; else doubling from 2 seconds to 5 minutes, each time by chance up to half
    longer, so that what failed together does not come back together. `attempt` counts from 1."""
    pause = asked or min(SHORTEST * 2 ** (attempt - 1), LONGEST_BACKOFF)
    return pause * _random.uniform(1, 1.5)
