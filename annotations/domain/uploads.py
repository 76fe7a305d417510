"""The files of an import, below UPLOAD_DIR: what was uploaded, a sample of it, and what checks made of it.

The name that a client gave its file is never part of a path; only the owner of the process reads any of them.
"""

import json
import os
import shutil
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from annotations.models import Import
from annotations.reading.files import read_rows
from annotations.reading.formats import detect
from annotations.reading.rows import FileFormat, UnreadableFileError
from dibt.lib.errors import ConflictError, TooLargeError

SAMPLE_ROWS = 50
SAMPLE_TEXT = 2_000
SOURCE, SAMPLE = "source", "sample.json"


def folder_of(folder: UUID) -> Path:
    return Path(settings.UPLOAD_DIR) / str(folder)


def receive(folder: UUID, chunks: Iterable[bytes]) -> int:
    """Store what is uploaded, chunk by chunk; returns its size in bytes. What is too large is not kept."""
    place = folder_of(folder)
    place.mkdir(mode=0o700, parents=True)
    size = 0
    try:
        with _opened(place / SOURCE) as file:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.IMPORT_MAX_BYTES:
                    raise TooLargeError(too_large())
                file.write(chunk)
    except OSError as error:
        discard(folder)
        reason = error.strerror or type(error).__name__
        raise ConflictError(_("The file could not be stored: %(reason)s.") % {"reason": reason}) from error
    except TooLargeError:
        discard(folder)
        raise
    return size


def too_large() -> str:
    """The sentence for a file beyond the cap."""
    limit = settings.IMPORT_MAX_BYTES / 1_048_576
    return _(
        "This file is larger than %(limit).4g MB, the most that is taken. Split it and upload the parts."
    ) % {"limit": limit}


def look_into(folder: UUID, name: str) -> FileFormat:
    """The format of the stored file, which was called `name`; its first rows are kept as a sample.

    Raises UnreadableFileError for a file from which nothing can be read.
    """
    source = folder_of(folder) / SOURCE
    file_format = detect(source, name)
    rows = list(islice(read_rows(source, file_format), SAMPLE_ROWS))
    data = [row.data for row in rows if row.data is not None]
    if not rows:
        raise UnreadableFileError(_("There are no rows below the header. Choose a file with at least one."))
    if not data:
        first = {"row": rows[0].number, "problem": rows[0].problem}
        raise UnreadableFileError(_("None of the first rows can be read. Row %(row)s: %(problem)s") % first)
    with _opened(folder_of(folder) / SAMPLE) as file:
        file.write(json.dumps([_clipped(item) for item in data], default=str).encode())
    return file_format


def sample(import_: Import) -> list[dict[str, object]]:
    """The data of the first rows, long texts clipped; empty once the files are gone."""
    try:
        content = (folder_of(import_.folder) / SAMPLE).read_bytes()
    except FileNotFoundError:
        return []
    read: list[dict[str, object]] = json.loads(content)
    return read


def source_of(import_: Import) -> Path:
    return folder_of(import_.folder) / SOURCE


def refused_of(import_: Import, build: str) -> Path:
    """The refused rows of one check, as CSV."""
    return folder_of(import_.folder) / f"{build}.csv"


def records_of(import_: Import, build: str) -> Path:
    """The records that one check would make, one JSON object on each line."""
    return folder_of(import_.folder) / f"{build}.jsonl"


def discard(folder: UUID, *, keeping: Iterable[Path] = ()) -> None:
    """Delete the files of an import but those to keep; nothing to delete is no error."""
    place, kept = folder_of(folder), set(keeping)
    if not kept:
        shutil.rmtree(place, ignore_errors=True)
        return
    for path in place.glob("*"):
        if path not in kept:
            path.unlink(missing_ok=True)


def private(path: str, flags: int) -> int:
    """An opener of files that nobody else may read."""
    return os.open(path, flags, 0o600)


def _opened(path: Path) -> BinaryIO:
    return open(path, "xb", opener=private)


def _clipped(value: object) -> object:
    if isinstance(value, str):
        return value[:SAMPLE_TEXT]
    if isinstance(value, dict):
        return {str(name): _clipped(item) for name, item in value.items()}
    return [_clipped(item) for item in value] if isinstance(value, list) else value
