"""Argilla's dataset settings: a release's `.argilla/settings.json`, as `rg.Settings.from_json` reads it."""

from collections.abc import Iterable
from typing import assert_never

from projects.schema.asking import alternatives, condition
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

GUIDELINES_LENGTH = 10_000
DESCRIPTION_LENGTH = 1_000


def settings(
    schema: TaskSchema, *, guidelines: str = "", overlap: int = 1, metadata: Iterable[str] = ()
) -> dict[str, object]:
    """The dataset's settings; `overlap` is how many submitted responses complete a record.

    Argilla refuses empty guidelines and more than 10,000 characters of them, so empty ones become null and
    longer ones are cut; metadata keys become free terms.
    """
    return {
        "guidelines": guidelines[:GUIDELINES_LENGTH] or None,
        "allow_extra_metadata": True,
        "distribution": {"strategy": "overlap", "min_submitted": overlap},
        "fields": [_field(field) for field in schema.fields],
        "questions": [_question(schema, question) for question in schema.questions],
        "metadata": [_metadata(name) for name in metadata],
        "vectors": [],
    }


def dataset(name: str) -> dict[str, object]:
    """The file `.argilla/dataset.json` that belongs beside the settings."""
    return {
        "id": None,
        "inserted_at": None,
        "updated_at": None,
        "name": name,
        "status": "draft",
        "guidelines": None,
        "allow_extra_metadata": True,
        "distribution": None,
        "workspace_id": None,
        "last_activity_at": None,
    }


def _field(field: Field) -> dict[str, object]:
    return {
        "name": field.name,
        "title": field.title,
        "required": field.required,
        "settings": _field_settings(field),
    }


def _field_settings(field: Field) -> dict[str, object]:
    if field.kind is FieldKind.IMAGE:
        return {"type": "image"}
    kind = "chat" if field.kind is FieldKind.CHAT else "text"
    return {"type": kind, "use_markdown": field.kind is not FieldKind.TEXT}


def _question(schema: TaskSchema, question: Question) -> dict[str, object]:
    """Argilla knows no rules: it asks everything, so that the description has to say when, and none is required."""
    return {
        "name": question.name,
        "title": question.title,
        "description": _description(schema, question) or None,
        "required": question.required and question.show_if is None,
        "settings": _question_settings(question),
    }


def _description(schema: TaskSchema, question: Question) -> str:
    when = condition(schema, question)
    if when is None:
        return question.description
    said = f"Only if “{when.title}” is answered with {alternatives(when.answers)}."
    return " ".join(part for part in (said, question.description) if part)[:DESCRIPTION_LENGTH]


def _question_settings(question: Question) -> dict[str, object]:
    match question:
        case RatingQuestion():
            return {"type": "rating", "options": [{"value": value} for value in question.values]}
        case LabelQuestion():
            return {"type": "label_selection", "options": _options(question), "visible_options": None}
        case MultiLabelQuestion():
            return {
                "type": "multi_label_selection",
                "options": _options(question),
                "visible_options": None,
                "options_order": "natural",
            }
        case RankingQuestion():
            return {"type": "ranking", "options": _options(question)}
        case TextQuestion():
            return {"type": "text", "use_markdown": False}
        case SpanQuestion():
            return {
                "type": "span",
                "field": question.field,
                "options": _options(question),
                "allow_overlapping": question.allow_overlapping,
                "visible_options": None,
            }
        case _:
            assert_never(question)


def _options(
    question: LabelQuestion | MultiLabelQuestion | RankingQuestion | SpanQuestion,
) -> list[dict[str, object]]:
    return [{"value": option.value, "text": option.text, "description": None} for option in question.options]


def _metadata(name: str) -> dict[str, object]:
    return {
        "name": name,
        "title": name,
        "visible_for_annotators": True,
        "settings": {"type": "terms", "values": None},
    }
