"""Argilla's refusals, in the two shapes its server has for them.

What concerns its things (not found, not unique) is `{"detail": "…"}`; what concerns the request (credentials, fields)
is `{"detail": {"code", "params"}}`.
"""

import json
import uuid

from dibt.sandbox.wire import Response

CODE = "argilla.api.errors::"


class RefusalError(Exception):
    """A refusal of the app, with its answer."""

    def __init__(self, status: int, detail: object) -> None:
        super().__init__(detail)
        self.response = Response.json({"detail": detail}, status=status)


def unauthorized() -> RefusalError:
    detail = {"detail": "Could not validate credentials"}
    return RefusalError(401, {"code": f"{CODE}UnauthorizedError", "params": detail})


def invalid(kind: str, where: list[str | int], message: str) -> RefusalError:
    """A field, `where` it is, and what is wrong with it, in pydantic's words."""
    error = {"type": kind, "loc": where, "msg": message}
    return RefusalError(422, {"code": f"{CODE}ValidationError", "params": {"errors": [error]}})


def body(content: bytes) -> dict[str, object]:
    """The JSON object of a request."""
    try:
        found: object = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise invalid("json_invalid", ["body", getattr(error, "pos", 0)], "JSON decode error") from error
    if not isinstance(found, dict):
        raise invalid(
            "model_attributes_type",
            ["body"],
            "Input should be a valid dictionary or object to extract fields from",
        )
    return found


def text(fields: dict[str, object], name: str) -> str:
    """A string of one character or more."""
    if name not in fields:
        raise invalid("missing", ["body", name], "Field required")
    value = fields[name]
    if not isinstance(value, str):
        raise invalid("string_type", ["body", name], "Input should be a valid string")
    if not value:
        raise invalid("string_too_short", ["body", name], "String should have at least 1 character")
    return value


def identifier(value: object, where: list[str | int]) -> str:
    """A UUID, in its usual spelling."""
    if not isinstance(value, str):
        raise invalid("uuid_type", where, "UUID input should be a string, bytes or UUID object")
    try:
        return str(uuid.UUID(value))
    except ValueError as error:
        raise invalid("uuid_parsing", where, f"Input should be a valid UUID, {error}") from error
