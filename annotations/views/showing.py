"""A record as pages show it: its fields in the language and direction of the project, and what is suggested."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from annotations.models import Record, Response
from dibt.lib import languages, text
from projects.models import Project
from projects.schema.answers import Answer
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field, FieldKind
from projects.schema.image_addresses import is_image_address
from projects.schema.suggestions import Suggestion
from projects.schema.values import value_from_json
from projects.schema.words import in_words


@dataclass(frozen=True)
class ShownTurn:
    """What one of a chat said, in a language and a direction of its own."""

    role: str
    content: str
    lang: str
    dir: str


@dataclass(frozen=True)
class ShownField:
    """`value` is text, or for a chat a list of turns `{"role": …, "content": …}`, which are shown as `turns`."""

    field: Field
    value: Any
    lang: str
    dir: str
    turns: tuple[ShownTurn, ...] = ()

    @property
    def is_image(self) -> bool:
        """Whether an image is shown: what is made up for a preview is said in words."""
        return self.field.kind is FieldKind.IMAGE and is_image_address(self.value)

    @property
    def host(self) -> str:
        """Where an image comes from."""
        return urlsplit(self.value).hostname or ""

    @property
    def exact(self) -> str:
        """The text as JSON where a page would change it: HTML has no carriage returns, and offsets count them."""
        return json.dumps(self.value) if isinstance(self.value, str) and "\r" in self.value else ""


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


def earlier_versions(response: Response, fields: Mapping[str, Any] | None) -> list[Earlier]:
    """What the answer was before its author changed it, the latest first; `fields`: what they may see of the record."""
    return [
        Earlier(edit.at, in_words(edit.schema_version.schema, edit.values, fields=fields))
        for edit in response.edits.all()
    ]


def suggestions_of(record: Record) -> dict[str, Suggestion]:
    """The suggestions of a record as the schema knows them."""
    return {
        name: Suggestion(value_from_json(given["value"]), str(given.get("agent") or ""))
        for name, given in record.suggestions.items()
    }


def _shown(field: Field, value: Any, lang: str, direction: str) -> ShownField:
    if isinstance(value, list):
        return ShownField(
            field, value, lang, direction, tuple(_turn(turn, lang, direction) for turn in value)
        )
    return ShownField(field, value, *_own(str(value), lang, direction))


def _turn(turn: Mapping[str, str], lang: str, direction: str) -> ShownTurn:
    content = turn["content"]
    return ShownTurn(turn["role"], content, *_own(content, lang, direction))


def _own(content: str, lang: str, direction: str) -> tuple[str, str]:
    """In the project's language, unless the text runs the other way: then nobody said which language it is."""
    own = text.direction(content, expected=direction)
    return lang if own == direction else "", own


def given_values(response: Response) -> Answer:
    """The answer that was given, as a form is filled with it."""
    return Answer({name: value_from_json(value) for name, value in response.values.items()})


def record_language(project: Project) -> tuple[str, str]:
    """The `lang` and `dir` of record text. With several languages each text decides its own direction."""
    known = [languages.get(code) for code in project.languages if languages.is_known(code)]
    if len(known) != 1:
        return "", "auto"
    return known[0].html_lang, known[0].direction
