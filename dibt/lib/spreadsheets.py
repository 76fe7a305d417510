"""CSV that is opened in a spreadsheet, where a cell can be a formula."""

import csv
from collections.abc import Iterable
from typing import TextIO

# What spreadsheets take for the beginning of a formula (OWASP, CSV injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(value: object) -> object:
    """The value as a cell that shows as it is: a text that could be a formula gets an apostrophe in front."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


class SafeCsvWriter:
    """Writes CSV in which no cell is a formula. Open the file with `newline=""`."""

    def __init__(self, file: TextIO) -> None:
        self._writer = csv.writer(file)

    def write(self, cells: Iterable[object]) -> None:
        self._writer.writerow([safe_cell(cell) for cell in cells])
