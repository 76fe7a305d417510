"""The workspace's form: filled with what is known of an answer, and the answer that the browser sends back."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import assert_never

from projects.schema import passages
from projects.schema.answers import Answer, Fields, validate_answer, validate_partial
from projects.schema.asking import Condition, asked, condition, only_asked
from projects.schema.definition import TaskSchema
from projects.schema.problem import Problem
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
from projects.schema.suggestions import Suggestion, fitting
from projects.schema.values import value_to_json
from projects.schema.widgets import NO_SPANS, Form, Widget, WidgetOption

# Question names are free; the prefix keeps them apart from what else a form sends.
PREFIX = "answer."
# The ratings 0 and 10 both end up on the key 0: a scale has ten values at most, so never both on one.
KEYS = "1234567890"
_WHOLE_NUMBER = re.compile("[0-9]{1,2}")

FormData = Mapping[str, Sequence[str]]


def form(
    schema: TaskSchema,
    *,
    data: FormData | None = None,
    suggestions: Mapping[str, Suggestion] | None = None,
    problems: Iterable[Problem] = (),
    fields: Fields | None = None,
) -> Form:
    """The form of a schema, filled with `data` (what was sent, or `form_data` of an answer or draft).

    Without data it begins with the suggestions, and they are marked in any case. Data has the last word, also where
    it is empty: what a person took out stays out. Only a question that was not asked they have not seen, and it begins
    with the suggestion still. `problems` of an `AnswerError` go to the widgets of their questions. `fields`, what the
    record holds, is for the plain form of a span question, which is filled in with its words.
    """
    unseen = _unseen(schema, data) if data else frozenset()
    said: dict[str, list[str]] = {}
    for problem in problems:
        said.setdefault(problem.place, []).append(problem.sentence)
    return Form(
        tuple(
            _widget(
                question,
                data=None if question.name in unseen else data,
                suggestion=fitting(question, (suggestions or {}).get(question.name)),
                problems=tuple(said.get(question.name, ())),
                condition=condition(schema, question),
                fields=fields,
            )
            for question in schema.questions
        )
    )


def _unseen(schema: TaskSchema, data: FormData) -> frozenset[str]:
    """The questions that were not asked when this was sent, nor filled in, as where all are on the page."""
    values = _named_values(schema, data)
    return frozenset(question.name for question in schema.questions) - asked(schema, values) - set(values)


def _widget(
    question: Question,
    *,
    data: FormData | None,
    suggestion: Suggestion | None,
    problems: tuple[str, ...],
    condition: Condition | None,
    fields: Fields | None,
) -> Widget:
    if isinstance(question, SpanQuestion):
        return _span_widget(
            question,
            data=data,
            suggestion=suggestion,
            problems=problems,
            condition=condition,
            fields=fields,
        )
    suggested = _as_sent(suggestion.value if suggestion else None)
    sent = suggested if data is None else data.get(PREFIX + question.name, ())
    is_text, is_ranking = isinstance(question, TextQuestion), isinstance(question, RankingQuestion)
    return Widget(
        question=question,
        input_name=PREFIX + question.name,
        options=tuple(
            WidgetOption(
                value,
                text,
                key,
                chosen=value in sent,
                suggested=value in suggested,
                place=_place(value, sent) if is_ranking else None,
                suggested_place=_place(value, suggested) if is_ranking else None,
            )
            for value, text, key in _choices(question)
        ),
        text="".join(sent[:1]) if is_text else "",
        suggested_text="".join(suggested) if is_text else "",
        problems=problems,
        places=_places(question, sent) if isinstance(question, RankingQuestion) else (),
        suggestion=suggestion,
        begun=data is None and bool(suggested),
        condition=condition,
    )


def _span_widget(
    question: SpanQuestion,
    *,
    data: FormData | None,
    suggestion: Suggestion | None,
    problems: tuple[str, ...],
    condition: Condition | None,
    fields: Fields | None,
) -> Widget:
    text = question.text_of(fields)
    suggested = passages.known(question, suggestion.value if suggestion else None, text)
    sent = suggested
    if data is not None:
        sent = passages.known(question, _value(question, list(data.get(PREFIX + question.name, ()))))
    given = data or {}
    return Widget(
        question=question,
        input_name=PREFIX + question.name,
        options=tuple(WidgetOption(*choice, chosen=False, suggested=False) for choice in _choices(question)),
        text="".join(_as_sent(sent)) or (NO_SPANS if passages.says_nothing(question, given) else ""),
        suggested_text="".join(_as_sent(suggested)),
        problems=problems,
        passages=passages.shown(question, given, sent or (), suggested or (), text or ""),
        suggestion=suggestion if suggested is not None else None,
        begun=data is None and suggested is not None,
        condition=condition,
    )


def _place(value: str, ranked: Sequence[str]) -> int | None:
    return ranked.index(value) + 1 if value in ranked else None


def _places(question: RankingQuestion, sent: Sequence[str]) -> tuple[str, ...]:
    count = len(question.options)
    return (*sent, *[""] * count)[:count]


def _choices(question: Question) -> list[tuple[str, str, str]]:
    """Value, text and key of each thing to choose. A rating's key is its own last digit."""
    match question:
        case RatingQuestion():
            return [(str(value), str(value), str(value % 10)) for value in question.values]
        case LabelQuestion() | MultiLabelQuestion() | RankingQuestion() | SpanQuestion():
            keys = list(KEYS) + [""] * len(question.options)
            return [
                (option.value, option.text, key) for option, key in zip(question.options, keys, strict=False)
            ]
        case TextQuestion():
            return []
        case _:
            assert_never(question)


def answer_from_form(schema: TaskSchema, data: FormData, *, fields: Fields | None = None) -> Answer:
    """The answer in a sent form, equal to the one `validate_answer` reads from JSON.

    Names without the prefix are not ours and are passed over. What stands in questions that are not asked is
    left out: without a script they are all on the page. `fields` is what the record holds, in which the plain form
    of a span question looks up its words. Raises `AnswerError`.
    """
    return validate_answer(schema, only_asked(schema, _values(schema, data, fields)), fields=fields)


def draft_from_form(schema: TaskSchema, data: FormData, *, fields: Fields | None = None) -> Answer:
    """As `answer_from_form`, but any question may still be open. Raises `AnswerError`."""
    return validate_partial(schema, _values(schema, data, fields), fields=fields)


def form_data(answer: Answer) -> dict[str, list[str]]:
    """The form that a browser would send for this answer; `answer_from_form` reads it back."""
    return {PREFIX + name: _as_sent(value) for name, value in answer.values.items()}


def carried_over(
    data: Mapping[str, Sequence[str]], *, old: TaskSchema, new: TaskSchema
) -> dict[str, list[str]]:
    """What of a begun answer to `old`, texts by question name, still means the same in `new`: of a question that is of
    the same kind, and of options those that are still there."""
    kept = {
        question.name: _still_there(question, before, data[question.name])
        for question in new.questions
        if question.name in data and (before := old.question(question.name))
    }
    return {name: texts for name, texts in kept.items() if texts}


def _still_there(question: Question, before: Question, texts: Sequence[str]) -> list[str]:
    if question.kind is not before.kind:
        return []
    if isinstance(question, RatingQuestion) and isinstance(before, RatingQuestion):
        return list(texts) if question.values == before.values else []
    if isinstance(question, LabelQuestion | MultiLabelQuestion | RankingQuestion):
        return [
            text for text in texts if text in question.values or not text
        ]  # "" is a free place of a ranking
    return list(texts)


def _as_sent(value: Value | None) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, tuple):
        return [str(value)]
    texts = [item for item in value if isinstance(item, str)]
    if texts:
        return texts
    return [json.dumps(value_to_json(value), ensure_ascii=False, separators=(",", ":"))]


def _values(schema: TaskSchema, data: FormData, fields: Fields | None) -> dict[str, object]:
    values = _named_values(schema, data)
    return values | passages.written(schema, data, fields, values)


def _named_values(schema: TaskSchema, data: FormData) -> dict[str, object]:
    """What was sent under the names of questions, by these names, as JSON would say it."""
    named = {name.removeprefix(PREFIX): sent for name, sent in data.items() if name.startswith(PREFIX)}
    return {name: _value(schema.question(name), list(sent)) for name, sent in named.items()}


def _value(question: Question | None, sent: list[str]) -> object:
    """What was sent as JSON would say it; what makes no sense is passed on for the validation to refuse."""
    if isinstance(question, MultiLabelQuestion):
        return sent
    if isinstance(question, RankingQuestion):
        # One entry for each place, "" for one that is still free.
        return [value for value in sent if value]
    if len(sent) > 1:
        return sent
    text = "".join(sent)
    if not text.strip():
        return None
    if isinstance(question, SpanQuestion):
        return passages.parsed(text)
    is_rating = isinstance(question, RatingQuestion) and _WHOLE_NUMBER.fullmatch(text)
    return int(text) if is_rating else text
