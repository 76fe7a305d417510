"""Everything behind one running sandbox, and the way of a request through it."""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message

from dibt.sandbox import directory, identity
from dibt.sandbox.blobs import Blobs
from dibt.sandbox.config import Config
from dibt.sandbox.database import Database, keep_setting, kept_setting
from dibt.sandbox.faults import Faults
from dibt.sandbox.fields import FieldError
from dibt.sandbox.journal import Journal
from dibt.sandbox.limits import RateLimits, Rule
from dibt.sandbox.routes import all_routes
from dibt.sandbox.routing import Route
from dibt.sandbox.signin import signing
from dibt.sandbox.spaces import deleting, template
from dibt.sandbox.wire import HubError, Request, Response, Stream


class Hub:
    """The sandbox without its socket: state on disk, scripted faults, the request log."""

    def __init__(self, config: Config) -> None:
        self.config = config
        config.data_dir.mkdir(parents=True, exist_ok=True)
        self.database = Database(config.data_dir / "hub.sqlite3")
        self.blobs = Blobs(config.data_dir / "blobs")
        self.faults = Faults()
        self.journal = Journal()
        self.limits = RateLimits(Rule(config.rate_limit, config.rate_window))
        self.router = all_routes()
        with self.database.transaction() as db:
            directory.seed(db)
            identity.seed(db)
            template.seed(db, self.blobs)
            self.signing_key = signing.load(db)
            self.storage_key = _storage_key(db)

    def answer(
        self,
        found: tuple[Route, dict[str, str]] | None,
        *,
        method: str,
        path: str,
        query: str,
        headers: Message,
        body: bytes,
        stream: Stream,
    ) -> Response:
        """Answer a request whose route was `found`; whatever it changes is on disk before the answer leaves."""
        try:
            if found is None:
                raise self._nowhere(path)
            route, params = found
            with self.transaction() as db:
                request = Request(self, db, method, path, query, headers, params, body, stream)
                if not route.streams:
                    return route.handler(request)
            return route.handler(request)
        except HubError as error:
            return error.response()
        except FieldError as error:
            return HubError(400, str(error)).response()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of what happens inside, or nothing of it, on the state as it is at this moment."""
        with self.database.transaction() as db:
            deleting.finish(db, pace=self.config.pace)
            yield db

    def close(self) -> None:
        self.database.close()

    def _nowhere(self, path: str) -> HubError:
        if methods := self.router.methods(path):
            return HubError(405, "Method Not Allowed", headers={"Allow": ", ".join(methods)})
        return HubError(404, "Sorry, we can't find the page you are looking for.")


def _storage_key(db: sqlite3.Connection) -> bytes:
    """The key that upload addresses are signed with."""
    kept = kept_setting(db, "storage-key")
    if kept is None:
        kept = secrets.token_hex(32)
        keep_setting(db, "storage-key", kept)
    return kept.encode()
