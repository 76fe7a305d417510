"""What a model or a person proposed as the answer to a question."""

from dataclasses import dataclass

from projects.schema.questions import Question, Value
from projects.schema.values import ValueRefusedError, canonical_value


@dataclass(frozen=True)
class Suggestion:
    """`agent` is who proposed it, "" where nobody said."""

    value: Value
    agent: str = ""


def fitting(question: Question, suggestion: Suggestion | None) -> Suggestion | None:
    """The suggestion, unless the question does not take it: a task may have changed since it was imported."""
    if suggestion is None:
        return None
    try:
        value = canonical_value(question, suggestion.value)
    except ValueRefusedError:
        return None
    return None if value is None else Suggestion(value, suggestion.agent)
