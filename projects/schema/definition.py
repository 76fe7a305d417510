"""The task schema: the fields shown and the questions asked, as a value that does not change."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dibt.lib.json_node import JsonFormatError, JsonNode
from projects.schema.fields import Field
from projects.schema.questions import Question, SpanQuestion, question_from_json

FORMAT_VERSION = 1


@dataclass(frozen=True, kw_only=True)
class TaskSchema:
    """Fields and questions in the order in which they are shown.

    An instance may still be a draft with mistakes; `projects.schema.problems` lists them.
    """

    fields: tuple[Field, ...]
    questions: tuple[Question, ...]

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def question(self, name: str) -> Question | None:
        return next((question for question in self.questions if question.name == name), None)

    @property
    def marks_text(self) -> bool:
        """Whether an answer can only be judged beside the text of its record."""
        return any(isinstance(question, SpanQuestion) for question in self.questions)

    def to_json(self) -> dict[str, object]:
        """The JSON form, which `from_json` reads back as an equal schema."""
        return {
            "version": FORMAT_VERSION,
            "fields": [field.to_json() for field in self.fields],
            "questions": [question.to_json() for question in self.questions],
        }

    @classmethod
    def from_json(cls, value: object) -> "TaskSchema":
        """The schema of a JSON form. Raises `JsonFormatError`, which says what belongs at which place."""
        node = JsonNode(value)
        if (version := node.number("version")) != FORMAT_VERSION:
            raise JsonFormatError(
                "version",
                _("This is version %(given)s of the format; this site reads version %(known)s.")
                % {"given": version, "known": FORMAT_VERSION},
            )
        schema = cls(
            fields=node.items("fields", Field.from_json),
            questions=node.items("questions", question_from_json),
        )
        node.finish()
        return schema
