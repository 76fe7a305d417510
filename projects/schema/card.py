"""The part of a dataset card that says what the records hold and what was asked about them.

A card is read by everybody on the Hub, whatever language its publisher's screen had: its own words are
English.
"""

import re
from typing import assert_never

from projects.schema.definition import TaskSchema
from projects.schema.fields import Field, FieldKind
from projects.schema.questions import (
    LabelQuestion,
    MultiLabelQuestion,
    Question,
    RankingQuestion,
    RatingQuestion,
    TextQuestion,
)

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_FIELD_KINDS = {
    FieldKind.TEXT: "text",
    FieldKind.MARKDOWN: "Markdown",
    FieldKind.CHAT: "chat: a list of turns with `role` and `content`",
}


def description(schema: TaskSchema) -> str:
    """Markdown with third-level headings, Fields and Questions; titles and labels come out as plain text."""
    lines = ["### Fields", "", *map(_field, schema.fields), "", "### Questions"]
    for question in schema.questions:
        lines += ["", *_question(question)]
    return "\n".join(lines) + "\n"


def as_text(text: str) -> str:
    """A text on one line that Markdown shows as it is."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _field(field: Field) -> str:
    optional = "" if field.required else ", optional"
    return f"- `{field.name}`: {as_text(field.title)} ({_FIELD_KINDS[field.kind]}{optional})"


def _question(question: Question) -> list[str]:
    optional = "" if question.required else ", optional"
    lines = [f"- `{question.name}`: {as_text(question.title)} ({_kind(question)}{optional})"]
    if question.description:
        lines.append(f"  {as_text(question.description)}")
    if isinstance(question, LabelQuestion | MultiLabelQuestion | RankingQuestion):
        lines += [f"  - {_code(option.value)}: {as_text(option.text)}" for option in question.options]
    return lines


def _code(value: str) -> str:
    if "`" not in value:
        return f"`{value}`"
    fence = "`" * (max(map(len, re.findall("`+", value))) + 1)
    return f"{fence} {value} {fence}"


def _kind(question: Question) -> str:
    match question:
        case RatingQuestion():
            ends = [_end(question.min, question.min_label), _end(question.max, question.max_label)]
            return f"rating from {' to '.join(ends)}"
        case LabelQuestion():
            return "one label"
        case MultiLabelQuestion():
            return "one or more labels"
        case RankingQuestion():
            return "all options in an order, best first"
        case TextQuestion():
            return f"text of at most {question.max_length:,} characters"
        case _:
            assert_never(question)


def _end(value: int, label: str) -> str:
    return f"{value} ({as_text(label)})" if label else str(value)
