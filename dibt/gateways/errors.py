"""What went wrong outside, sorted by what the caller does about it.

Every error carries one sentence for a person and, where the service gave one, the id it knows the request by.
"""

import textwrap
from datetime import timedelta

LONGEST_EXCERPT = 300
HIDDEN = "•••"


class GatewayError(Exception):
    """An outside service did not do what was asked."""

    def __init__(self, message: str, *, request_id: str = "") -> None:
        super().__init__(message)
        self.message = str(message)
        self.request_id = request_id


class RetryLaterError(GatewayError):
    """It may work later: no connection, too many requests, an error of the service's own.

    Whether the work was done is not known. `after` is how long the service asks to be left alone, if it
    said so.
    """

    def __init__(self, message: str, *, request_id: str = "", after: timedelta | None = None) -> None:
        super().__init__(message, request_id=request_id)
        self.after = after


class RateLimitedError(RetryLaterError):
    """It was not even asked, because the service's rate limit leaves no room before `after` has passed.

    Nothing was done and nothing has failed, so this is no attempt.
    """

    after: timedelta

    def __init__(self, message: str, *, after: timedelta) -> None:
        super().__init__(message, after=after)


class RefusedError(GatewayError):
    """It will not work until a person changes something: the request, a permission, a plan."""


class ForbiddenError(RefusedError):
    """Our account may not do this to this thing; to others of its kind it may."""


class ConflictError(GatewayError):
    """The thing is there already, or has changed since: look again, then decide."""


class MissingError(GatewayError):
    """There is no such thing, or we may not know of it."""


def excerpt(said: str) -> str:
    """How a service's own words begin; none is cut in two, since half a secret would not be known as one."""
    return textwrap.shorten(
        said, LONGEST_EXCERPT, placeholder=" …", break_long_words=False, break_on_hyphens=False
    )
