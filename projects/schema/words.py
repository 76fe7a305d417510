"""An answer in words, as a person reads it: the titles of the questions and the texts of the options."""

from collections.abc import Mapping

from projects.schema.definition import TaskSchema
from projects.schema.questions import LabelQuestion, MultiLabelQuestion, Question, RankingQuestion


def in_words(schema: TaskSchema, values: Mapping[str, object]) -> list[tuple[str, str]]:
    """Pairs of a question's title and what was answered, in the schema's order; open questions are left out."""
    return [
        (question.title, _said(question, values[question.name]))
        for question in schema.questions
        if question.name in values
    ]


def _said(question: Question, value: object) -> str:
    if isinstance(question, LabelQuestion | MultiLabelQuestion | RankingQuestion):
        texts = {option.value: option.text for option in question.options}
        chosen = value if isinstance(value, list | tuple) else [value]
        said = [texts.get(str(one), str(one)) for one in chosen]
        if isinstance(question, RankingQuestion):
            said = [f"{place}. {text}" for place, text in enumerate(said, start=1)]
        return ", ".join(said)
    return str(value)
