"""Refusals for programs: the body of `application/problem+json` (RFC 9457), and who wants one instead of a page."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse

from dibt.lib.errors import DomainError

PROBLEM = "application/problem+json"
JSON = "application/json"


def wants_json(request: HttpRequest) -> bool:
    """Whether a page's script asks, which puts the answer into the page itself."""
    return request.headers.get("Accept", "").startswith(JSON)


def body(
    status: HTTPStatus, kind: str, detail: str, fields: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Any]:
    """`kind` tells refusals of one status apart; `fields` says which part of what was sent is wrong, and why."""
    said: dict[str, Any] = {"type": kind, "title": status.phrase, "status": status.value, "detail": detail}
    return said | ({"errors": dict(fields)} if fields else {})


def answer(status: HTTPStatus, kind: str, detail: str, **more: object) -> JsonResponse:
    """A refusal as the answer to a script; `more` is what it needs besides."""
    return JsonResponse(body(status, kind, detail) | more, status=status, content_type=PROBLEM)


def of(error: DomainError) -> JsonResponse:
    """What the domain refused."""
    said = body(error.status, error.kind, error.message, getattr(error, "fields", None))
    return JsonResponse(said, status=error.status, content_type=PROBLEM)
