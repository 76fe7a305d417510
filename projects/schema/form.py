"""The workspace's form: the widgets of a schema, and the answer that the browser sends back."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from projects.schema.answers import Answer, validate_answer, validate_partial
from projects.schema.definition import TaskSchema
from projects.schema.problem import Problem
from projects.schema.questions import (
    LabelQuestion,
    MultiLabelQuestion,
    Question,
    QuestionKind,
    RankingQuestion,
    RatingQuestion,
    TextQuestion,
    Value,
)

# Question names are free; the prefix keeps them apart from what else a form sends.
PREFIX = "answer."
# The ratings 0 and 10 both end up on the key 0: a scale has ten values at most, so never both on one.
KEYS = "1234567890"
_WHOLE_NUMBER = re.compile("[0-9]{1,2}")

FormData = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class WidgetOption:
    """One radio button, check box or thing to rank; `key` is the digit that chooses it, or "".

    `place` and `suggested_place` are those in a ranking, 1 for the best; None outside of one.
    """

    value: str
    text: str
    key: str
    chosen: bool
    suggested: bool
    place: int | None = None
    suggested_place: int | None = None


@dataclass(frozen=True)
class Widget:
    """One question as the page needs it; `options` is empty for a text, `text` for the others.

    `places` are those of a ranking, the best first: each is the value of the option that stands there, or "".
    """

    question: Question
    input_name: str
    options: tuple[WidgetOption, ...]
    text: str
    suggested_text: str
    problems: tuple[str, ...]
    places: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.question.name

    @property
    def kind(self) -> QuestionKind:
        return self.question.kind

    @property
    def title(self) -> str:
        return self.question.title

    @property
    def description(self) -> str:
        return self.question.description

    @property
    def is_suggested(self) -> bool:
        """Whether an option is marked as suggested."""
        return any(option.suggested for option in self.options)

    @property
    def required(self) -> bool:
        return self.question.required


@dataclass(frozen=True)
class Form:
    """The widgets in order.

    Keys belong to the question that is current: with one question always that one (`one_key` says that a
    key alone is the whole answer); with several the one that has the focus, from the first open one on.
    """

    widgets: tuple[Widget, ...]

    @property
    def one_key(self) -> bool:
        return len(self.widgets) == 1 and self.widgets[0].kind in {QuestionKind.RATING, QuestionKind.LABEL}


def form(
    schema: TaskSchema,
    *,
    data: FormData | None = None,
    suggestions: Mapping[str, Value] | None = None,
    problems: Iterable[Problem] = (),
) -> Form:
    """The form of a schema, filled with `data` (what was sent, or `form_data` of an answer).

    Suggestions are marked, never chosen: choosing is the person's part. `problems` of an `AnswerError`
    go to the widgets of their questions.
    """
    said: dict[str, list[str]] = {}
    for problem in problems:
        said.setdefault(problem.place, []).append(problem.sentence)
    return Form(
        tuple(
            _widget(
                question,
                sent=(data or {}).get(PREFIX + question.name, ()),
                suggested=_as_sent((suggestions or {}).get(question.name)),
                problems=tuple(said.get(question.name, ())),
            )
            for question in schema.questions
        )
    )


def _widget(
    question: Question, *, sent: Sequence[str], suggested: Sequence[str], problems: tuple[str, ...]
) -> Widget:
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
        case LabelQuestion() | MultiLabelQuestion() | RankingQuestion():
            keys = list(KEYS) + [""] * len(question.options)
            return [
                (option.value, option.text, key) for option, key in zip(question.options, keys, strict=False)
            ]
        case TextQuestion():
            return []
        case _:
            assert_never(question)


def answer_from_form(schema: TaskSchema, data: FormData) -> Answer:
    """The answer in a sent form, equal to the one `validate_answer` reads from JSON.

    Names without the prefix are not ours and are passed over. Raises `AnswerError`.
    """
    return validate_answer(schema, _values(schema, data))


def draft_from_form(schema: TaskSchema, data: FormData) -> Answer:
    """As `answer_from_form`, but any question may still be open. Raises `AnswerError`."""
    return validate_partial(schema, _values(schema, data))


def form_data(answer: Answer) -> dict[str, list[str]]:
    """The form that a browser would send for this answer; `answer_from_form` reads it back."""
    return {PREFIX + name: _as_sent(value) for name, value in answer.values.items()}


def _as_sent(value: Value | None) -> list[str]:
    if value is None:
        return []
    return list(value) if isinstance(value, tuple) else [str(value)]


def _values(schema: TaskSchema, data: FormData) -> dict[str, object]:
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
    if isinstance(question, RatingQuestion) and _WHOLE_NUMBER.fullmatch(text):
        return int(text)
    return text
