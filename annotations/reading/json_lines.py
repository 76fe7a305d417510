"""JSON Lines: one object on each line."""

import json
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from annotations.reading.lines import Lines
from annotations.reading.rows import RAW_LENGTH, Row


def read_json_lines(path: Path) -> Iterator[Row]:
    """A row for each line that is not blank. Raises `UnreadableFileError` for what is not UTF-8."""
    with Lines(path) as lines:
        for line in lines:
            lines.mark()
            if line.strip():
                yield _row(lines.number, line)


def _row(number: int, line: str) -> Row:
    line = line.rstrip("\r\n")
    try:
        data = json.loads(line, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        problem = _("This line is not JSON: it breaks at character %(position)s.") % {
            "position": error.pos + 1
        }
    except (ValueError, RecursionError):  # NaN, Infinity, a number of thousands of digits, endless nesting
        problem = _("This line is not JSON that can be stored: a number or its nesting is too large.")
    else:
        if isinstance(data, dict):
            return Row(number, data)
        problem = _("This line is not an object with names and values in braces.")
    return Row(number, None, problem, raw=line[:RAW_LENGTH])


def _refuse_constant(name: str) -> object:
    raise ValueError(name)
