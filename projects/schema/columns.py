"""A release's columns: names and types of one flat table, in the style that Argilla writes.

One row is one record. `{question}.responses`, `.responses.users` and `.responses.status` are lists of equal
length, one entry for each answer; `{question}.suggestion` and `.suggestion.agent` are what a model proposed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

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
)


class ColumnType(StrEnum):
    """Types in Arrow's spelling; the release turns them into Arrow's own."""

    STRING = "string"
    INTEGER = "int64"
    STRINGS = "list<string>"
    INTEGERS = "list<int64>"
    STRING_LISTS = "list<list<string>>"
    SPANS = "list<struct<start: int64, end: int64, label: string>>"
    SPAN_LISTS = "list<list<struct<start: int64, end: int64, label: string>>>"
    CHAT = "list<struct<role: string, content: string>>"


@dataclass(frozen=True)
class Column:
    name: str
    type: ColumnType


def columns(schema: TaskSchema) -> tuple[Column, ...]:
    """The columns of the records' content and of all answers, in the order of the schema.

    The table begins with `id` (the record's external id) and `status` (pending or completed). Metadata
    depends on what was imported, so its columns are for the release to add.
    """
    return (
        Column("id", ColumnType.STRING),
        Column("status", ColumnType.STRING),
        *(Column(field.name, _field_type(field)) for field in schema.fields),
        *(column for question in schema.questions for column in _question_columns(question)),
    )


def _field_type(field: Field) -> ColumnType:
    return ColumnType.CHAT if field.kind is FieldKind.CHAT else ColumnType.STRING


def _question_columns(question: Question) -> Iterator[Column]:
    single, several = _value_types(question)
    yield Column(f"{question.name}.responses", several)
    yield Column(f"{question.name}.responses.users", ColumnType.STRINGS)
    yield Column(f"{question.name}.responses.status", ColumnType.STRINGS)
    yield Column(f"{question.name}.suggestion", single)
    yield Column(f"{question.name}.suggestion.agent", ColumnType.STRING)


def _value_types(question: Question) -> tuple[ColumnType, ColumnType]:
    """The type of one value, and of a list of values."""
    match question:
        case RatingQuestion():
            return ColumnType.INTEGER, ColumnType.INTEGERS
        case LabelQuestion() | TextQuestion():
            return ColumnType.STRING, ColumnType.STRINGS
        case MultiLabelQuestion() | RankingQuestion():
            return ColumnType.STRINGS, ColumnType.STRING_LISTS
        case SpanQuestion():
            return ColumnType.SPANS, ColumnType.SPAN_LISTS
        case _:
            assert_never(question)
