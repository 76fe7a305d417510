"""Which questions are asked of somebody, given what they answered, and the condition in words."""

from collections.abc import Mapping
from dataclasses import dataclass

from projects.schema.definition import TaskSchema
from projects.schema.questions import LabelQuestion, MultiLabelQuestion, Question


@dataclass(frozen=True)
class Condition:
    """When a question is asked: if the question of that title is answered with one of these."""

    title: str
    answers: tuple[str, ...]

    @property
    def listed(self) -> str:
        return ", ".join(self.answers)


def asked(schema: TaskSchema, values: Mapping[str, object]) -> frozenset[str]:
    """The names of the questions that are asked after these answers."""
    names: set[str] = set()
    for question in schema.questions:
        rule = question.show_if
        if rule is None or (rule.question in names and rule.fits(values.get(rule.question))):
            names.add(question.name)
    return frozenset(names)


def only_asked(schema: TaskSchema, values: Mapping[str, object]) -> dict[str, object]:
    """The values without those of questions that are not asked: on a page these are hidden and still filled."""
    dropped = {question.name for question in schema.questions} - asked(schema, values)
    return {name: value for name, value in values.items() if name not in dropped}


def condition(schema: TaskSchema, question: Question) -> Condition | None:
    """When the question is asked; None for always. The answers are those that people read."""
    rule = question.show_if
    if rule is None:
        return None
    earlier = schema.question(rule.question)
    texts: dict[int | str, str] = {}
    if isinstance(earlier, LabelQuestion | MultiLabelQuestion):
        texts = {option.value: option.text for option in earlier.options}
    said = tuple(texts.get(value, str(value)) for value in rule.values)
    return Condition(earlier.title if earlier else rule.question, said)


def alternatives(said: tuple[str, ...]) -> str:
    """`a, b or c`, in English: for what is read on the Hub."""
    return " or ".join(part for part in (", ".join(said[:-1]), said[-1] if said else "") if part)
