"""A whole site in processes of its own, as a newcomer starts it, for tests that kill and restart it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts import variables

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 45.0  # seconds, for a machine that does much else
MARK = "TEST_RUN"
PARTS = ("dev", "broker", "sandbox", "gunicorn", "its worker", "celery", "its beat")


def two_free_ports() -> int:
    """A port that is free and whose next is too."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("127.0.0.1", 0))
            with contextlib.suppress(OSError):
                second.bind(("127.0.0.1", first.getsockname()[1] + 1))
                return int(first.getsockname()[1])


def eventually(holds: Callable[[], bool]) -> bool:
    """Whether it holds now or soon."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.1)
    return holds()


def newcomer(**given: str) -> dict[str, str]:
    """The environment of somebody who has set nothing, and what is given."""
    kept = {
        n: v for n, v in os.environ.items() if n not in variables.known() | {"DJANGO_SETTINGS_MODULE", "CI"}
    }
    return kept | given


@dataclass(frozen=True)
class Site:
    """`manage.py dev`, started: its process, address and data, and the mark that all its processes carry."""

    process: "subprocess.Popen[bytes]"
    url: str
    data: Path
    mark: str
    log: Path

    def is_up(self) -> bool:
        """Whether it has said so, and all of its processes are there."""
        return self.url in self.log.read_text() and len(self.processes()) >= len(PARTS)

    def processes(self) -> dict[int, str]:
        """Every living process of it, wherever it hangs now: number and command line."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                if f"{MARK}={self.mark}\0".encode() in (folder / "environ").read_bytes():
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        return found

    def find(self, words: str) -> int:
        """The number of its oldest process with these words in the command line."""
        return min(number for number, command in self.processes().items() if words in command)

    def finish(self) -> str:
        """Everything it printed, once it has ended."""
        self.process.wait(PATIENCE)
        return self.log.read_text()


@contextlib.contextmanager
def started(data: Path, *arguments: str, **settings: str) -> Iterator[Site]:
    """Start it on that folder, with these settings; whatever is left of it at the end is killed."""
    port, mark = two_free_ports(), uuid.uuid4().hex
    log = data.with_name(f"{data.name}-{mark}.log")
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "dev", *arguments],
            cwd=ROOT,
            env=newcomer(DATA_DIR=str(data), PORT=str(port), **settings, **{MARK: mark}),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    site = Site(process, f"http://127.0.0.1:{port}", data, mark, log)
    try:
        yield site
    finally:
        for number in site.processes():
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        process.wait()
