"""Whether a schema can be used: every problem with its place and a sentence."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import assert_never

from django.utils.translation import gettext as _

from dibt.lib.text import control_character, excerpt
from projects.schema import limits
from projects.schema.definition import TaskSchema
from projects.schema.fields import FieldKind
from projects.schema.problem import Problem, ProblemsError
from projects.schema.questions import (
    LabelQuestion,
    MultiLabelQuestion,
    Question,
    RankingQuestion,
    RatingQuestion,
    SpanQuestion,
    TextQuestion,
)
from projects.schema.rule_validity import rule_problems

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class SchemaError(ProblemsError):
    """The schema cannot be used as it is."""


def validate_schema(schema: TaskSchema) -> None:
    """Raises `SchemaError` with every problem of the schema; does nothing for a valid one."""
    if found := problems(schema):
        raise SchemaError(found)


def problems(schema: TaskSchema) -> tuple[Problem, ...]:
    """Everything that keeps a schema from being used, in reading order; empty when it is valid."""
    return (
        *_of_whole(schema),
        *(
            problem
            for index, field in enumerate(schema.fields)
            for problem in _of_named(f"fields[{index}]", field.name, field.title)
        ),
        *(
            problem
            for index, question in enumerate(schema.questions)
            for problem in _of_question(f"questions[{index}]", question, schema)
        ),
        *rule_problems(schema),
    )


def _of_whole(schema: TaskSchema) -> Iterator[Problem]:
    if not any(field.required for field in schema.fields):
        yield Problem("fields", _("At least one required field is needed: something has to be shown."))
    if not any(question.required for question in schema.questions):
        yield Problem("questions", _("At least one required question is needed: something has to be asked."))
    elif all(question.show_if for question in schema.questions if question.required):
        yield Problem(
            "questions",
            _("At least one required question has to be asked always: else an answer could be empty."),
        )
    yield from _too_many("fields", len(schema.fields), limits.FIELDS)
    yield from _too_many("questions", len(schema.questions), limits.QUESTIONS)
    names = Counter(part.name for part in (*schema.fields, *schema.questions))
    for place, parts in (("fields", schema.fields), ("questions", schema.questions)):
        for index, part in enumerate(parts):
            if names[part.name] > 1:
                yield Problem(
                    f"{place}[{index}].name",
                    _("The name “%(name)s” is used more than once; fields and questions share their names.")
                    % {"name": excerpt(part.name)},
                )


def _too_many(place: str, count: int, limit: int) -> Iterator[Problem]:
    if count > limit:
        sentence = _("These are %(count)s; at most %(limit)s are possible.")
        yield Problem(place, sentence % {"count": count, "limit": limit})


def _of_named(place: str, name: str, title: str) -> Iterator[Problem]:
    if not _NAME.fullmatch(name):
        yield Problem(
            f"{place}.name",
            _("A name is made of small letters a–z, digits and underscores, and starts with a letter."),
        )
    yield from _of_text(f"{place}.name", name, limits.NAME_LENGTH)
    yield from _of_text(f"{place}.title", title, limits.TITLE_LENGTH, needed=True)


def _of_text(
    place: str, text: str, limit: int, *, needed: bool = False, lines: bool = False
) -> Iterator[Problem]:
    if needed and not text.strip():
        yield Problem(place, _("This must not be empty."))
    if len(text) > limit:
        sentence = _("This is %(count)s characters long; at most %(limit)s are possible.")
        yield Problem(place, sentence % {"count": len(text), "limit": limit})
    if not lines and not {"\n", "\r", "\t"}.isdisjoint(text):
        yield Problem(place, _("This has to fit on one line, without tabs."))
    if character := control_character(text):
        yield Problem(
            place, _("This holds the control character %(character)s; remove it.") % {"character": character}
        )


def _of_question(place: str, question: Question, schema: TaskSchema) -> Iterator[Problem]:
    yield from _of_named(place, question.name, question.title)
    yield from _of_text(f"{place}.description", question.description, limits.DESCRIPTION_LENGTH, lines=True)
    match question:
        case RatingQuestion():
            yield from _of_rating(place, question)
        case LabelQuestion() | MultiLabelQuestion() | RankingQuestion():
            yield from _of_options(place, question)
        case SpanQuestion():
            yield from _of_marked(f"{place}.field", question, schema)
            yield from _of_options(place, question, least=1)
        case TextQuestion():
            if not 1 <= question.max_length <= limits.ANSWER_LENGTH:
                sentence = _("The longest answer can be set from 1 to %(limit)s characters.")
                yield Problem(f"{place}.max_length", sentence % {"limit": limits.ANSWER_LENGTH})
        case _:
            assert_never(question)


def _of_rating(place: str, question: RatingQuestion) -> Iterator[Problem]:
    if question.min < limits.RATING_LOWEST:
        yield Problem(
            f"{place}.min", _("A rating starts at %(limit)s or above.") % {"limit": limits.RATING_LOWEST}
        )
    if question.max > limits.RATING_HIGHEST:
        yield Problem(
            f"{place}.max", _("A rating ends at %(limit)s or below.") % {"limit": limits.RATING_HIGHEST}
        )
    if not 2 <= len(question.values) <= limits.RATING_VALUES:
        yield Problem(
            f"{place}.max",
            _("A rating has from 2 to %(limit)s values; this one has %(count)s.")
            % {"limit": limits.RATING_VALUES, "count": len(question.values)},
        )
    yield from _of_text(f"{place}.min_label", question.min_label, limits.OPTION_TEXT_LENGTH)
    yield from _of_text(f"{place}.max_label", question.max_label, limits.OPTION_TEXT_LENGTH)


def _of_marked(place: str, question: SpanQuestion, schema: TaskSchema) -> Iterator[Problem]:
    field = schema.field(question.field)
    if field is None:
        yield Problem(place, _("Choose the field whose text is to be marked."))
    elif field.kind is not FieldKind.TEXT:
        sentence = _("Only plain text can be marked, and the field “%(field)s” is of the kind %(kind)s.")
        yield Problem(place, sentence % {"field": excerpt(field.title), "kind": field.kind})


def _of_options(
    place: str,
    question: LabelQuestion | MultiLabelQuestion | RankingQuestion | SpanQuestion,
    *,
    least: int = 2,
) -> Iterator[Problem]:
    place = f"{place}.options"
    if len(question.options) < least:
        few = _("At least two options are needed to choose from.")
        yield Problem(place, few if least > 1 else _("At least one label is needed to mark with."))
    yield from _too_many(place, len(question.options), limits.OPTIONS)
    counts = Counter(question.values)
    for index, option in enumerate(question.options):
        at = f"{place}[{index}].value"
        yield from _of_text(at, option.value, limits.OPTION_VALUE_LENGTH, needed=True)
        if option.value != option.value.strip():
            yield Problem(at, _("A value must not start or end with a space."))
        if counts[option.value] > 1:
            sentence = _("The value “%(value)s” is used by more than one option.")
            yield Problem(at, sentence % {"value": excerpt(option.value)})
        yield from _of_text(f"{place}[{index}].text", option.text, limits.OPTION_TEXT_LENGTH, needed=True)
