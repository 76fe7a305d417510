"""Parquet, in batches."""

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

from django.utils.translation import gettext as _

from annotations.reading.formats import no_parquet
from annotations.reading.rows import Row, UnreadableFileError

_BATCH = 1_000


def read_parquet(path: Path) -> Iterator[Row]:
    """The rows of a Parquet file; dates, times and decimals come as text. Raises `UnreadableFileError`."""
    import pyarrow as pa  # heavy, and needed for this format only
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=_BATCH):
                for data in batch.to_pylist():
                    number += 1
                    yield Row(number, {str(name): _plain(value) for name, value in data.items()})
    except (pa.ArrowException, OSError) as error:
        sentence = _(
            "This Parquet file cannot be read beyond row %(row)s. Write it anew and choose it again."
        )
        raise UnreadableFileError(sentence % {"row": number} if number else no_parquet()) from error


def _plain(value: object) -> object:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value
