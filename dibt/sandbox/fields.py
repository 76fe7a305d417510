"""Typed reading of JSON objects that came from a client."""

import json
import math
from collections.abc import Mapping

LARGEST = 2**53


class FieldError(ValueError):
    """A body or a field of it is not what the call asks for."""


class Fields:
    """A JSON object; every getter raises `FieldError` naming the field when the type is wrong."""

    def __init__(self, values: Mapping[str, object]) -> None:
        self.values = values

    @classmethod
    def parse(cls, body: bytes) -> "Fields":
        try:
            content: object = json.loads(body) if body.strip() else {}
        except (ValueError, RecursionError) as error:
            raise FieldError("Invalid JSON body") from error
        return cls.of(content, "body")

    @classmethod
    def of(cls, content: object, name: str) -> "Fields":
        if not isinstance(content, dict):
            raise FieldError(f'"{name}" must be an object')
        return cls(content)

    def has(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(self, name: str, default: str | None = None) -> str:
        """A string; required unless there is a default."""
        value = self.values.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str):
            raise FieldError(f'"{name}" must be a string')
        try:
            value.encode()
        except UnicodeEncodeError as error:
            raise FieldError(f'"{name}" holds half a character') from error
        return value

    def number(self, name: str) -> int:
        value = self.values.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            raise FieldError(f'"{name}" must be an integer')
        if abs(value) > LARGEST:
            raise FieldError(f'"{name}" is too large')
        return value

    def decimal(self, name: str, default: float) -> float:
        value = self.values.get(name, default)
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise FieldError(f'"{name}" must be a number')
        if not math.isfinite(value):
            raise FieldError(f'"{name}" must be finite')
        return float(value)

    def flag(self, name: str) -> bool:
        """A boolean; absent is false."""
        value = self.values.get(name)
        if value is None:
            return False
        if not isinstance(value, bool):
            raise FieldError(f'"{name}" must be a boolean')
        return value

    def mapping(self, name: str) -> "Fields":
        """An object; absent is empty."""
        return Fields.of(self.values.get(name) or {}, name)

    def listing(self, name: str) -> list[object]:
        """An array; absent is empty."""
        value = self.values.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise FieldError(f'"{name}" must be an array')
        return value

    def objects(self, name: str) -> list["Fields"]:
        """An array of objects; absent is empty."""
        return [Fields.of(item, name) for item in self.listing(name)]

    def strings(self) -> dict[str, str]:
        """The whole object, where every value must be a string."""
        return {name: self.text(name) for name in self.values}
