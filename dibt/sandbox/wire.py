"""A request, an answer, and a refusal, as the rest of the sandbox sees them.

A refusal carries the headers from which the client chooses its exception: `X-Error-Code` (RepoNotFound,
RevisionNotFound, EntryNotFound, GatedRepo) and `X-Error-Message`. They are always set, because over plain http the
client recognises a missing repository by the code alone.
"""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qs

from dibt.sandbox.fields import Fields

if TYPE_CHECKING:
    from dibt.sandbox.hub import Hub

Headers = Mapping[str, str]


class Stream(Protocol):
    """A request body that is read piece by piece."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class FilePart:
    """`length` bytes of a stored file, from `start`."""

    path: Path
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Response:
    """An answer; `Content-Length` is added when it is sent."""

    status: int = 200
    body: bytes | FilePart = b""
    headers: Headers = field(default_factory=dict)

    @classmethod
    def json(cls, content: object, *, status: int = 200, headers: Headers | None = None) -> "Response":
        body = json.dumps(content, ensure_ascii=False, default=str).encode()
        return cls(status, body, {"Content-Type": "application/json; charset=utf-8", **(headers or {})})

    @classmethod
    def text(
        cls, content: str, *, status: int = 200, kind: str = "text/plain", headers: Headers | None = None
    ) -> "Response":
        return cls(status, content.encode(), {"Content-Type": f"{kind}; charset=utf-8", **(headers or {})})


class HubError(Exception):
    """A refusal with the Hub's status, code and message; `extra` joins the JSON body (a 409 needs `url`)."""

    def __init__(
        self, status: int, message: str, *, code: str = "", headers: Headers | None = None, **extra: object
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.extra = status, message, code, extra
        self.headers = dict(headers or {})

    def response(self) -> Response:
        headers = {"X-Error-Message": self.message, **self.headers}
        if self.code:
            headers["X-Error-Code"] = self.code
        return Response.json({"error": self.message, **self.extra}, status=self.status, headers=headers)


@dataclass(slots=True)
class Request:
    """One request on its way through a handler; `params` are the named parts of the route, decoded."""

    hub: "Hub"
    db: sqlite3.Connection
    method: str
    path: str
    query_string: str
    headers: Message
    params: dict[str, str]
    body: bytes = b""
    stream: Stream | None = None

    @property
    def origin(self) -> str:
        """Where the caller reached us: `http://127.0.0.1:8001`. Every URL in an answer starts with it."""
        config = self.hub.config
        return f"http://{self.headers.get('Host') or f'{config.host}:{config.port}'}"

    def query(self, name: str) -> list[str]:
        """All values of a query parameter; `name[]` counts too."""
        values = parse_qs(self.query_string, keep_blank_values=True)
        return values.get(name, []) + values.get(f"{name}[]", [])

    def first(self, name: str, default: str = "") -> str:
        return next(iter(self.query(name)), default)

    def asks(self, name: str) -> bool:
        """Whether a query parameter is set to something true."""
        return self.first(name).lower() in {"1", "true"}

    def json(self) -> Fields:
        """The JSON object in the body; an empty body is an empty object."""
        return Fields.parse(self.body)

    def form(self) -> dict[str, list[str]]:
        """The urlencoded fields in the body."""
        return parse_qs(self.body.decode("utf-8", "replace"), keep_blank_values=True)
