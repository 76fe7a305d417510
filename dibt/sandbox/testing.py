"""A sandbox inside a test: a real server on a free port, in a thread, with its insides at hand."""

import sqlite3
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from dibt.sandbox import directory
from dibt.sandbox.config import Config
from dibt.sandbox.faults import Fault, FaultKind
from dibt.sandbox.fields import Fields
from dibt.sandbox.hub import Hub
from dibt.sandbox.journal import Entry
from dibt.sandbox.limits import API, MEMBER, WINDOW, Rule
from dibt.sandbox.people import Person
from dibt.sandbox.repos import records
from dibt.sandbox.server import SandboxHTTPServer
from dibt.sandbox.spaces import boots, deleting, runtime, settings

PLATFORM_TOKEN = "hf_sandbox_platform"  # noqa: S105 - the token of a sandbox is no secret
READONLY_TOKEN = "hf_sandbox_readonly"  # noqa: S105


class ScriptedFaults:
    """The faults of one sandbox."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def add(
        self,
        kind: str,
        *,
        path: str = "",
        method: str = "",
        times: int | None = 1,
        status: int = 503,
        headers: dict[str, str] | None = None,
        body: str = '{"error": "A fault scripted in the sandbox"}',
        seconds: float | None = None,
        after: int = 0,
    ) -> None:
        """Script a fault; see `dibt.sandbox.faults`. `times=None` is for ever, `path` a regular expression; the
        first `after` requests of the kind are let pass."""
        wanted = FaultKind(kind).seconds if seconds is None else seconds
        self._hub.faults.add(
            Fault(
                FaultKind(kind), path, method.upper(), times, wanted, status, dict(headers or {}), body, after
            )
        )

    def left(self) -> int:
        """How many of the scripted faults are still to happen: one that was met is none of them."""
        return len(self._hub.faults.pending())

    def clear(self) -> None:
        """Forget all faults and let go of whoever hangs."""
        self._hub.faults.clear()


class RequestLog:
    """What was asked of one sandbox."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def all(self, *, method: str = "", path: str = "") -> list[Entry]:
        """The requests so far, oldest first; `path` is the beginning of a path."""
        entries = self._hub.journal.entries()
        return [entry for entry in entries if method in {"", entry.method} and entry.path.startswith(path)]

    def refused(self) -> list[Entry]:
        """The requests that a rate limit or the quota of an action refused."""
        return [entry for entry in self._hub.journal.entries() if entry.limited]

    def clear(self) -> None:
        self._hub.journal.clear()


class Limits:
    """The rate limits of one sandbox, which refuse with 429."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def set(self, *, quota: int, window: int = WINDOW) -> None:
        """Allow each token `quota` API requests per `window` seconds from now on; what was used is forgotten."""
        self._hub.limits.set(Rule(quota, window))

    def set_action(self, action: str, *, per_hour: int | None) -> None:
        """Allow each token so many of an action (`dibt.sandbox.actions`) per hour; None is as many as it likes."""
        self._hub.limits.set_action(action, per_hour=per_hour)

    def reset(self) -> None:
        """What the sandbox was started with, no quotas of actions, nothing used."""
        self._hub.limits.reset()


class State:
    """What is inside one sandbox, and what a test may change there."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def repos(self, kind: str, *, owner: str = "") -> list[str]:
        """Full names of the models, datasets or Spaces (`kind` in the singular), newest first."""
        with self._hub.transaction() as db:
            return [repo.full_name for repo in records.everything(db, kind, owner=owner)]

    def delete_spaces(self, *, owner: str) -> None:
        """Take all Spaces of that owner away; at a pace above 0 they are gone a moment later."""
        with self._hub.transaction() as db:
            for repo in records.everything(db, "space", owner=owner):
                deleting.delete(db, repo, pace=self._hub.config.pace)

    def buckets(self, *, owner: str) -> list[str]:
        with self._hub.transaction() as db:
            rows = db.execute("SELECT owner, name FROM buckets WHERE owner = ? ORDER BY name", (owner,))
            return [f"{row['owner']}/{row['name']}" for row in rows]

    def person(self, handle: str) -> Person:
        """A person as they are now; KeyError if there is none."""
        with self._hub.transaction() as db:
            found = directory.by_handle(db, handle)
        if found is None:
            raise KeyError(handle)
        return found

    def change_person(
        self, handle: str, *, new_handle: str | None = None, memberships: dict[str, str] | None = None
    ) -> Person:
        """Rename a person, replace their memberships, or make one."""
        wanted: dict[str, object] = {} if new_handle is None else {"handle": new_handle}
        wanted |= {} if memberships is None else {"memberships": memberships}
        with self._hub.transaction() as db:
            return directory.change(db, handle, Fields(wanted))

    def force_stage(self, space: str, stage: str, *, error_message: str = "", sticky: bool = False) -> None:
        """Put a Space into a stage; KeyError if there is no such Space."""
        with self._hub.transaction() as db:
            runtime.force(
                db,
                self._space(space, db),
                stage,
                error_message=error_message,
                sticky=sticky,
                pace=self._hub.config.pace,
            )

    def fall_asleep(self, space: str) -> None:
        """As if nobody had visited the Space for its sleep time; ValueError if it is not running or never sleeps."""
        with self._hub.transaction() as db:
            runtime.fall_asleep(db, self._space(space, db), pace=self._hub.config.pace)

    def starts(self, space: str) -> list[str]:
        """What led to each start of a Space, oldest first: `commit` (the first, with its making), `secret`,
        `variable`, `hardware`, `volumes`, `restart`, `factory reboot`, `visit`."""
        with self._hub.transaction() as db:
            return [boot.cause for boot in boots.every(db, self._space(space, db))]

    def stage(self, space: str) -> str:
        with self._hub.transaction() as db:
            return runtime.of(db, self._space(space, db), pace=self._hub.config.pace).stage

    def has_secret(self, space: str, key: str, value: str) -> bool:
        """Whether a Space holds a secret with this value; its value itself is not kept."""
        with self._hub.transaction() as db:
            return settings.holds_secret(db, self._space(space, db), key, value)

    @staticmethod
    def _space(name: str, db: sqlite3.Connection) -> records.Repo:
        repo = records.find(db, "space", name)
        if repo is None:
            raise KeyError(name)
        return repo


class SandboxServer:
    """A context manager: a running sandbox with `url`, `faults`, `limits`, `requests` and `state`.

    `port` 0 takes a free one; with `pace` 0 a Space is RUNNING as soon as it is asked to. For the rest see `Config`.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        port: int = 0,
        pace: float = 0.0,
        app_delay: float = 0.0,
        rate_limit: int = MEMBER[API],
        rate_window: int = WINDOW,
        site: str = "",
    ) -> None:
        self._hub = Hub(
            Config(
                data_dir=data_dir,
                port=port,
                pace=pace,
                app_delay=app_delay,
                rate_limit=rate_limit,
                rate_window=rate_window,
                site=site,
            )
        )
        self._server = SandboxHTTPServer(self._hub)
        self._thread = self._serving()
        self.faults = ScriptedFaults(self._hub)
        self.limits = Limits(self._hub)
        self.requests = RequestLog(self._hub)
        self.state = State(self._hub)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def leave(self) -> None:
        """End all connections and refuse new ones until `listen`: nobody is there, as if the process had ended."""
        self._stop_serving()
        self._server.leave()

    def listen(self) -> None:
        """Be there again after `leave`, under the same address and with the same state."""
        self._server.server_activate()
        self._thread = self._serving()
        self._thread.start()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop_serving()
        self._server.close()

    def _serving(self) -> threading.Thread:
        serve = self._server.serve_forever
        return threading.Thread(target=serve, kwargs={"poll_interval": 0.02}, name="sandbox", daemon=True)

    def _stop_serving(self) -> None:
        self._server.shutdown()
        self._thread.join()
