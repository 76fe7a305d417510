"""What every endpoint shares: JSON bodies, errors as problem+json (RFC 9457) and pages of lists."""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.views import exception_handler

from dibt.lib import problems
from dibt.lib.errors import DomainError, InvalidError, TooLargeError


class Pages(LimitOffsetPagination):
    """`?limit=` (50 unless told, 200 at most) and `?offset=`."""

    default_limit = 50
    max_limit = 200


class StrictJson(JSONParser):
    """JSON in UTF-8 (RFC 8259), whatever the sender calls it: one of Python's encodings unpacks zlib. What could
    not be written out again is refused, for an answer or an error that quotes it would fail."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        in_utf8 = {**(parser_context or {}), "encoding": "utf-8"}
        try:
            parsed: dict[str, Any] = super().parse(stream, media_type, in_utf8)
            json.dumps(parsed, ensure_ascii=False).encode()
        except RecursionError as error:
            raise exceptions.ParseError(_("What you sent is nested too deeply.")) from error
        except UnicodeEncodeError as error:
            raise exceptions.ParseError(_("What you sent holds half of a surrogate pair.")) from error
        return parsed


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn any refusal into `application/problem+json`; what is no refusal is left to fail loudly."""
    if isinstance(error, DomainError):
        return _answer(error.status, error.kind, error.message, getattr(error, "fields", None))
    if isinstance(error, RequestDataTooBig):
        most = {"most": settings.DATA_UPLOAD_MAX_MEMORY_SIZE}
        return problem(TooLargeError(_("This has more than %(most)d bytes. Send less.") % most), context)
    response = exception_handler(error, context)
    if response is None:
        return None
    answer = _answer(HTTPStatus(response.status_code), _kind(error), _sentence(error), _fields(error))
    for name in ("WWW-Authenticate", "Retry-After"):
        if name in response.headers:
            answer[name] = response.headers[name]
    return answer


def nothing_here() -> str:
    return _("There is nothing at this address, or nothing that you may see.")


def _answer(status: HTTPStatus, kind: str, detail: str, fields: dict[str, list[str]] | None) -> Response:
    return Response(problems.body(status, kind, detail, fields), status=status, content_type=problems.PROBLEM)


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
    if isinstance(error, Http404):
        return nothing_here()
    return str(getattr(error, "detail", error))


def _fields(error: Exception) -> dict[str, list[str]] | None:
    if not isinstance(error, exceptions.ValidationError):
        return None
    detail = error.detail
    if not isinstance(detail, dict):
        return {"body": _texts(detail)}
    return {name: _texts(texts) for name, texts in detail.items()}


def _texts(detail: object) -> list[str]:
    return [str(text) for text in detail] if isinstance(detail, list) else [str(detail)]
