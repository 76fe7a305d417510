"""A whole file judged row by row: what would be taken, what is refused and why."""

import json
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TextIO

from django.utils.translation import gettext as _

from annotations.reading.drafts import Draft, Reason, Refusal, apply
from annotations.reading.mapping import ColumnMapping
from annotations.reading.rows import Row
from dibt.lib.spreadsheets import SafeCsvWriter
from dibt.lib.text import excerpt
from projects.schema import limits
from projects.schema.definition import TaskSchema

_PROGRESS_ROWS = 500


@dataclass(frozen=True)
class Report:
    """What a file holds. `reasons` counts the rows refused for each; `refusals` and `drafts` are the first ones."""

    rows: int
    good: int
    refused: int
    with_suggestion: int
    with_bidi_controls: int
    reasons: Mapping[Reason, int]
    refusals: tuple[Refusal, ...]
    drafts: tuple[Draft, ...]


def judge(
    rows: Iterable[Row],
    mapping: ColumnMapping,
    schema: TaskSchema,
    *,
    known_ids: Container[str] = (),
    known_hashes: Container[str] = (),
    max_length: int = limits.FIELD_LENGTH,
) -> Iterator[Draft | Refusal]:
    """Each row as a draft or a refusal, in order; of rows with one id or one content, only the first is a draft.

    `known_ids` and `known_hashes` are those of the records that are there already. What is kept in memory
    is an id and a hash for each row.
    """
    ids: dict[str, int] = {}
    hashes: dict[bytes, int] = {}
    for row in rows:
        judged = apply(mapping, schema, row, max_length=max_length)
        if isinstance(judged, Draft):
            fingerprint = bytes.fromhex(judged.content_hash)
            repeated = _repeated(judged, ids.get(judged.external_id), hashes.get(fingerprint))
            repeated = repeated or _already_there(judged, known_ids, known_hashes)
            if repeated:
                judged = Refusal(row.number, repeated, row.data)
            else:
                ids[judged.external_id] = hashes[fingerprint] = row.number
        yield judged


def check(
    judged: Iterable[Draft | Refusal],
    *,
    keep: int = 50,
    refused_to: TextIO | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """The report of judged rows, read as a stream; the first `keep` refusals and drafts are in it.

    All refusals are written to `refused_to` as CSV (open it with `newline=""`). `progress` is called with
    the number of rows done every few hundred rows.
    """
    reasons: Counter[Reason] = Counter()
    refusals: list[Refusal] = []
    drafts: list[Draft] = []
    counts: Counter[str] = Counter()
    out = RefusedRows(refused_to) if refused_to else None
    rows = 0
    for rows, item in enumerate(judged, start=1):
        if isinstance(item, Refusal):
            counts["refused"] += 1
            reasons.update(item.reasons.keys())
            refusals += [item] if len(refusals) < keep else []
            if out:
                out.write(item)
        else:
            counts["suggestion"] += bool(item.suggestions.values)
            counts["bidi"] += item.bidi_controls > 0
            drafts += [item] if len(drafts) < keep else []
        if progress and rows % _PROGRESS_ROWS == 0:
            progress(rows)
    return Report(
        rows=rows,
        good=rows - counts["refused"],
        refused=counts["refused"],
        with_suggestion=counts["suggestion"],
        with_bidi_controls=counts["bidi"],
        reasons=dict(reasons),
        refusals=tuple(refusals),
        drafts=tuple(drafts),
    )


class RefusedRows:
    """The refused rows as CSV for the person who has to mend them: line, reasons, and the row as JSON.

    A row that could not be read stands there as the file has it, cut to `RAW_LENGTH` characters.
    """

    def __init__(self, file: TextIO) -> None:
        self._writer = SafeCsvWriter(file)
        self._writer.write([_("row"), _("reasons"), _("content")])

    def write(self, refusal: Refusal) -> None:
        data, content = refusal.data, refusal.raw
        if data is not None:
            content = json.dumps(data, ensure_ascii=False, default=str)
        # A lone surrogate, which JSON can spell, could not be written as UTF-8.
        content = content.encode("utf-8", "backslashreplace").decode("utf-8")
        self._writer.write([refusal.number, " ".join(refusal.sentences), content])


def _repeated(draft: Draft, same_id: int | None, same_content: int | None) -> dict[Reason, tuple[str, ...]]:
    if same_content is not None and (same_id is None or same_id == same_content):
        sentence = _("The content is the same as that of row %(row)s; it is taken once.")
        return {Reason.DUPLICATE_CONTENT: (sentence % {"row": same_content},)}
    if same_id is not None:
        sentence = _("The id “%(id)s” is also that of row %(row)s. Each row needs an id of its own.")
        return {Reason.DUPLICATE_ID: (sentence % {"id": excerpt(draft.external_id), "row": same_id},)}
    return {}


def _already_there(
    draft: Draft, known_ids: Container[str], known_hashes: Container[str]
) -> dict[Reason, tuple[str, ...]]:
    if draft.external_id in known_ids:
        sentence = _("The project already has a record with the id “%(id)s”.")
        return {Reason.ALREADY_THERE: (sentence % {"id": excerpt(draft.external_id)},)}
    if draft.content_hash in known_hashes:
        return {Reason.ALREADY_THERE: (_("The project already has a record with this content."),)}
    return {}
