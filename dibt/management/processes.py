"""Child processes that never outlive their parent, not even one that is killed with -9."""

import contextlib
import ctypes
import functools
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO

PR_SET_PDEATHSIG = 1  # prctl(2)
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def die_with_parent(parent: int, death_signal: signal.Signals = signal.SIGKILL) -> None:
    """Have the kernel send this process that signal once its parent is gone. Linux only; else nothing.

    Call it in the child, with the parent's number: one that has gone already is not waited for. Whatever is
    killed has to come back whole anyway, so the default is the signal nobody can ignore.
    """
    if LIBC is None:
        return
    LIBC.prctl(PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), death_signal)


def forks_die_with_us() -> None:
    """From now on, processes forked from this one end with it: gunicorn's workers, Celery's embedded beat."""
    parent = 0

    def remember() -> None:
        nonlocal parent
        parent = os.getpid()

    os.register_at_fork(before=remember, after_in_child=lambda: die_with_parent(parent))


@dataclass
class Child:
    """A running child, leader of a process group of its own: a Ctrl-C in the terminal reaches only us."""

    name: str
    process: subprocess.Popen[str]
    printers: list[threading.Thread] = field(default_factory=list)

    @classmethod
    def start(
        cls,
        name: str,
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: str | os.PathLike[str] | None = None,
        write: Callable[[str], None] = print,
    ) -> "Child":
        """Start a command; each line it prints goes to `write`, behind the child's name."""
        process = subprocess.Popen(  # noqa: S603 - the callers are our own commands
            list(command),
            env=dict(os.environ) | dict(env or {}),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            # Safe after a fork: two system calls, with the library loaded beforehand.
            preexec_fn=functools.partial(die_with_parent, os.getpid()),  # noqa: PLW1509
        )
        child = cls(name, process)
        printer = threading.Thread(target=child.print_lines, args=(process.stdout, write), daemon=True)
        child.printers.append(printer)
        printer.start()
        return child

    def print_lines(self, lines: IO[str], write: Callable[[str], None]) -> None:
        with lines:
            for line in filter(str.strip, lines):
                write(f"[{self.name}] {line.rstrip()}")

    @property
    def exit_code(self) -> int | None:
        """The code it ended with, negative for a signal; None while it runs."""
        return self.process.poll()

    def ask_to_stop(self) -> None:
        if self.exit_code is None:
            self.process.terminate()

    def kill(self) -> None:
        """End it and its whole process group at once."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def stop(self, *, patience: float) -> None:
        """Ask it to stop, wait so many seconds, then kill whatever is left of its process group."""
        self.ask_to_stop()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(patience)
        self.kill()
        self.process.wait()
        for printer in self.printers:
            printer.join(1)
