"""The part of a dataset card that says what the records hold and what was asked about them.

A card is read by everybody on the Hub, whatever language its publisher's screen had: its own words are
English.
"""

import re
from typing import assert_never

from projects.schema.asking import alternatives
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

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_FIELD_KINDS = {
    FieldKind.TEXT: "text",
    FieldKind.MARKDOWN: "Markdown",
    FieldKind.CHAT: "chat: a list of turns with `role` and `content`",
    FieldKind.IMAGE: "image: its address",
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
    said = f"{_kind(question)}{optional}{_condition(question)}"
    lines = [f"- `{question.name}`: {as_text(question.title)} ({said})"]
    if question.description:
        lines.append(f"  {as_text(question.description)}")
    if isinstance(question, LabelQuestion | MultiLabelQuestion | RankingQuestion | SpanQuestion):
        lines += [f"  - {_code(option.value)}: {as_text(option.text)}" for option in question.options]
    return lines


def _condition(question: Question) -> str:
    rule = question.show_if
    if rule is None:
        return ""
    answers = tuple(str(value) if isinstance(value, int) else _code(value) for value in rule.values)
    return f", asked only if `{rule.question}` is {alternatives(answers)}"


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
        case SpanQuestion():
            alone = "may overlap" if question.allow_overlapping else "do not overlap"
            return f"marks in the text of `{question.field}`, each with a label; marks {alone}"
        case _:
            assert_never(question)


def _end(value: int, label: str) -> str:
    return f"{value} ({as_text(label)})" if label else str(value)
