"""JSON Lines: one object on each line."""

import json
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from annotations.reading.lines import Lines
from annotations.reading.rows import Row


def read_json_lines(path: Path) -> Iterator[Row]:
    """A row for each line that is not blank. Raises `UnreadableFileError` for what is not UTF-8."""
    with Lines(path) as lines:
        for line in lines:
            lines.mark()
            if line.strip():
                yield _row(lines.number, line)


def _row(number: int, line: str) -> Row:
    try:
        data = json.loads(line.rstrip("\r\n"), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        sentence = _("This line is not JSON: it breaks at character %(position)s.")
        return Row(number, None, sentence % {"position": error.pos + 1})
    except (ValueError, RecursionError):  # NaN, Infinity, a number of thousands of digits, endless nesting
        return Row(
            number, None, _("This line is not JSON that can be stored: a number or its nesting is too large.")
        )
    if not isinstance(data, dict):
        return Row(number, None, _("This line is not an object with names and values in braces."))
    return Row(number, data)


def _refuse_constant(name: str) -> object:
    raise ValueError(name)
