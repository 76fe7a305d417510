"""The two tables of a release, as Arrow schemas and as rows.

`records` has one row a record: the columns of `projects.schema.columns`, then `metadata`, `num_responses` and
a consensus for each rating and label question. `responses` has one row an answer, as it was given.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, assert_never

from annotations.models import Record
from annotations.releasing import consensus
from annotations.releasing.snapshot import Answered, Item
from projects.schema.columns import ColumnType, columns
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field, FieldKind
from projects.schema.questions import (
    LabelQuestion,
    MultiLabelQuestion,
    Question,
    RankingQuestion,
    RatingQuestion,
    SpanQuestion,
    TextQuestion,
    Value,
)
from projects.schema.values import ValueRefusedError, canonical_value, value_to_json

if TYPE_CHECKING:
    import pyarrow as pa

Row = dict[str, object]
OWN_COLUMNS = frozenset({"id", "status", "metadata", "num_responses"})


def field_column(field: Field) -> str:
    """The column of a field: its name, or `field.<name>` where a column of ours has that name."""
    return f"field.{field.name}" if field.name in OWN_COLUMNS else field.name


def records_schema(schema: TaskSchema) -> "pa.Schema":
    import pyarrow as pa

    types = _arrow_types()
    described = list(columns(schema))
    names = [column.name for column in described]
    names[2 : 2 + len(schema.fields)] = [field_column(field) for field in schema.fields]
    return pa.schema(
        [
            *((name, types[column.type]) for name, column in zip(names, described, strict=True)),
            ("metadata", pa.string()),
            ("num_responses", pa.int64()),
            *_consensus_columns(schema),
        ]
    )


def responses_schema() -> "pa.Schema":
    import pyarrow as pa

    return pa.schema(
        [
            ("response_id", pa.string()),
            ("record_id", pa.string()),
            ("contributor_id", pa.string()),
            ("values", pa.string()),
            ("schema_version", pa.int64()),
            ("guidelines_version", pa.int64()),
            ("submitted_at", pa.timestamp("us", tz="UTC")),
        ]
    )


def record_row(item: Item, schema: TaskSchema, *, overlap: int) -> Row:
    """The row of one record in `records_schema`; it is completed once `overlap` people answered it."""
    row: Row = {
        "id": item.record.external_id,
        "status": "completed" if item.counted >= overlap else "pending",
        "metadata": as_json(item.record.metadata),
        "num_responses": len(item.answers),
    }
    for field in schema.fields:
        row[field_column(field)] = _content(field, item.record.fields.get(field.name))
    for question in schema.questions:
        row |= _question_cells(question, item)
    return row


def response_row(record_id: str, answered: Answered) -> Row:
    """The row of one answer in `responses_schema`."""
    response = answered.response
    guidelines = response.guidelines_version
    return {
        "response_id": str(response.public_id),
        "record_id": record_id,
        "contributor_id": str(response.contributor.public_id),
        "values": as_json(response.values),
        "schema_version": response.schema_version.number,
        "guidelines_version": guidelines.number if guidelines else None,
        "submitted_at": response.submitted_at,
    }


def as_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _question_cells(question: Question, item: Item) -> Row:
    """Who left an optional question open has no entry in its lists, as with Argilla."""
    name = question.name
    given = [entry for entry in item.answers if name in entry.answer.values]
    values = [entry.answer.values[name] for entry in given]
    suggested, agent = _suggestion(question, item.record)
    cells: Row = {
        f"{name}.responses": [value_to_json(value) for value in values],
        f"{name}.responses.users": [str(entry.response.contributor.public_id) for entry in given],
        f"{name}.responses.status": ["submitted"] * len(given),
        f"{name}.suggestion": None if suggested is None else value_to_json(suggested),
        f"{name}.suggestion.agent": agent,
    }
    match question:
        case RatingQuestion():
            cells[f"{name}.mean"] = consensus.mean([value for value in values if isinstance(value, int)])
        case LabelQuestion():
            cells[f"{name}.majority"] = consensus.majority([str(value) for value in values])
        case MultiLabelQuestion() | RankingQuestion() | TextQuestion() | SpanQuestion():
            pass  # no rule says what several of these come to
        case _:
            assert_never(question)
    return cells


def _suggestion(question: Question, record: Record) -> tuple[Value | None, str | None]:
    """What was proposed and by which model or person, unless the released question does not take it."""
    given = record.suggestions.get(question.name, {})
    text = question.text_of(record.fields) if isinstance(question, SpanQuestion) else None
    try:
        value = canonical_value(question, given.get("value"), text=text)
    except ValueRefusedError:
        return None, None
    return value, None if value is None else str(given.get("agent") or "") or None


def _content(field: Field, value: object) -> object:
    """The content of a field; null where an older task filled it with something of another kind."""
    expected = list if field.kind is FieldKind.CHAT else str
    return value if isinstance(value, expected) else None


def _consensus_columns(schema: TaskSchema) -> Iterator[tuple[str, "pa.DataType"]]:
    import pyarrow as pa

    for question in schema.questions:
        if isinstance(question, RatingQuestion):
            yield f"{question.name}.mean", pa.float64()
        if isinstance(question, LabelQuestion):
            yield f"{question.name}.majority", pa.string()


def _arrow_types() -> "dict[ColumnType, pa.DataType]":
    import pyarrow as pa

    strings = pa.list_(pa.string())
    spans = pa.list_(pa.struct([("start", pa.int64()), ("end", pa.int64()), ("label", pa.string())]))
    return {
        ColumnType.STRING: pa.string(),
        ColumnType.INTEGER: pa.int64(),
        ColumnType.STRINGS: strings,
        ColumnType.INTEGERS: pa.list_(pa.int64()),
        ColumnType.STRING_LISTS: pa.list_(strings),
        ColumnType.SPANS: spans,
        ColumnType.SPAN_LISTS: pa.list_(spans),
        ColumnType.CHAT: pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())])),
    }
