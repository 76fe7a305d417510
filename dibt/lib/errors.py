"""What the domain says when it refuses. Each error carries one sentence for the person who asked.

The sentence tells what is, what was wanted and what to do. Pages turn it into a message
(`dibt.lib.middleware`), the API into `application/problem+json` (`dibt.lib.api`).
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus


class DomainError(Exception):
    """A refusal with a reason; nothing was changed."""

    status = HTTPStatus.BAD_REQUEST
    kind = "refused"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = str(message)


class NotAllowedError(DomainError):
    """They may see the thing, but not do this to it."""

    status = HTTPStatus.FORBIDDEN
    kind = "not-allowed"


class NotVisibleError(DomainError):
    """For them the thing does not exist."""

    status = HTTPStatus.NOT_FOUND
    kind = "not-found"


class GoneError(DomainError):
    """It was there, and whose it was has deleted it."""

    status = HTTPStatus.GONE
    kind = "gone"


class ConflictError(DomainError):
    """The world moved on since they looked: a stale form, a second submit, a state that no longer fits."""

    status = HTTPStatus.CONFLICT
    kind = "conflict"


class InvalidError(DomainError):
    """What they sent cannot be taken; `fields` says which part and why."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    kind = "invalid"

    def __init__(self, message: str, fields: Mapping[str, Sequence[str]] | None = None) -> None:
        super().__init__(message)
        self.fields: dict[str, list[str]] = {name: list(texts) for name, texts in (fields or {}).items()}


class TooLargeError(DomainError):
    """More than a cap allows."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    kind = "too-large"
