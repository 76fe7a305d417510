"""One door to every format."""

from collections.abc import Iterator
from pathlib import Path

from annotations.reading.json_lines import read_json_lines
from annotations.reading.parquet import read_parquet
from annotations.reading.rows import FileFormat, Row
from annotations.reading.tables import read_table


def read_rows(path: Path, file_format: FileFormat) -> Iterator[Row]:
    """The rows of a file as a stream, in memory bounded by the longest row.

    A row that cannot be read comes with its problem. Raises `UnreadableFileError`, possibly after some rows,
    for what makes the file as a whole unreadable: a byte that is not UTF-8, a line without end.
    """
    match file_format:
        case FileFormat.CSV | FileFormat.TSV:
            return read_table(path, file_format)
        case FileFormat.JSONL:
            return read_json_lines(path)
        case FileFormat.PARQUET:
            return read_parquet(path)
