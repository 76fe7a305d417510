"""What people answer: mostly what is right, sometimes something else, as people do."""

from random import Random

from projects.schema.definition import TaskSchema
from projects.schema.questions import LabelQuestion, Question, RatingQuestion, Value

SKIPPED = 0.05  # of the records that somebody is shown
MISTAKEN = 0.17  # of the labels
OFF_BY_ONE = 0.45  # of the ratings
USUAL_RATINGS = (2, 3, 3, 4, 4, 4, 5, 5)


def skips(chance: Random) -> bool:
    return chance.random() < SKIPPED


def answer_to(schema: TaskSchema, external_id: str, *, right: str, chance: Random) -> dict[str, Value]:
    """A value for each required question; `right` is the label that the record has, "" if unknown.

    What different people say of one record lies close together, as its id decides what the middle is.
    """
    middle = Random(external_id).choice(USUAL_RATINGS)  # noqa: S311  nothing here is secret
    asked = (question for question in schema.questions if question.required)
    return {question.name: _value(question, middle, right, chance) for question in asked}


def _value(question: Question, middle: int, right: str, chance: Random) -> Value:
    match question:
        case RatingQuestion():
            step = chance.choice((-1, 1)) if chance.random() < OFF_BY_ONE else 0
            return min(max(middle + step, question.min), question.max)
        case LabelQuestion():
            known = right in question.values and chance.random() >= MISTAKEN
            return right if known else chance.choice(question.values)
        case _:
            raise TypeError(f"Nobody in the demo knows how to answer a {question.kind} question")
