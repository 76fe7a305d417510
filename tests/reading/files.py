"""Small files and a mapping for the tests."""

from pathlib import Path

from annotations.reading.files import read_rows
from annotations.reading.mapping import ColumnMapping
from annotations.reading.rows import FileFormat, Row
from projects.schema.presets import PRESETS, Preset

EXCERPTS = Path(__file__).resolve().parents[2] / "dibt" / "demo" / "data"


def start(key: str) -> Preset:
    return next(preset for preset in PRESETS if preset.key == key)


CLASSIFICATION = start("text_classification").schema
TEXT_ONLY = ColumnMapping(fields={"text": "text"})


def written(folder: Path, content: str | bytes, name: str = "records") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def rows_of(folder: Path, content: str | bytes, file_format: FileFormat = FileFormat.CSV) -> list[Row]:
    return list(read_rows(written(folder, content), file_format))


def row(number: int = 2, **data: object) -> Row:
    return Row(number, data)
