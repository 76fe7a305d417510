"""Which format a file has, by its content first and by its name where the content leaves it open."""

import codecs
import json
from pathlib import Path, PurePath

from django.utils.translation import gettext as _

from annotations.reading.rows import FileFormat, UnreadableFileError

_HEAD = 65_536
_ENDINGS = {
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.TSV,
    ".tab": FileFormat.TSV,
    ".jsonl": FileFormat.JSONL,
    ".ndjson": FileFormat.JSONL,
}
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def detect(path: Path, name: str) -> FileFormat:
    """The format of a file that was called `name`.

    Raises `UnreadableFileError` for an empty file, and for those formats that are often meant to be tables
    but are not, with what to do about each.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if head.startswith(b"PAR1"):
        return FileFormat.PARQUET
    _refuse_other_formats(head)
    first, ending = _first_line(head), PurePath(name).suffix.lower()
    if _is_json_object(first):
        return FileFormat.JSONL
    if ending == ".json" or (ending not in _ENDINGS and first.startswith("[")):
        raise UnreadableFileError(
            _(
                "This is one JSON document. Write one object on each line (JSON Lines) and choose the file again."
            )
        )
    if ending == ".parquet":
        raise UnreadableFileError(no_parquet())
    if ending not in _ENDINGS and first.startswith("{"):
        return FileFormat.JSONL
    found = _ENDINGS.get(ending, FileFormat.CSV)
    return FileFormat.TSV if found is FileFormat.CSV and "\t" in first and "," not in first else found


def no_parquet() -> str:
    """The sentence for a file of which nothing can be read though it should be Parquet."""
    return _(
        "This is no readable Parquet file: it is damaged, or cut short. Write it anew and choose it again."
    )


def _refuse_other_formats(head: bytes) -> None:
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise UnreadableFileError(_("The file is empty. Choose one with a header and at least one row."))
    if head.startswith(b"PK\x03\x04"):
        raise UnreadableFileError(
            _("This is a spreadsheet or a ZIP archive. Save the table as “CSV UTF-8” and choose that file.")
        )
    if head.startswith(b"\x1f\x8b"):
        raise UnreadableFileError(_("This file is compressed. Unpack it first and choose what was in it."))
    if head.startswith(b"%PDF"):
        raise UnreadableFileError(_("This is a PDF. Records come as CSV, TSV, JSON Lines or Parquet."))
    if head.startswith(_UTF_16):
        raise UnreadableFileError(
            _("This file is UTF-16. Save it as UTF-8 (in spreadsheets: “CSV UTF-8”) and choose it again.")
        )


def _first_line(head: bytes) -> str:
    text = head.decode("utf-8-sig", "replace")
    return next((line for line in text.splitlines() if line.strip()), "").strip()


def _is_json_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False
