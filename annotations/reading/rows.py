"""What reading a file gives: its rows, or why it cannot be read at all."""

from dataclasses import dataclass
from enum import StrEnum

from dibt.lib.errors import InvalidError

# How much of a row that cannot be read is kept, for the person who has to find and mend it.
RAW_LENGTH = 2_000
# No line and no cell may be longer; this is what bounds the memory that reading takes.
CHARACTERS = 1_000_000


class FileFormat(StrEnum):
    CSV = "csv"
    TSV = "tsv"
    JSONL = "jsonl"
    PARQUET = "parquet"


class UnreadableFileError(InvalidError):
    """The file as a whole cannot be read; the message says why, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its values by column, or the sentence that says why it has none.

    `number` is the line the row starts on, counted from 1 with the header; of a Parquet file, which has no
    lines, it is the row's position counted from 1. `raw` is a row that could not be read as the file has it,
    up to `RAW_LENGTH` characters.
    """

    number: int
    data: dict[str, object] | None
    problem: str | None = None
    raw: str = ""
