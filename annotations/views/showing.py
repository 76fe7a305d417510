"""A record as pages show it: its fields in the language and direction of the project, and what is suggested."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from annotations.models import Record, Response
from dibt.lib import languages, text
from projects.models import Project
from projects.schema.answers import Answer
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field
from projects.schema.questions import Value
from projects.schema.words import in_words


@dataclass(frozen=True)
class ShownField:
    """`value` is text, or for a chat a list of turns `{"role": …, "content": …}`."""

    field: Field
    value: Any
    lang: str
    dir: str


def shown_fields(project: Project, schema: TaskSchema, values: Mapping[str, Any]) -> list[ShownField]:
    return [
        _shown(field, values[field.name], *record_language(project))
        for field in schema.fields
        if values.get(field.name) not in (None, "", [])
    ]


@dataclass(frozen=True)
class Earlier:
    """What an own answer was until `until`, as pairs of a question's title and what was answered."""

    until: datetime
    lines: list[tuple[str, str]]


def earlier_versions(response: Response) -> list[Earlier]:
    """What the answer was before its author changed it, the latest first."""
    return [
        Earlier(edit.at, in_words(edit.schema_version.schema, edit.values)) for edit in response.edits.all()
    ]


def suggested_values(record: Record) -> dict[str, Value]:
    """The suggestions of a record as the schema knows them; JSON makes lists of several labels."""
    return {name: _from_json(given["value"]) for name, given in record.suggestions.items()}


def _shown(field: Field, value: Any, lang: str, direction: str) -> ShownField:
    """In the project's language, unless the text runs the other way: then nobody said which language it is."""
    content = " ".join(turn["content"] for turn in value) if isinstance(value, list) else str(value)
    own = text.direction(content, expected=direction)
    return ShownField(field, value, lang if own == direction else "", own)


def given_values(response: Response) -> Answer:
    """The answer that was given, as a form is filled with it."""
    return Answer({name: _from_json(value) for name, value in response.values.items()})


def _from_json(value: Any) -> Value:
    return tuple(value) if isinstance(value, list) else value


def record_language(project: Project) -> tuple[str, str]:
    """The `lang` and `dir` of record text. With several languages each text decides its own direction."""
    known = [languages.get(code) for code in project.languages if languages.is_known(code)]
    if len(known) != 1:
        return "", "auto"
    return known[0].html_lang, known[0].direction
