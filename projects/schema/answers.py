"""Whether an answer fits a schema. Page, API, Argilla sync and importer all ask here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import TypeAlias

from django.utils.translation import gettext as _

from dibt.lib.text import excerpt
from projects.schema.asking import asked, condition
from projects.schema.definition import TaskSchema
from projects.schema.problem import Problem, ProblemsError
from projects.schema.questions import Question, SpanQuestion, Value
from projects.schema.values import ValueRefusedError, canonical_value, value_to_json

# The content of a record by the names of its fields.
Fields: TypeAlias = Mapping[str, object]

MOST_UNKNOWN = 10  # named in a refusal: somebody may send thousands


class AnswerError(ProblemsError):
    """The answer does not fit the schema; the place of each problem is the question's name."""


@dataclass(frozen=True)
class Answer:
    """Canonical values by question name, in the schema's order; an open question is absent."""

    values: Mapping[str, Value]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))

    def to_json(self) -> dict[str, object]:
        """What is stored and sent; `validate_answer` reads it back as an equal answer."""
        return {name: value_to_json(value) for name, value in self.values.items()}


def validate_answer(schema: TaskSchema, values: object, *, fields: Fields | None = None) -> Answer:
    """A complete answer from JSON `{question name: value}`. Raises `AnswerError`, with all problems.

    Of the questions with a rule (`show_if`), those that are asked after the other answers belong to it and the
    others do not. `fields`: what the answered record holds, where it is known; marks are held to the length of its
    text.
    """
    answer, problems = _read(schema, values, fields)
    if problems := (*problems, *_of_whole(schema, answer, problems)):
        raise AnswerError(_in_order(schema, problems))
    return answer


def validate_partial(schema: TaskSchema, values: object, *, fields: Fields | None = None) -> Answer:
    """A draft or a model's suggestions: held to the same rules, except that any question may be open, and that
    one may be answered which would not be asked: who writes or proposes may still come to it."""
    answer, problems = _read(schema, values, fields)
    if problems:
        raise AnswerError(_in_order(schema, problems))
    return answer


def _read(schema: TaskSchema, values: object, fields: Fields | None) -> tuple[Answer, tuple[Problem, ...]]:
    if not isinstance(values, Mapping):
        return Answer({}), (Problem("", _("An answer has a value for each question.")),)
    problems = list(islice(_unknown(schema, values), MOST_UNKNOWN))
    taken: dict[str, Value] = {}
    for question in schema.questions:
        try:
            value = canonical_value(question, values.get(question.name), text=_marked(question, fields))
        except ValueRefusedError as refusal:
            problems.append(Problem(question.name, f"{question.title}: {refusal}"))
        else:
            taken |= {} if value is None else {question.name: value}
    return Answer(taken), tuple(problems)


def _marked(question: Question, fields: Fields | None) -> str | None:
    return question.text_of(fields) if isinstance(question, SpanQuestion) else None


def _unknown(schema: TaskSchema, values: Mapping[object, object]) -> Iterator[Problem]:
    names = {question.name for question in schema.questions}
    for name in values:
        if name not in names:
            shown = excerpt(name)
            yield Problem(shown, _("There is no question “%(name)s” in this task.") % {"name": shown})


def _of_whole(schema: TaskSchema, answer: Answer, problems: tuple[Problem, ...]) -> Iterator[Problem]:
    """What is missing, and what is not asked; silent about questions whose turn depends on a refused value."""
    undecided = {problem.place for problem in problems}
    if "" in undecided:
        return
    names = asked(schema, answer.values)
    for question in schema.questions:
        if question.show_if and question.show_if.question in undecided:
            undecided.add(question.name)
        if question.name in undecided:
            continue
        if question.name not in names and question.name in answer.values:
            yield Problem(question.name, _not_asked(schema, question))
        if question.name in names and question.required and question.name not in answer.values:
            sentence = _("“%(title)s” needs an answer.") % {"title": question.title}
            yield Problem(question.name, sentence)


def _not_asked(schema: TaskSchema, question: Question) -> str:
    when = condition(schema, question)
    sentence = _("“%(title)s” is asked only if “%(other)s” is answered with: %(answers)s. Leave it out.")
    named = {"other": when.title, "answers": when.listed} if when else {"other": "", "answers": ""}
    return sentence % ({"title": question.title} | named)


def _in_order(schema: TaskSchema, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    order = {question.name: index for index, question in enumerate(schema.questions)}
    return tuple(sorted(problems, key=lambda problem: order.get(problem.place, len(order))))
