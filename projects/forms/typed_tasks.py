"""A task as somebody is typing it: texts that need not make sense yet, in the order of the page.

The page is a plain form. Its buttons that add, remove and move parts send everything typed; what comes back is
the same page with the change, so that nothing is lost and no script is needed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias, cast

from django.http import QueryDict
from django.utils.translation import gettext as _

from dibt.lib.errors import InvalidError
from projects.forms.conditions import ANSWERS, renumbered, typed_rule
from projects.forms.option_lines import as_lines
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field
from projects.schema.questions import (
    LabelQuestion,
    MultiLabelQuestion,
    Question,
    QuestionKind,
    RankingQuestion,
    RatingQuestion,
    SpanQuestion,
    TextQuestion,
)

# What was typed for one field or question, by the name of the input. A box that is not ticked is absent.
Typed: TypeAlias = Mapping[str, str]
Place = Literal["fields", "questions"]

TICKED = "on"
REFRESH = "refresh"
_INPUT = re.compile(r"(fields|questions)-(\d{1,2})-(\w+)")
_ACTION = re.compile(r"(add|remove|up|down) (fields|questions)(?: (\w+))?")


@dataclass(frozen=True)
class TypedTask:
    fields: tuple[Typed, ...] = ()
    questions: tuple[Typed, ...] = ()


def typed(schema: TaskSchema) -> TypedTask:
    """A schema as the form shows it; sent back unchanged it is the same schema."""
    return TypedTask(
        tuple(_typed_field(field) for field in schema.fields),
        tuple(
            {**_typed_question(question), **typed_rule(schema.questions, question)}
            for question in schema.questions
        ),
    )


def sent(data: QueryDict) -> TypedTask:
    """What a browser sent, by the numbers in the names of its inputs."""
    found: dict[str, dict[int, dict[str, str]]] = {"fields": {}, "questions": {}}
    for name in data:
        if match := _INPUT.fullmatch(name):
            place, number, key = match.groups()
            # Only the answers of a rule are several boxes of one name.
            said = "\n".join(data.getlist(name)) if key == ANSWERS else data.get(name, "")
            found[place].setdefault(int(number), {})[key] = str(said)
    questions = [found["questions"][number] for number in sorted(found["questions"])]
    if any(question.get("kind") not in set(QuestionKind) for question in questions):
        raise InvalidError(_("The form came without the kind of a question. Reload the page and try again."))
    places = {str(number): place for place, number in enumerate(sorted(found["questions"]))}
    fields = tuple(found["fields"][number] for number in sorted(found["fields"]))
    return TypedTask(fields, tuple(renumbered(questions, places)))


def changed(task: TypedTask, action: str) -> TypedTask:
    """The task after `add fields`, `add questions rating`, `remove questions 0`, `up fields 1`, `down …`, or as it is
    after `refresh`.

    What is at an end already stays there. Raises InvalidError for what is none of these.
    """
    if action == REFRESH:
        return task
    match = _ACTION.fullmatch(action)
    if match is None:
        raise InvalidError(_("The form asked for something that is not known here. Reload the page."))
    verb, place, what = match.group(1), cast("Place", match.group(2)), match.group(3) or ""
    parts = getattr(task, place)
    after = [*parts, _new(place, what)] if verb == "add" else _rearranged(parts, verb, what)
    return replace(task, **{place: tuple(after)})


def _rearranged(parts: Sequence[Typed], verb: str, what: str) -> list[Typed]:
    index = int(what) if what.isdecimal() else len(parts)
    order = list(range(len(parts)))
    if index >= len(order):
        raise InvalidError(_("What was to be changed is not on the form any more. Reload the page."))
    del order[index]
    if verb != "remove":
        order.insert(max(index - 1, 0) if verb == "up" else index + 1, index)
    places = {str(before): now for now, before in enumerate(order)}
    return renumbered([parts[before] for before in order], places)


def _new(place: Place, kind: str) -> Typed:
    if place == "fields":
        return {"kind": "text", "required": TICKED}
    if kind not in set(QuestionKind):
        raise InvalidError(_("There is no question of this kind. Reload the page."))
    start = {QuestionKind.RATING: {"min": "1", "max": "5"}, QuestionKind.TEXT: {"multiline": TICKED}}
    return {"kind": kind, "required": TICKED, "max_length": "2000"} | start.get(QuestionKind(kind), {})


def _typed_field(field: Field) -> Typed:
    return {"name": field.name, "title": field.title, "kind": field.kind.value} | _tick(
        "required", field.required
    )


def _typed_question(question: Question) -> Typed:
    common = {
        "kind": question.kind.value,
        "name": question.name,
        "title": question.title,
        "description": question.description,
    } | _tick("required", question.required)
    match question:
        case RatingQuestion():
            ends = {"min": str(question.min), "max": str(question.max)}
            return common | ends | {"min_label": question.min_label, "max_label": question.max_label}
        case LabelQuestion() | MultiLabelQuestion() | RankingQuestion():
            return common | {"options": as_lines(question.options)}
        case SpanQuestion():
            marked = {"options": as_lines(question.options), "field": question.field}
            return common | marked | _tick("allow_overlapping", question.allow_overlapping)
        case TextQuestion():
            return common | {"max_length": str(question.max_length)} | _tick("multiline", question.multiline)


def _tick(name: str, value: bool) -> dict[str, str]:
    return {name: TICKED} if value else {}
