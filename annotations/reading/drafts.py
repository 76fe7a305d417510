"""A row of a file as the record it would become, or the reasons why it cannot become one."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

from django.utils.translation import gettext as _

from annotations.reading.mapping import ColumnMapping
from annotations.reading.paths import is_chat, value_at
from annotations.reading.rows import Row
from annotations.reading.suggested_values import as_value
from dibt.lib.text import bidi_controls, content_hash, control_character, excerpt
from projects.schema import limits
from projects.schema.answers import Answer, validate_partial
from projects.schema.definition import TaskSchema
from projects.schema.fields import FieldKind, FieldValue
from projects.schema.problem import Problem, ProblemsError
from projects.schema.records import validate_fields

Part = TypeVar("Part")

ID_LENGTH = 200
METADATA_LENGTH = 10_000


class Reason(StrEnum):
    """What kind of thing was wrong with a refused row."""

    UNREADABLE = "unreadable"
    FIELD = "field"
    SUGGESTION = "suggestion"
    METADATA = "metadata"
    EXTERNAL_ID = "external-id"
    DUPLICATE_ID = "duplicate-id"
    DUPLICATE_CONTENT = "duplicate-content"
    ALREADY_THERE = "already-there"


@dataclass(frozen=True, slots=True)
class Draft:
    """A record that can be imported; texts are exactly as the file has them.

    `content_hash` compares content in normal form C (see `dibt.lib.text`). `bidi_controls` is how many
    characters of the fields force the direction of others: shown isolated they do no harm, but somebody
    should know.
    """

    number: int
    external_id: str
    fields: Mapping[str, FieldValue]
    metadata: Mapping[str, object]
    suggestions: Answer
    content_hash: str
    bidi_controls: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that cannot be imported: what was wrong, in sentences, and the row's data, or `raw` if unreadable."""

    number: int
    reasons: Mapping[Reason, tuple[str, ...]]
    data: Mapping[str, object] | None = field(default=None, repr=False)
    raw: str = field(default="", repr=False)

    @property
    def sentences(self) -> tuple[str, ...]:
        return tuple(sentence for sentences in self.reasons.values() for sentence in sentences)

    def __str__(self) -> str:
        sentence = _("Row %(row)s: %(reasons)s")
        return sentence % {"row": self.number, "reasons": " ".join(self.sentences)}


def apply(
    mapping: ColumnMapping, schema: TaskSchema, row: Row, *, max_length: int = limits.FIELD_LENGTH
) -> Draft | Refusal:
    """The draft of a row, or its refusal with every reason. `max_length` caps a field, in code points."""
    data = row.data
    if data is None:
        return Refusal(row.number, {Reason.UNREADABLE: (row.problem or "",)}, raw=row.raw)
    reasons: dict[Reason, tuple[str, ...]] = {}
    content = _content(mapping, schema, data)
    fields = _try(reasons, Reason.FIELD, lambda: validate_fields(schema, content, max_length=max_length))
    answers = {name: _suggested(mapping, schema, name, data) for name in mapping.suggestions}
    suggestions = _try(reasons, Reason.SUGGESTION, lambda: validate_partial(schema, answers, fields=fields))
    metadata = _try(reasons, Reason.METADATA, lambda: _metadata(mapping, data))
    external_id = _try(reasons, Reason.EXTERNAL_ID, lambda: _external_id(mapping, data))
    if fields is None or suggestions is None or metadata is None or external_id is None:
        return Refusal(row.number, reasons, data)
    fingerprint = content_hash(fields)
    return Draft(
        number=row.number,
        external_id=external_id or fingerprint,
        fields=fields,
        metadata=metadata,
        suggestions=suggestions,
        content_hash=fingerprint,
        bidi_controls=sum(bidi_controls(text) for text in _texts(fields)),
    )


def _try(reasons: dict[Reason, tuple[str, ...]], reason: Reason, read: Callable[[], Part]) -> Part | None:
    try:
        return read()
    except ProblemsError as refusal:
        reasons[reason] = tuple(problem.sentence for problem in refusal.problems)
        return None


def _content(mapping: ColumnMapping, schema: TaskSchema, data: Mapping[str, object]) -> dict[str, object]:
    content = {name: value_at(data, path) for name, path in mapping.fields.items() if path}
    for name, value in content.items():
        field_ = schema.field(name)
        if field_ and field_.kind is FieldKind.CHAT:
            content[name] = _turns(value)
    return content


def _turns(value: object) -> object:
    """A chat as it is validated: parsed where a table holds it as JSON, each turn without what else it says."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return value
    if not is_chat(value):
        return value
    return [{"role": turn["role"], "content": turn["content"]} for turn in value]


def _suggested(mapping: ColumnMapping, schema: TaskSchema, name: str, data: Mapping[str, object]) -> object:
    question, cell = schema.question(name), value_at(data, mapping.suggestions[name].path)
    return as_value(question, cell) if question else cell


def _metadata(mapping: ColumnMapping, data: Mapping[str, object]) -> dict[str, object]:
    """Numbers, true and false as they are, anything nested as JSON text; a missing value is left out."""
    metadata: dict[str, object] = {}
    for name, path in mapping.metadata.items():
        value = value_at(data, path)
        if isinstance(value, list | dict):
            value = json.dumps(value, ensure_ascii=False, default=str)
        if isinstance(value, str):
            _check_cell(path, value, METADATA_LENGTH)
        elif not isinstance(value, int | float | None):
            value = str(value)
        if value is not None and value == value:  # noqa: PLR0124  NaN, a data frame's gap, is not equal to itself
            metadata[name] = value
    return metadata


def _external_id(mapping: ColumnMapping, data: Mapping[str, object]) -> str:
    """The id of the row; "" where the mapping has no column for it."""
    if not mapping.external_id:
        return ""
    value = value_at(data, mapping.external_id)
    text = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not text:
        raise _refused(_("There is no id in the column “%(column)s”."), mapping.external_id)
    _check_cell(mapping.external_id, text, ID_LENGTH)
    return text


def _check_cell(path: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise _refused(_("The column “%(column)s” holds more than %(limit)s characters."), path, limit=limit)
    if character := control_character(text):
        sentence = _("The column “%(column)s” holds the control character %(character)s; remove it.")
        raise _refused(sentence, path, character=character)


def _refused(sentence: str, path: str, **values: object) -> ProblemsError:
    column = excerpt(path)
    return ProblemsError((Problem(column, sentence % {"column": column, **values}),))


def _texts(fields: Mapping[str, FieldValue]) -> Iterator[str]:
    for value in fields.values():
        if isinstance(value, str):
            yield value
        else:
            yield from (turn["content"] for turn in value)
