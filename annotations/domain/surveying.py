"""The dry run of an import: its whole file judged against the project as it is, with no effect on it."""

import json
import math
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO

from annotations.domain import uploads
from annotations.domain.ordering import newest_keys
from annotations.models import Import, Record
from annotations.reading.checking import Report, check, judge
from annotations.reading.drafts import Draft, Refusal
from annotations.reading.files import read_rows
from annotations.reading.mapping import ColumnMapping
from annotations.reading.rows import FileFormat
from projects.domain import tasks
from projects.models import Project

REFUSALS_SHOWN = 50
DRAFTS_SHOWN = 3


@dataclass(frozen=True)
class Survey:
    """What a file holds, as of a moment: `edition` of the task, `newest` queue keys of the project.

    The refused rows and the records to make are in the files of `build`.
    """

    build: str
    edition: str
    newest: list[int]
    report: Report

    def to_json(self) -> dict[str, object]:
        """What the page shows of it, and what the commit compares with."""
        report = self.report
        return {
            "build": self.build,
            "edition": self.edition,
            "newest": self.newest,
            "with_suggestion": report.with_suggestion,
            "with_bidi_controls": report.with_bidi_controls,
            "refusals": [
                {"row": refusal.number, "sentences": list(refusal.sentences)}
                for refusal in report.refusals[:REFUSALS_SHOWN]
            ],
            "drafts": [_shown(draft) for draft in report.drafts[:DRAFTS_SHOWN]],
        }


def survey(import_: Import, *, build: str, progress: Callable[[int], None] | None = None) -> Survey:
    """Judge every row and write what would become of it to the files of `build`, in bounded memory: an id and
    a hash are kept of each row and record. Raises UnreadableFileError, and OSError where a file is gone.
    """
    version = tasks.current_schema(import_.project)
    newest = newest_keys(import_.project)
    mapping = ColumnMapping.from_json(import_.mapping)
    rows = read_rows(uploads.source_of(import_), FileFormat(import_.file_format))
    ids, hashes = _known(import_.project)
    judged = judge(rows, mapping, version.schema, known_ids=ids, known_hashes=hashes)
    with (
        open(
            uploads.refused_of(import_, build), "w", encoding="utf-8", newline="", opener=uploads.private
        ) as refused,
        open(uploads.records_of(import_, build), "w", encoding="utf-8", opener=uploads.private) as good,
    ):
        report = check(
            _kept(judged, mapping, good), keep=REFUSALS_SHOWN, refused_to=refused, progress=progress
        )
    return Survey(build, version.edition, newest, report)


def _known(project: Project) -> tuple[Container[str], Container[str]]:
    records = Record.objects.filter(project=project)
    ids = set(records.values_list("external_id", flat=True).iterator())
    hashes = {bytes.fromhex(text) for text in records.values_list("content_hash", flat=True).iterator()}
    return ids, _Hashes(hashes)


@dataclass(frozen=True)
class _Hashes(Container[str]):
    """Hashes at half the size of their hex digits; there may be a million."""

    known: set[bytes]

    def __contains__(self, text: object) -> bool:
        return bytes.fromhex(str(text)) in self.known


def _kept(
    judged: Iterable[Draft | Refusal], mapping: ColumnMapping, good: TextIO
) -> Iterator[Draft | Refusal]:
    for item in judged:
        if isinstance(item, Draft):
            good.write(json.dumps(_record(item, mapping)) + "\n")
        yield item


def _record(draft: Draft, mapping: ColumnMapping) -> dict[str, object]:
    """A draft by the names of the columns of `Record`."""
    return {
        "external_id": draft.external_id,
        "content_hash": draft.content_hash,
        "fields": dict(draft.fields),
        "metadata": {name: _storable(value) for name, value in draft.metadata.items()},
        "suggestions": {
            name: {"value": value, "agent": mapping.suggestions[name].agent}
            for name, value in draft.suggestions.to_json().items()
        },
    }


def _storable(value: object) -> object:
    """JSON has no infinity, which Parquet files can hold."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def _shown(draft: Draft) -> dict[str, object]:
    return {
        "row": draft.number,
        "external_id": draft.external_id,
        "fields": dict(draft.fields),
        "suggestions": draft.suggestions.to_json(),
    }
