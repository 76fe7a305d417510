"""The files of `data/`, as a lead would upload them."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from annotations.reading.files import read_rows
from annotations.reading.formats import detect
from annotations.reading.mapping import ColumnMapping, SuggestionSource
from dibt.demo.plans import Source

DATA = Path(__file__).parent / "data"
CHUNK = 64 * 1024


def chunks(source: Source) -> Iterator[bytes]:
    """The bytes of the file, a piece at a time, as they come in an upload."""
    with (DATA / source.file).open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def mapping(source: Source, *, question: str) -> ColumnMapping:
    """From which columns the records are made; the corpus' labels become suggestions only if they are somebody's."""
    suggested = SuggestionSource(path=source.label_column, agent=source.suggested_by)
    return ColumnMapping(
        fields={source.field: source.column},
        external_id=source.id_column,
        suggestions={question: suggested} if source.suggested_by else {},
    )


def right_labels(source: Source) -> Mapping[str, str]:
    """By text, the label that the corpus gives it; empty where it gives none."""
    path = DATA / source.file
    rows = read_rows(path, detect(path, source.file)) if source.label_column else ()
    return {str(row.data[source.column]): str(row.data[source.label_column]) for row in rows if row.data}
