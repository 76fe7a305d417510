"""An answer in words, as a person reads it: the titles of the questions and the texts of the options."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from projects.schema.definition import TaskSchema
from projects.schema.questions import (
    LabelQuestion,
    MultiLabelQuestion,
    Question,
    RankingQuestion,
    SpanQuestion,
)
from projects.schema.spans import Span, spans_from_json


def in_words(
    schema: TaskSchema, values: Mapping[str, object], *, fields: Mapping[str, object] | None = None
) -> list[tuple[str, str]]:
    """Pairs of a question's title and what was answered, in the schema's order; open questions are left out.

    `fields` is what the record holds, so that marked words are said; without it, it is said where they are.
    """
    return [
        (question.title, _said(question, values[question.name], fields))
        for question in schema.questions
        if question.name in values
    ]


def _said(question: Question, value: object, fields: Mapping[str, object] | None) -> str:
    if isinstance(question, SpanQuestion):
        return _marks(question, value, question.text_of(fields)) or _("Nothing to mark")
    if isinstance(question, LabelQuestion | MultiLabelQuestion | RankingQuestion):
        texts = {option.value: option.text for option in question.options}
        chosen = value if isinstance(value, list | tuple) else [value]
        said = [texts.get(str(one), str(one)) for one in chosen]
        if isinstance(question, RankingQuestion):
            said = [f"{place}. {text}" for place, text in enumerate(said, start=1)]
        return ", ".join(said)
    return str(value)


def _marks(question: SpanQuestion, value: object, text: str | None) -> str:
    if not isinstance(value, list | tuple):
        return str(value)
    texts = {option.value: option.text for option in question.options}
    return ", ".join(
        f"{_passage(span, text)} ({texts.get(span.label, span.label)})" for span in spans_from_json(value)
    )


def _passage(span: Span, text: str | None) -> str:
    return f"{span.start}–{span.end}" if text is None else f"“{text[span.start : span.end]}”"
