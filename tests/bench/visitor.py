"""Somebody who visits the site over HTTP, on one connection that stays open, as a browser's does."""

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User

CSRF = "a" * 32  # the same in cookie and header is what is checked

HOST = "127.0.0.1"  # under which the site answers
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE SAVEPOINT")


@dataclass(frozen=True)
class Answer:
    """What was answered: status, headers and body."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


class UnexpectedAnswerError(Exception):
    """An answer with another status than wanted: what was measured is not what was meant."""


class Visitor:
    """A person with a session, a program with an API token, or nobody in particular."""

    def __init__(self, url: str, *, user: User | None = None, token: str = "") -> None:
        parts = urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        self.headers = {"Cookie": f"csrftoken={CSRF}", "X-CSRFToken": CSRF}
        if token:
            self.headers["Authorization"] = f"Bearer {token}"
        if user:
            self.headers["Cookie"] += f"; sessionid={signed_in(user).cookies['sessionid'].value}"

    def get(self, path: str, *, wanted: int = 200) -> Answer:
        return self.ask("GET", path, wanted=wanted)

    def post(self, path: str, form: dict[str, Any], *, wanted: int = 302) -> Answer:
        content_type = "application/x-www-form-urlencoded"
        return self.ask(
            "POST", path, wanted=wanted, body=urlencode(form, doseq=True), content_type=content_type
        )

    def post_json(self, path: str, value: object, *, wanted: int = 200) -> Answer:
        return self.ask("POST", path, wanted=wanted, body=json.dumps(value), content_type="application/json")

    def ask(self, method: str, path: str, *, wanted: int, body: str = "", content_type: str = "") -> Answer:
        """Ask and read the whole answer; raises UnexpectedAnswerError unless it has the wanted status."""
        headers = self.headers | ({"Content-Type": content_type} if content_type else {})
        self.connection.request(method, path, body.encode() or None, headers)
        response = self.connection.getresponse()
        answer = Answer(response.status, response.headers, response.read())
        if answer.status != wanted:
            raise UnexpectedAnswerError(
                f"{method} {path}: {answer.status}, wanted {wanted}: {answer.body[:300]!r}"
            )
        return answer


def signed_in(user: User) -> Client:
    """Django's own test client with a session of that person, in the site's database."""
    client = Client(SERVER_NAME=HOST)
    client.force_login(user)
    return client


def queries_of(path: str, *, user: User | None = None) -> int:
    """How many queries a GET of that page costs, asked for in this process."""
    client = signed_in(user) if user else Client(SERVER_NAME=HOST)
    status = client.get(path).status_code
    if status != http.HTTPStatus.OK:
        raise UnexpectedAnswerError(f"GET {path}: {status}, wanted 200")
    return queries_in(lambda: client.get(path))


def queries_in(call: Callable[[], object]) -> int:
    """How many queries a call in this process makes; what only begins or ends a transaction is none."""
    with CaptureQueriesContext(connection) as captured:
        call()
    return sum(not query["sql"].startswith(TRANSACTION) for query in captured)
