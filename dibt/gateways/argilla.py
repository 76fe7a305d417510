"""Argilla, as it runs inside a Space: its HTTP API `/api/v1`, as the owner of the server.

One connection for each call, since Argilla drops the connection after an error without saying so; no redirects,
which would carry the owner's key elsewhere.
"""

import json
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from http import HTTPStatus
from urllib.parse import parse_qs, urlsplit

import httpx2
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dibt.gateways.errors import (
    HIDDEN,
    ConflictError,
    ForbiddenError,
    GatewayError,
    MissingError,
    RefusedError,
    RetryLaterError,
    excerpt,
)
from dibt.gateways.heartbeat import beat

CONNECT_SECONDS = 5.0
# The read timeout counts silence only: neither a trickle nor a flood may hold a worker.
ANSWER_SECONDS = 15.0
LONGEST_ANSWER = 10 * 1024 * 1024
NO_CLIENT = "None"  # what Argilla writes where it was given no client
TRANSIENT = frozenset({408, 429})
REASONS = {
    401: gettext_lazy("Argilla does not take its owner's key."),
    403: gettext_lazy("Argilla does not let its owner do this."),
    404: gettext_lazy("Argilla has no such thing."),
    409: gettext_lazy("Argilla has one of that name already."),
}
KINDS: Mapping[int, type[GatewayError]] = {403: ForbiddenError, 404: MissingError, 409: ConflictError}

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the key belongs to; `role` is owner, admin or annotator."""

    id: str
    username: str
    role: str


class Argilla:
    """One server, at `address` (scheme and host, perhaps a path), with its owner's `api_key`.

    `space_token` is a token of the Hub, which alone opens the door of a private Space. Every method makes its
    requests once, within time limits, and raises `dibt.gateways.errors.GatewayError`; whatever answers in
    Argilla's place, such as the Hub's page for a Space that starts, is a RetryLaterError.
    """

    def __init__(self, address: str, *, api_key: str, timeout: timedelta, space_token: str = "") -> None:
        self._base = f"{address.rstrip('/')}/api/v1"
        self._headers = {"X-Argilla-Api-Key": api_key, "Accept": "application/json"}
        if space_token:
            self._headers["Authorization"] = f"Bearer {space_token}"
        self._secrets = [secret.encode() for secret in (api_key, space_token) if secret]
        self._timeout = httpx2.Timeout(timeout.total_seconds(), connect=CONNECT_SECONDS)

    def status(self) -> str:
        """Its version, once the server and the search engine behind it answer."""
        return _text(self._call("GET", "/status"), "version")

    def me(self) -> Account:
        me = self._call("GET", "/me")
        return Account(_text(me, "id"), _text(me, "username"), _text(me, "role"))

    def set_password(self, user_id: str, password: str) -> None:
        """Replace what somebody signs in with by hand, 8 to 100 characters; their key stays what it is."""
        self._call("PATCH", f"/users/{user_id}", {"password": password})

    def workspaces(self) -> dict[str, str]:
        """The id of each workspace, by its name; the owner sees all."""
        items = _items(self._call("GET", "/me/workspaces"))
        return {_text(each, "name"): _text(each, "id") for each in items}

    def create_workspace(self, name: str) -> None:
        """ConflictError when there is one of that name."""
        self._call("POST", "/workspaces", {"name": name})

    def delete_workspace(self, workspace_id: str) -> None:
        """MissingError when it is gone already, ConflictError while it holds datasets."""
        self._call("DELETE", f"/workspaces/{workspace_id}")

    def sign_in_providers(self) -> frozenset[str]:
        """Through whom people can sign in, such as “huggingface”; nobody's key is needed for that."""
        return frozenset(_text(each, "name") for each in _items(self._call("GET", "/oauth2/providers")))

    def sign_in_client(self, provider: str) -> str:
        """As which client of the provider people are sent to its sign-in page, empty if as none.

        Argilla lists a provider as soon as its file names it; only this tells whether the sign-in can work.
        MissingError when there is no such provider.
        """
        status, headers, content = self._ask("GET", f"/oauth2/providers/{provider}/authentication")
        if status != HTTPStatus.SEE_OTHER:
            _understood(status, content)
            raise _strange()
        named = parse_qs(urlsplit(headers.get("location", "")).query).get("client_id", [""])
        return "" if named[0] == NO_CLIENT else named[0]

    def _call(self, method: str, path: str, body: Json | None = None) -> Json:
        status, _headers, content = self._ask(method, path, body)
        return _understood(status, content)

    def _ask(self, method: str, path: str, body: Json | None = None) -> tuple[int, httpx2.Headers, bytes]:
        beat()
        try:
            with (
                httpx2.Client(timeout=self._timeout, headers=self._headers, verify=_tls()) as client,
                client.stream(method, f"{self._base}{path}", json=body) as response,
            ):
                content = _read(response)
        except httpx2.TimeoutException as error:
            raise RetryLaterError(_("Argilla did not answer in time.")) from error
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            raise RetryLaterError(_("The connection to Argilla failed.")) from error
        for secret in self._secrets:  # of which an answer may repeat any, to be quoted in an error
            content = content.replace(secret, HIDDEN.encode())
        return response.status_code, response.headers, content


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Made once: to read the certificates of all authorities takes longer than most answers."""
    return httpx2.create_ssl_context()


def _read(response: httpx2.Response) -> bytes:
    end = time.monotonic() + ANSWER_SECONDS
    content = b""
    for chunk in response.iter_bytes():
        content += chunk
        if time.monotonic() > end or len(content) > LONGEST_ANSWER:
            raise httpx2.ReadTimeout("The answer is too long")
    return content


def _understood(status: int, content: bytes) -> Json:
    """What Argilla answered; raises the error that the status stands for."""
    answer = _parsed(content)
    if status in TRANSIENT or status >= 500:
        raise RetryLaterError(_("Argilla cannot answer now (%(status)d).") % {"status": status})
    if answer is None:
        raise RetryLaterError(
            _("Something else answers in Argilla's place (%(status)d).") % {"status": status}
        )
    if status < 300:
        return answer
    reason = REASONS.get(status, _("Argilla refused the request (%(status)d).") % {"status": status})
    said = answer.get("detail")
    if isinstance(said, str):
        reason = _("%(reason)s It said: “%(said)s”") % {"reason": reason, "said": excerpt(said)}
    raise KINDS.get(status, RefusedError)(str(reason))


def _parsed(content: bytes) -> Json | None:
    try:
        answer = json.loads(content)
    except ValueError:
        return None
    return answer if isinstance(answer, dict) else None


def _items(answer: Json) -> list[Json]:
    items = answer.get("items")
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        raise _strange()
    return items


def _text(answer: Json, key: str) -> str:
    value = answer.get(key)
    if not isinstance(value, str):
        raise _strange()
    return value


def _strange() -> RetryLaterError:
    return RetryLaterError(_("Argilla's answer could not be understood."))
