"""A site to measure: PostgreSQL with its fsync, a broker, gunicorn, and where wanted a worker and the sandbox."""

import contextlib
import os
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import django

from dibt.management import valkey
from dibt.management.processes import Child
from scripts import pgtemp, variables

PATIENCE = 60.0  # seconds


class NoSiteError(Exception):
    """The site to measure did not start."""


@dataclass(frozen=True)
class Site:
    """A migrated, empty site that nobody serves yet: where it will be, and the folder of its data."""

    port: int
    sandbox_port: int
    data: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        return f"http://127.0.0.1:{self.sandbox_port}"

    @contextlib.contextmanager
    def running(self, *, worker: bool = False, sandbox: bool = False) -> Iterator[None]:
        """Serve it, with a worker and a sandbox Hub where wanted. Raises NoSiteError."""
        from dibt.management import site as processes

        host = "127.0.0.1"
        commands = {"web": processes.web_command(host=host, port=self.port)}
        if worker:
            commands["worker"] = processes.worker_command(self.data)
        if sandbox:
            commands["sandbox"] = processes.sandbox_command(
                self.data, host=host, port=self.sandbox_port, site_url=self.url
            )
        with contextlib.ExitStack() as stack:
            for name, command in commands.items():
                child = Child.start(name, command, write=to_stderr)
                stack.callback(child.stop, patience=10)
            wait_until_ready(self.url)
            yield


@contextlib.contextmanager
def prepared() -> Iterator[Site]:
    """A site on the servers of DATABASE_URL and REDIS_URL, else on new ones, with Django set up for it.

    From then on models are those of that site. One in a process, since Django is set up once.
    """
    given = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    with tempfile.TemporaryDirectory(prefix="dibt-bench-") as folder, contextlib.ExitStack() as stack:
        site = Site(free_port(), free_port(), Path(folder))
        database_url = given["DATABASE_URL"] or stack.enter_context(pgtemp.throwaway(durable=True)).url
        broker_url = given["REDIS_URL"] or stack.enter_context(valkey.embedded(site.data / "broker")).url
        configure(
            {
                "DATABASE_URL": database_url,
                "REDIS_URL": broker_url,
                "DATA_DIR": str(site.data),
                "PORT": str(site.port),
                "SANDBOX_URL": site.sandbox_url,
                "LOG_LEVEL": "WARNING",
                "API_RATE_ANON": "1000000/min",
                "API_RATE_USER": "1000000/min",
            }
        )
        yield site


def configure(environment: Mapping[str, str]) -> None:
    for name in variables.known():
        os.environ.pop(name, None)
    os.environ.update(environment)
    os.environ["DJANGO_SETTINGS_MODULE"] = "dibt.settings"
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def wait_until_ready(url: str) -> None:
    from dibt.management.site import answers

    until = time.monotonic() + PATIENCE
    while not answers(url, path="/readyz"):
        if time.monotonic() > until:
            raise NoSiteError(
                f"The site did not answer within {PATIENCE:.0f} s; its lines above may say why."
            )
        time.sleep(0.1)


def wait_until_answers(port: int) -> None:
    """Until somebody accepts connections there."""
    until = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if time.monotonic() > until:
            raise NoSiteError(f"Nobody listened on port {port} within {PATIENCE:.0f} s.")
        time.sleep(0.1)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
