"""CSV and TSV as rows, exactly as they are: no row merged with the next, no quote lost."""

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from annotations.reading.lines import Lines
from annotations.reading.rows import CHARACTERS, RAW_LENGTH, FileFormat, Row, UnreadableFileError
from dibt.lib.text import excerpt

# The limit of Python's csv module is the process's; nothing else of the site reads CSV.
csv.field_size_limit(CHARACTERS)
_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class _Dialect:
    """How cells are told apart. Without `quoted`, a quotation mark is a character like any other."""

    delimiter: str
    quoted: bool


def read_table(path: Path, file_format: FileFormat) -> Iterator[Row]:
    """The rows below the header. Raises `UnreadableFileError` for what makes the whole file unreadable."""
    dialect = _dialect(path, file_format)
    with Lines(path) as lines:
        cells = _cells(lines, dialect)
        header = _header(cells)
        for number, values in cells:
            problem = _problem(values, header)
            if values is None or problem:
                yield Row(number, None, problem, raw=lines.since_mark.rstrip("\r\n")[:RAW_LENGTH])
            else:
                yield Row(number, dict(zip(header, values, strict=True)))


def _problem(values: list[str] | None, header: list[str]) -> str:
    """Why cells cannot be told by the names of the header; "" where they can."""
    if values is None:
        return _("A quotation mark or a line end stands where none may, or a quotation is not closed.")
    if len(values) == len(header):
        return ""
    sentence = ngettext(
        "This row has %(count)s cell; the header has %(expected)s.",
        "This row has %(count)s cells; the header has %(expected)s.",
        len(values),
    )
    return sentence % {"count": len(values), "expected": len(header)}


def _header(cells: Iterator[tuple[int, list[str] | None]]) -> list[str]:
    number, values = next(cells, (0, []))
    if not values:
        raise UnreadableFileError(_("The first row, with the names of the columns, cannot be read."))
    names = [name.strip() or f"column_{index}" for index, name in enumerate(values, start=1)]
    for name, count in Counter(names).items():
        if count > 1:
            raise UnreadableFileError(
                _(
                    "Line %(line)s names the column “%(name)s” more than once. Give each column a name of its own."
                )
                % {"line": number, "name": excerpt(name)}
            )
    return names


def _cells(lines: Lines, dialect: _Dialect) -> Iterator[tuple[int, list[str] | None]]:
    """The line each row starts on, and its cells; None for a row with broken quotes. Blank lines are left out.

    When a row is given, what `lines` has since its mark is that row.
    """
    if not dialect.quoted:
        lines.mark()
        for line in lines:
            if line.strip("\r\n"):
                yield lines.number, line.rstrip("\r\n").split(dialect.delimiter)
            lines.mark()
        return
    reader = csv.reader(lines, delimiter=dialect.delimiter, strict=True)
    while True:
        lines.mark()
        number = lines.number + 1
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # An open quote swallows what follows: give up this line only, and read on after it.
            lines.step_back()
            yield number, None
        else:
            if values:
                yield number, values


def _dialect(path: Path, file_format: FileFormat) -> _Dialect:
    """Decided by looking at the whole file, because the first odd quote may come late.

    Quotation marks matter only where a cell begins with one. They are then taken as quoting if every row
    can be read so, in a TSV without a row spanning lines unless it has to; otherwise they are taken as
    text if every line has as many cells as the header; otherwise whichever leaves fewer rows unread.
    """
    delimiter = "\t" if file_format is FileFormat.TSV else _delimiter(path)
    plain, quoted = _Dialect(delimiter, quoted=False), _Dialect(delimiter, quoted=True)
    if not _has_quoted_cell(path, delimiter):
        return plain
    plain_rows, plain_bad = _tally(path, plain)
    quoted_rows, quoted_bad = _tally(path, quoted)
    if plain_bad == 0 and (quoted_bad or (file_format is FileFormat.TSV and quoted_rows < plain_rows)):
        return plain
    return quoted if quoted_bad <= plain_bad else plain


def _delimiter(path: Path) -> str:
    """What stands most often in the header, outside quotes; a comma where nothing does."""
    with Lines(path) as lines:
        header = next((line for line in lines if line.strip()), "")
    unquoted = "".join(header.split('"')[::2])
    counts = {delimiter: unquoted.count(delimiter) for delimiter in _DELIMITERS}
    return max(counts, key=lambda delimiter: counts[delimiter])


def _has_quoted_cell(path: Path, delimiter: str) -> bool:
    with Lines(path) as lines:
        for line in lines:
            lines.mark()
            if line.startswith('"') or delimiter + '"' in line:
                return True
    return False


def _tally(path: Path, dialect: _Dialect) -> tuple[int, int]:
    """How many rows a reading finds, and how many of them it cannot take."""
    with Lines(path) as lines:
        cells = _cells(lines, dialect)
        _number, header = next(cells, (0, None))
        width = len(header or ())
        rows = bad = 0
        for _number, values in cells:
            rows += 1
            bad += values is None or len(values) != width
    return rows, bad + (header is None)
