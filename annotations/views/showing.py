"""A record's fields as the page shows them: each in the language and direction of its project."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dibt.lib import languages
from projects.models import Project
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field


@dataclass(frozen=True)
class ShownField:
    """`value` is text, or for a chat a list of turns `{"role": …, "content": …}`."""

    field: Field
    value: Any
    lang: str
    dir: str


def shown_fields(project: Project, schema: TaskSchema, values: Mapping[str, Any]) -> list[ShownField]:
    lang, direction = record_language(project)
    return [
        ShownField(field, values[field.name], lang, direction)
        for field in schema.fields
        if values.get(field.name) not in (None, "", [])
    ]


def record_language(project: Project) -> tuple[str, str]:
    """The `lang` and `dir` of record text. With several languages each text decides its own direction."""
    known = [languages.get(code) for code in project.languages if languages.is_known(code)]
    if len(known) != 1:
        return "", "auto"
    return known[0].html_lang, known[0].direction
