"""What a contributor is asked.

A kind of question is a class here and a member of the union `Question`; every reader matches on the union
and ends in `assert_never`, so that mypy lists what a new kind still lacks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, TypeAlias, TypedDict, assert_never

from dibt.lib.json_node import JsonNode
from projects.schema.show_if import ShowIf
from projects.schema.spans import Span

# A rating, the value of an option, the values of several options (of all, for a ranking), text, or marked stretches of
# a text: the empty tuple says that nothing in it is to be marked.
Value: TypeAlias = int | str | tuple[str, ...] | tuple[Span, ...]


class QuestionKind(StrEnum):
    RATING = "rating"
    LABEL = "label"
    MULTI_LABEL = "multi_label"
    RANKING = "ranking"
    TEXT = "text"
    SPAN = "span"


@dataclass(frozen=True, kw_only=True)
class Option:
    """One of the labels to choose from: what is stored, and what people read."""

    value: str
    text: str

    def to_json(self) -> dict[str, object]:
        return {"value": self.value, "text": self.text}

    @classmethod
    def from_json(cls, node: JsonNode) -> "Option":
        value = node.text("value")
        option = cls(value=value, text=node.text("text", value))
        node.finish()
        return option


@dataclass(frozen=True, kw_only=True)
class _Asked:
    kind: ClassVar[QuestionKind]
    name: str
    title: str
    description: str = ""
    required: bool = True
    show_if: ShowIf | None = None

    def _common_json(self) -> dict[str, object]:
        common: dict[str, object] = {
            "kind": self.kind.value,
            "name": self.name,
            "title": self.title,
            "description": self.description,
            "required": self.required,
        }
        # Without a rule nothing is said of it, so that tasks from before there were rules stay as they are.
        return common | ({"show_if": self.show_if.to_json()} if self.show_if else {})


@dataclass(frozen=True, kw_only=True)
class RatingQuestion(_Asked):
    """Answered by one whole number from `min` to `max`; the labels say what the two ends mean."""

    kind: ClassVar[QuestionKind] = QuestionKind.RATING
    min: int = 1
    max: int = 5
    min_label: str = ""
    max_label: str = ""

    @property
    def values(self) -> range:
        return range(self.min, self.max + 1)

    def to_json(self) -> dict[str, object]:
        own = {"min": self.min, "max": self.max, "min_label": self.min_label, "max_label": self.max_label}
        return self._common_json() | own


@dataclass(frozen=True, kw_only=True)
class _WithOptions(_Asked):
    options: tuple[Option, ...]

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(option.value for option in self.options)

    def to_json(self) -> dict[str, object]:
        return self._common_json() | {"options": [option.to_json() for option in self.options]}


@dataclass(frozen=True, kw_only=True)
class LabelQuestion(_WithOptions):
    """Answered by one option."""

    kind: ClassVar[QuestionKind] = QuestionKind.LABEL


@dataclass(frozen=True, kw_only=True)
class MultiLabelQuestion(_WithOptions):
    """Answered by one option or more."""

    kind: ClassVar[QuestionKind] = QuestionKind.MULTI_LABEL


@dataclass(frozen=True, kw_only=True)
class RankingQuestion(_WithOptions):
    """Answered by the values of all options in an order, the best first.

    Each option has a place of its own: there are no ties, unlike in Argilla, where two options may share a rank.
    """

    kind: ClassVar[QuestionKind] = QuestionKind.RANKING


@dataclass(frozen=True, kw_only=True)
class TextQuestion(_Asked):
    """Answered in words, at most `max_length` code points, on one line or on several."""

    kind: ClassVar[QuestionKind] = QuestionKind.TEXT
    multiline: bool = True
    max_length: int = 2_000

    def to_json(self) -> dict[str, object]:
        return self._common_json() | {"multiline": self.multiline, "max_length": self.max_length}


@dataclass(frozen=True, kw_only=True)
class SpanQuestion(_WithOptions):
    """Answered by stretches of the text in `field`, each marked with an option; by none where nothing is to be marked.

    With `allow_overlapping` a part of the text may be in several marks, else in one at most.
    """

    kind: ClassVar[QuestionKind] = QuestionKind.SPAN
    field: str
    allow_overlapping: bool = False

    def text_of(self, fields: Mapping[str, object] | None) -> str | None:
        """The text of a record that is marked, "" where it has none; None where the record is not known."""
        text = (fields or {}).get(self.field)
        return None if fields is None else text if isinstance(text, str) else ""

    def to_json(self) -> dict[str, object]:
        return super().to_json() | {
            "field": self.field,
            "allow_overlapping": self.allow_overlapping,
        }


Question: TypeAlias = (
    RatingQuestion | LabelQuestion | MultiLabelQuestion | RankingQuestion | TextQuestion | SpanQuestion
)


class _Common(TypedDict):
    name: str
    title: str
    description: str
    required: bool
    show_if: ShowIf | None


def question_from_json(node: JsonNode) -> Question:
    """The question of a JSON object. Raises `JsonFormatError` with its place."""
    kind = node.kind("kind", QuestionKind)
    common = _Common(
        name=node.text("name"),
        title=node.text("title"),
        description=node.text("description", ""),
        required=node.flag("required", default=True),
        show_if=node.optional("show_if", ShowIf.from_json),
    )
    question = _of_kind(kind, common, node)
    node.finish()
    return question


def _of_kind(kind: QuestionKind, common: _Common, node: JsonNode) -> Question:
    match kind:
        case QuestionKind.RATING:
            ends = {"min_label": node.text("min_label", ""), "max_label": node.text("max_label", "")}
            return RatingQuestion(**common, min=node.number("min"), max=node.number("max"), **ends)
        case QuestionKind.LABEL:
            return LabelQuestion(**common, options=node.items("options", Option.from_json))
        case QuestionKind.MULTI_LABEL:
            return MultiLabelQuestion(**common, options=node.items("options", Option.from_json))
        case QuestionKind.RANKING:
            return RankingQuestion(**common, options=node.items("options", Option.from_json))
        case QuestionKind.TEXT:
            multiline = node.flag("multiline", default=TextQuestion.multiline)
            max_length = node.number("max_length", TextQuestion.max_length)
            return TextQuestion(**common, multiline=multiline, max_length=max_length)
        case QuestionKind.SPAN:
            return SpanQuestion(
                **common,
                options=node.items("options", Option.from_json),
                field=node.text("field"),
                allow_overlapping=node.flag("allow_overlapping", default=False),
            )
        case _:
            assert_never(kind)
