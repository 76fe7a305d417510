"""Keeps a few processes running together: if one ends all end, and none is left behind."""

import signal
import threading
from collections.abc import Mapping, Sequence
from types import FrameType

from dibt.management.processes import Child

LOOK_EVERY = 0.2  # seconds


def say(line: str) -> None:
    print(line, flush=True)


class Supervisor:
    """Starts children, waits until it is asked to stop or one of them ends, and stops them all.

    SIGINT, SIGTERM and SIGHUP ask it to stop; asked twice it kills what has not stopped yet.
    """

    def __init__(self) -> None:
        self.children: list[tuple[Child, float]] = []
        self.watched: list[Child] = []
        self.asked = threading.Event()

    def listen_to_signals(self) -> None:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, self._ask)

    def _ask(self, _signal: int, _frame: FrameType | None) -> None:
        if self.asked.is_set():
            for child, _patience in self.children:
                child.kill()
        self.asked.set()

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        patience: float = 8,
        may_end: bool = False,
    ) -> Child:
        """Start a child; unless it may end, its end stops all. Asked to stop, it is given so many seconds."""
        child = Child.start(name, command, env=env, write=say)
        self.children.append((child, patience))
        if not may_end:
            self.watch(child)
        return child

    def watch(self, child: Child) -> None:
        """Stop when this child ends; stopping it is somebody else's work."""
        self.watched.append(child)

    @property
    def ended(self) -> Child | None:
        """A watched child that ended though nobody asked it to."""
        return next((child for child in self.watched if child.exit_code is not None), None)

    def goes_on(self, seconds: float = LOOK_EVERY) -> bool:
        """Wait that long; whether all still run and nobody has asked us to stop."""
        return not self.asked.wait(seconds) and self.ended is None

    def stop(self) -> None:
        """Ask all at once, then wait for each as long as its patience lasts."""
        for child, _patience in self.children:
            child.ask_to_stop()
        for child, patience in self.children:
            child.stop(patience=patience)
