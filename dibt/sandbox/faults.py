"""Scripted faults: what goes wrong, for which requests, how often.

`status` answers without doing the work; `reset` breaks the connection before it; `hang` keeps the caller waiting and
never answers; `lost_answer` does the work and then breaks the connection; `slow` waits, then answers as usual;
`late_answer` does the work, waits, and then answers.
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
    """One fault; `path` is a regular expression searched in the path, `times` None means for ever."""

    kind: FaultKind
    path: str = ""
    method: str = ""
    times: int | None = 1
    seconds: float = 0.0
    status: int = 503
    headers: dict[str, str] = field(default_factory=dict)
    body: str = SCRIPTED

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
        )

    def meets(self, method: str, path: str) -> bool:
        return self.method in {"", method} and re.search(self.path, path) is not None

    def response(self) -> Response:
        return Response(self.status, self.body.encode(), {"Content-Type": "application/json", **self.headers})


class Faults:
    """The faults still to happen, in the order in which they were scripted."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: list[tuple[Fault, int | None]] = []
        self._released = threading.Event()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._left.append((fault, fault.times))

    def clear(self) -> None:
        """Forget all faults and let go of whoever hangs."""
        with self._lock:
            self._left.clear()
            self._released.set()
            self._released = threading.Event()

    def pending(self) -> list[tuple[Fault, int | None]]:
        """Each fault with how often it will still happen (None: for ever)."""
        with self._lock:
            return list(self._left)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this request meets, used up by one."""
        with self._lock:
            for index, (fault, left) in enumerate(self._left):
                if fault.meets(method, path):
                    if left is not None and left <= 1:
                        del self._left[index]
                    else:
                        self._left[index] = (fault, None if left is None else left - 1)
                    return fault
        return None

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass, or less if the faults are cleared meanwhile."""
        self._released.wait(seconds)
