"""What has to hold before the site is started on this machine; each refusal is a sentence."""

import contextlib
import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from pathlib import Path


class PreflightError(Exception):
    """The site cannot be started; the message says why, and what to do."""


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Hold that folder: two sites in one would share a database and a broker without knowing."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = os.open(folder / "run.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise PreflightError(
            f"The site already runs on the data in {folder}. Stop it first, or set DATA_DIR to another folder."
        ) from None
    finally:
        os.close(lock)


def refuse_taken(host: str, port: int, *, purpose: str) -> None:
    """Raise PreflightError unless that port can be listened on."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except socket.gaierror:
        raise PreflightError(
            f"HOST={host} is no address of this machine. Leave it out for 127.0.0.1."
        ) from None
    except OSError as error:
        raise PreflightError(reason(error, host=host, port=port, purpose=purpose)) from None


def reason(error: OSError, *, host: str, port: int, purpose: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port}, wanted for {purpose}, is taken. Choose another: PORT={port + 10} ./run"
    if error.errno == errno.EACCES:
        return f"This user may not listen on port {port}. Choose one above 1023: PORT=8000 ./run"
    return f"Nothing can listen on {host}, port {port}: {error.strerror}. Leave out HOST for 127.0.0.1."
