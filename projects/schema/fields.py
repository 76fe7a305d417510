"""What a contributor is shown of a record."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from dibt.lib.json_node import JsonNode

# Text (of an image its address), or the turns of a chat, each {"role": …, "content": …}.
FieldValue: TypeAlias = str | tuple[Mapping[str, str], ...]


class FieldKind(StrEnum):
    TEXT = "text"
    MARKDOWN = "markdown"
    CHAT = "chat"
    IMAGE = "image"


@dataclass(frozen=True, kw_only=True)
class Field:
    """One part of a record. Where its content comes from in a file is told by the importer's mapping."""

    name: str
    title: str
    kind: FieldKind = FieldKind.TEXT
    required: bool = True

    def to_json(self) -> dict[str, object]:
        return {"name": self.name, "title": self.title, "kind": self.kind.value, "required": self.required}

    @classmethod
    def from_json(cls, node: JsonNode) -> "Field":
        field = cls(
            name=node.text("name"),
            title=node.text("title"),
            kind=node.kind("kind", FieldKind),
            required=node.flag("required", default=True),
        )
        node.finish()
        return field
