"""Whether an answer fits a schema. Page, API, Argilla sync and importer all ask here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import gettext as _

from dibt.lib.text import excerpt
from projects.schema.definition import TaskSchema
from projects.schema.problem import Problem, ProblemsError
from projects.schema.questions import Value
from projects.schema.values import ValueRefusedError, canonical_value


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
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in self.values.items()
        }


def validate_answer(schema: TaskSchema, values: object) -> Answer:
    """A complete answer from JSON `{question name: value}`. Raises `AnswerError`, with all problems."""
    answer, problems = _read(schema, values)
    if problems := (*problems, *_missing(schema, answer, problems)):
        raise AnswerError(_in_order(schema, problems))
    return answer


def validate_partial(schema: TaskSchema, values: object) -> Answer:
    """A draft or a model's suggestions: held to the same rules, except that any question may be open."""
    answer, problems = _read(schema, values)
    if problems:
        raise AnswerError(_in_order(schema, problems))
    return answer


def _read(schema: TaskSchema, values: object) -> tuple[Answer, tuple[Problem, ...]]:
    if not isinstance(values, Mapping):
        return Answer({}), (Problem("", _("An answer has a value for each question.")),)
    problems = list(_unknown(schema, values))
    taken: dict[str, Value] = {}
    for question in schema.questions:
        try:
            value = canonical_value(question, values.get(question.name))
        except ValueRefusedError as refusal:
            problems.append(Problem(question.name, f"{question.title}: {refusal}"))
        else:
            taken |= {} if value is None else {question.name: value}
    return Answer(taken), tuple(problems)


def _unknown(schema: TaskSchema, values: Mapping[object, object]) -> Iterator[Problem]:
    names = {question.name for question in schema.questions}
    for name in values:
        if name not in names:
            shown = excerpt(name)
            yield Problem(shown, _("There is no question “%(name)s” in this task.") % {"name": shown})


def _missing(schema: TaskSchema, answer: Answer, problems: tuple[Problem, ...]) -> Iterator[Problem]:
    refused = {problem.place for problem in problems}
    for question in schema.questions:
        if question.required and question.name not in answer.values and not refused & {question.name, ""}:
            sentence = _("“%(title)s” needs an answer.") % {"title": question.title}
            yield Problem(question.name, sentence)


def _in_order(schema: TaskSchema, problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    order = {question.name: index for index, question in enumerate(schema.questions)}
    return tuple(sorted(problems, key=lambda problem: order.get(problem.place, len(order))))
