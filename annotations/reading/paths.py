"""Paths into a row: `tweet`, `meta.source`, `instances[0].input`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeGuard

from dibt.lib.text import excerpt

_INDEX = re.compile(r"\[(\d{1,6})\]\.?")
# Of a list in a row only the first items are offered; any other can be written into a mapping by hand.
_ITEMS = 3
_DEPTH = 5


@dataclass(frozen=True)
class Column:
    """A path that can be mapped, with the first value found there, shortened for display."""

    path: str
    sample: str


def value_at(data: object, path: str) -> object:
    """What stands at the path; None where nothing does. A name that holds a dot or a bracket wins over nesting."""
    if not path:
        return data
    if isinstance(data, list):
        found = _INDEX.match(path)
        index = int(found.group(1)) if found else len(data)
        return value_at(data[index], path[found.end() :]) if found and index < len(data) else None
    if not isinstance(data, Mapping):
        return None
    if path in data:
        return data[path]
    for split in (position for position, letter in enumerate(path) if letter in ".["):
        if path[:split] in data:
            return value_at(data[path[:split]], path[split:].removeprefix("."))
    return None


def columns(sample: Iterable[Mapping[str, object]]) -> tuple[Column, ...]:
    """The paths that the rows of a sample have, in order of appearance, each with its first value that is not empty."""
    found: dict[str, str] = {}
    for data in sample:
        for path, value in _leaves(data, "", _DEPTH):
            if not found.get(path):
                found[path] = "" if value is None else excerpt(value)
    return tuple(Column(path, shown) for path, shown in found.items())


def is_chat(value: object) -> TypeGuard[list[Mapping[str, object]]]:
    """Whether a value is a list of turns with a role and content."""
    return isinstance(value, list) and bool(value) and all(_is_turn(item) for item in value)


def _is_turn(item: object) -> bool:
    return isinstance(item, Mapping) and {"role", "content"} <= set(item)


def _leaves(value: object, path: str, depth: int) -> Iterator[tuple[str, object]]:
    if isinstance(value, Mapping) and depth:
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{name}" if path else str(name), depth - 1)
    elif isinstance(value, list) and depth:
        if is_chat(value) or not value or not isinstance(value[0], Mapping | list):
            yield path, value
        for index, item in enumerate(value[:_ITEMS]):
            yield from _leaves(item, f"{path}[{index}]", depth - 1)
    else:
        yield path, value
