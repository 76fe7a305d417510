"""Argilla's refusals, in the two shapes its server has for them.

What concerns its things (not found, not unique) is `{"detail": "…"}`; what concerns the request (credentials, fields)
is `{"detail": {"code", "params"}}`.
"""

import json
import math
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


def text(fields: dict[str, object], name: str, *, length: tuple[int, float] = (1, math.inf)) -> str:
    """A string with at least and at most so many characters."""
    if name not in fields:
        raise invalid("missing", ["body", name], "Field required")
    value, (least, most) = fields[name], length
    if not isinstance(value, str):
        raise invalid("string_type", ["body", name], "Input should be a valid string")
    if len(value) < least:
        raise invalid("string_too_short", ["body", name], f"String should have at least {_characters(least)}")
    if len(value) > most:
        raise invalid("string_too_long", ["body", name], f"String should have at most {_characters(most)}")
    return value


def _characters(number: float) -> str:
    return f"{number} character{'' if number == 1 else 's'}"


def identifier(value: object, where: list[str | int]) -> str:
    """A UUID, in its usual spelling."""
    if not isinstance(value, str):
        raise invalid("uuid_type", where, "UUID input should be a string, bytes or UUID object")
    try:
        return str(uuid.UUID(value))
    except ValueError as error:
        raise invalid("uuid_parsing", where, f"Input should be a valid UUID, {error}") from error
