"""The request log that tests assert on: what was asked and answered, never a token, a query or a body."""

import threading
from collections import deque
from dataclasses import asdict, dataclass

KEPT = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One request.

    `status` is None where no answer was sent; `fault` names the scripted fault it met, `limited` the rate limit or
    action quota it was refused for.
    """

    method: str
    path: str
    status: int | None
    at: str
    fault: str
    limited: str = ""

    def as_json(self) -> dict[str, object]:
        return asdict(self)


class Journal:
    """The last requests, oldest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=KEPT)

    def write(self, entry: Entry) -> None:
        with self._lock:
            self._entries.append(entry)

    def entries(self) -> list[Entry]:
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        with self._lock:
            self._entries.clear()
