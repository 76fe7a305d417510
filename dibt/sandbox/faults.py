"""Scripted faults: what goes wrong, for which requests, how often.

`status` answers without doing the work; `reset` breaks the connection before it; `hang` keeps the caller waiting and
never answers; `lost_answer` does the work and then breaks the connection; `slow` waits, then answers as usual;
`late_answer` does the work, waits, and then answers. Which of several equal requests meets it is said by `after`: how
many are let pass before.
"""

import re
import threading
from dataclasses import dataclass, field
from enum import StrEnum

from dibt.sandbox.fields import FieldError, Fields
from dibt.sandbox.wire import Response

SCRIPTED = '{"error": "A fault scripted in the sandbox"}'


class FaultKind(StrEnum):
    STATUS = "status"
    RESET = "reset"
    HANG = "hang"
    LOST_ANSWER = "lost_answer"
    SLOW = "slow"
    LATE_ANSWER = "late_answer"

    @property
    def seconds(self) -> float:
        """How long it lasts where nobody says so."""
        return 3600.0 if self in {FaultKind.HANG, FaultKind.LATE_ANSWER} else 0.0


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault; `path` is a regular expression searched in the path, `times` None means for ever.

    `after` requests that it would meet are let pass first.
    """

    kind: FaultKind
    path: str = ""
    method: str = ""
    times: int | None = 1
    seconds: float = 0.0
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    body: str = SCRIPTED
    after: int = 0

    @classmethod
    def from_json(cls, fields: Fields) -> "Fault":
        """The fault that a body describes; FieldError says what is wrong with it."""
        kind = fields.text("kind")
        if kind not in list(FaultKind):
            raise FieldError(f'"kind" must be one of {", ".join(FaultKind)}')
        try:
            re.compile(fields.text("path", ""))
        except re.error as error:
            raise FieldError(f'"path" is not a regular expression: {error}') from error
        unlimited = "times" in fields.values and not fields.has("times")
        return cls(
            kind=FaultKind(kind),
            path=fields.text("path", ""),
            method=fields.text("method", "").upper(),
            times=None if unlimited else fields.number("times") if fields.has("times") else 1,
            seconds=fields.decimal("seconds", FaultKind(kind).seconds),
            status=fields.number("status") if fields.has("status") else 503,
            headers=fields.mapping("headers").strings(),
            body=fields.text("body", SCRIPTED),
            after=fields.number("after") if fields.has("after") else 0,
        )

    def meets(self, method: str, path: str) -> bool:
        return self.method in {"", method} and re.search(self.path, path) is not None

    def response(self) -> Response:
        return Response(self.status, self.body.encode(), {"Content-Type": "application/json", **self.headers})


@dataclass(slots=True)
class _Scripted:
    """One fault, how many requests it still lets pass, and how often it will then happen."""

    fault: Fault
    spared: int
    left: int | None

    def strikes(self) -> bool:
        """Whether it is the turn of the request that meets it now; counted as one."""
        if self.spared > 0:
            self.spared -= 1
            return False
        self.left = None if self.left is None else self.left - 1
        return True

    @property
    def is_over(self) -> bool:
        return self.left is not None and self.left <= 0


class Faults:
    """The faults still to happen, in the order in which they were scripted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._scripted: list[_Scripted] = []
        self._released = threading.Event()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._scripted.append(_Scripted(fault, fault.after, fault.times))

    def clear(self) -> None:
        """Forget all faults and let go of whoever hangs."""
        with self._lock:
            self._scripted.clear()
            self._released.set()
            self._released = threading.Event()

    def pending(self) -> list[tuple[Fault, int | None]]:
        """Each fault with how often it will still happen (None: for ever)."""
        with self._lock:
            return [(each.fault, each.left) for each in self._scripted]

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets, used up by one; those that let it pass take note of it."""
        with self._lock:
            for each in self._scripted:
                if each.fault.meets(method, path) and each.strikes():
                    self._scripted = [one for one in self._scripted if not one.is_over]
                    return each.fault
        return None

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass, or less if the faults are cleared meanwhile."""
        self._released.wait(seconds)
