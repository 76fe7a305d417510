"""From which columns of a file a record's parts are taken."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from dibt.lib.json_node import JsonNode
from dibt.lib.text import excerpt
from projects.schema.definition import TaskSchema
from projects.schema.problem import Problem

AGENT_LENGTH = 200


@dataclass(frozen=True, kw_only=True)
class SuggestionSource:
    """The column of a question's suggestions, and the model or person who made them (may be unknown: "")."""

    path: str
    agent: str = ""

    def to_json(self) -> dict[str, object]:
        return {"path": self.path, "agent": self.agent}

    @classmethod
    def from_json(cls, node: JsonNode) -> "SuggestionSource":
        source = cls(path=node.text("path"), agent=node.text("agent", ""))
        node.finish()
        return source


@dataclass(frozen=True, kw_only=True)
class ColumnMapping:
    """Paths by field, by metadata key and by question; `external_id` is "" where ids are made from the content."""

    fields: Mapping[str, str]
    external_id: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    suggestions: Mapping[str, SuggestionSource] = field(default_factory=dict)

    def to_json(self) -> dict[str, object]:
        return {
            "fields": dict(self.fields),
            "external_id": self.external_id,
            "metadata": dict(self.metadata),
            "suggestions": {name: source.to_json() for name, source in self.suggestions.items()},
        }

    @classmethod
    def from_json(cls, value: object) -> "ColumnMapping":
        """The mapping of its JSON form. Raises `JsonFormatError` with the place."""
        node = JsonNode(value)
        mapping = cls(
            fields=node.texts("fields"),
            external_id=node.text("external_id", ""),
            metadata=node.texts("metadata"),
            suggestions=node.named("suggestions", SuggestionSource.from_json),
        )
        node.finish()
        return mapping


def mapping_problems(mapping: ColumnMapping, schema: TaskSchema) -> tuple[Problem, ...]:
    """Why no row could be taken with this mapping, each at a field or question; empty when it fits the schema."""
    return (*_of_fields(mapping, schema), *_of_suggestions(mapping, schema))


def _of_fields(mapping: ColumnMapping, schema: TaskSchema) -> Iterator[Problem]:
    for field_ in schema.fields:
        if field_.required and not mapping.fields.get(field_.name):
            sentence = _("Choose the column for the field “%(field)s”; it is required.")
            yield Problem(field_.name, sentence % {"field": field_.title})
    for name in mapping.fields:
        if schema.field(name) is None:
            shown = excerpt(name)
            yield Problem(shown, _("There is no field “%(name)s” in this task.") % {"name": shown})


def _of_suggestions(mapping: ColumnMapping, schema: TaskSchema) -> Iterator[Problem]:
    for name, source in mapping.suggestions.items():
        if schema.question(name) is None:
            shown = excerpt(name)
            yield Problem(shown, _("There is no question “%(name)s” in this task.") % {"name": shown})
        if len(source.agent) > AGENT_LENGTH:
            sentence = _("The name of who suggests is longer than %(limit)s characters.")
            yield Problem(excerpt(name), sentence % {"limit": AGENT_LENGTH})
