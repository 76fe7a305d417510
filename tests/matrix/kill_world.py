"""One sandbox, one Space after the other, and workers that are killed while they set it up."""

import contextlib
import json
import os
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from huggingface_hub import HfApi

from dibt.celery import app
from dibt.management import site as processes
from dibt.management.processes import Child
from dibt.sandbox.testing import PLATFORM_TOKEN, SandboxServer
from tests.house.running import ROOT
from tests.matrix.kill_points import AtBoundary, InCall, Point

PATIENCE = 240.0  # seconds, for a machine that does much else
LOOK = 0.02
HANG, LATE = "hang", "late_answer"
IN_A_HURRY, AS_THE_SITE_IS = "tests.matrix.kill_settings", "dibt.settings"


class StuckError(AssertionError):
    """It did not come to what was waited for; the message has the worker's last lines."""


@dataclass
class World:
    """A sandbox of its own, at most one living worker, and the folder in which the two speak of places."""

    sandbox: SandboxServer
    folder: Path
    settings_module: str = IN_A_HURRY
    lines: deque[str] = field(default_factory=lambda: deque(maxlen=60))
    worker: Child | None = None

    @property
    def api(self) -> HfApi:
        """The sandbox as somebody else than the worker looks at it."""
        return HfApi(endpoint=self.sandbox.url, token=PLATFORM_TOKEN)

    def start(self) -> None:
        """A worker like the site's, with beat inside, on the database and broker of the tests.

        It has one thread, so that all of it stands still where it is told to.
        """
        command = processes.worker_command(self.folder)
        command[command.index("dibt.management.worker")] = "tests.matrix.kill_worker"
        command[command.index("--concurrency") + 1] = "1"
        environment = {
            "DJANGO_SETTINGS_MODULE": self.settings_module,
            "DATABASE_URL": database_url(),
            "REDIS_URL": settings.REDIS_URL,
            "DATA_DIR": str(settings.DATA_DIR),
            "SANDBOX_URL": self.sandbox.url,
            "KILL_FOLDER": str(self.folder),
        }
        self.worker = Child.start("worker", command, env=environment, cwd=ROOT, write=self.lines.append)

    def kill(self) -> None:
        """`kill -9` for the worker and whatever it started."""
        if self.worker is not None:
            self.worker.kill()
            self.worker.process.wait()
        self.worker = None

    def stop_at(self, point: Point) -> None:
        """Have the worker stand still at that point once it comes there."""
        match point:
            case InCall():
                kind = LATE if point.after_the_work else HANG
                self.sandbox.faults.add(kind, method=point.method, path=point.path, after=point.nth - 1)
            case AtBoundary():
                asked = {"place": point.place, "nth": point.nth, "id": uuid.uuid4().hex}
                (self.folder / "stopped").unlink(missing_ok=True)
                draft = self.folder / "draft"
                draft.write_text(json.dumps(asked))
                draft.rename(self.folder / "stop")

    def stands_at(self, point: Point) -> bool:
        """Whether the worker has come to that point, and stands there."""
        match point:
            case InCall():
                return any(entry.fault for entry in self.sandbox.requests.all())
            case AtBoundary():
                return (self.folder / "stopped").exists()

    def let_go(self) -> None:
        """From now on nobody is stopped; whatever the Hub has in hand it does or drops."""
        self.sandbox.faults.clear()
        (self.folder / "stop").unlink(missing_ok=True)

    def forget(self) -> None:
        """What was asked for and come by so far."""
        self.sandbox.requests.clear()
        (self.folder / "passed").unlink(missing_ok=True)

    def passed(self) -> list[tuple[float, str]]:
        """When, in seconds, workers came by which places."""
        with contextlib.suppress(FileNotFoundError):
            lines = (self.folder / "passed").read_text().splitlines()
            return [(float(when), place) for when, place in (line.split(" ", 1) for line in lines)]
        return []

    def wait_until(self, holds: Callable[[], bool], what: str) -> None:
        """Raises StuckError when it does not come to that, or the worker ends by itself."""
        until = time.monotonic() + PATIENCE
        while not holds():
            ended = self.worker is not None and self.worker.exit_code is not None
            if ended or time.monotonic() > until:
                why = "the worker ended" if ended else f"not within {PATIENCE:.0f} s"
                raise StuckError("\n".join([f"{what}: {why}", *self.lines]))
            time.sleep(LOOK)


@contextlib.contextmanager
def world(folder: Path, *, settings_module: str = IN_A_HURRY) -> Iterator[World]:
    """An empty queue, a sandbox where nothing waits for the clock; whatever runs at the end is killed."""
    forget_messages()
    with SandboxServer(folder / "sandbox", pace=0, rate_limit=1_000_000) as sandbox:
        made = World(sandbox, folder, settings_module)
        try:
            yield made
        finally:
            made.kill()
            made.let_go()
            forget_messages()


def forget_messages() -> None:
    """Other tests ring bells that no worker hears."""
    with app.connection_for_write() as broker:
        for route in settings.CELERY_TASK_ROUTES.values():
            broker.default_channel.queue_purge(route["queue"])
        broker.default_channel.queue_purge(settings.CELERY_TASK_DEFAULT_QUEUE)


def database_url() -> str:
    """The DATABASE_URL of the database that the tests are on."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
