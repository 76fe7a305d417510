"""What every endpoint shares: errors as problem+json (RFC 9457) and pages of lists."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler

from dibt.lib.errors import DomainError, InvalidError

PROBLEM = "application/problem+json"


class Pages(LimitOffsetPagination):
    """`?limit=` (50 unless told, 200 at most) and `?offset=`."""

    default_limit = 50
    max_limit = 200


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn any refusal into `application/problem+json`; what is no refusal is left to fail loudly."""
    if isinstance(error, DomainError):
        return _answer(error.status, error.kind, error.message, getattr(error, "fields", None))
    response = exception_handler(error, context)
    if response is None:
        return None
    answer = _answer(HTTPStatus(response.status_code), _kind(error), _sentence(error), _fields(error))
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer


def _answer(status: HTTPStatus, kind: str, detail: str, fields: dict[str, list[str]] | None) -> Response:
    body: dict[str, Any] = {"type": kind, "title": status.phrase, "status": status.value, "detail": detail}
    if fields:
        body["errors"] = fields
    return Response(body, status=status, content_type=PROBLEM)


def _kind(error: Exception) -> str:
    if isinstance(error, Http404):
        return "not-found"
    if isinstance(error, PermissionDenied):
        return "not-allowed"
    code = getattr(error, "default_code", "error")
    return str(code).replace("_", "-")


def _sentence(error: Exception) -> str:
    if isinstance(error, exceptions.ValidationError):
        return str(InvalidError("Some of what was sent cannot be taken; see errors.").message)
    return str(getattr(error, "detail", error)) or "Not found."


def _fields(error: Exception) -> dict[str, list[str]] | None:
    if not isinstance(error, exceptions.ValidationError):
        return None
    detail = error.detail
    if not isinstance(detail, dict):
        return {"body": _texts(detail)}
    return {name: _texts(texts) for name, texts in detail.items()}


def _texts(detail: object) -> list[str]:
    return [str(text) for text in detail] if isinstance(detail, list) else [str(detail)]
