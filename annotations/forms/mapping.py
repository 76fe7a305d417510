"""Which columns of a file become which parts of a record, chosen from what the file has or written as a path."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from annotations.domain import imports
from annotations.reading.mapping import AGENT_LENGTH, ColumnMapping, SuggestionSource
from annotations.reading.paths import Column
from dibt.lib.text import unstorable_character
from projects.schema.definition import TaskSchema

FIELD, QUESTION, PATH, AGENT = "field-", "question-", "-path", "-agent"


@dataclass(frozen=True)
class Choice:
    """What is asked about one part: the column, a path written by hand instead, and who suggests."""

    label: str
    column: BoundField
    path: BoundField
    agent: BoundField | None = None


class MappingForm(forms.Form):
    """A path written by hand counts before the column chosen beside it."""

    def __init__(
        self, data: Any = None, *, schema: TaskSchema, columns: Iterable[Column], mapping: ColumnMapping
    ) -> None:
        super().__init__(data)
        self.schema = schema
        self.columns = [column for column in columns if not unstorable_character(column.path)]
        self._known = {column.path for column in self.columns}
        for field in schema.fields:
            self._ask(FIELD + field.name, mapping.fields.get(field.name, ""), needed=field.required)
        self._ask("external_id", mapping.external_id)
        for question in schema.questions:
            source = mapping.suggestions.get(question.name, SuggestionSource(path=""))
            self._ask(QUESTION + question.name, source.path)
            self.fields[QUESTION + question.name + AGENT] = _text(
                gettext_lazy("Who suggests it"), source.agent
            )
        choices = [
            (path, path)
            for path in [*self._known_in_order(), *sorted(set(mapping.metadata.values()) - self._known)]
        ]
        self.fields["metadata"] = forms.MultipleChoiceField(
            label=gettext_lazy("Kept as metadata"),
            choices=choices,
            initial=list(mapping.metadata.values()),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )

    def _ask(self, name: str, path: str, *, needed: bool = False) -> None:
        nothing = gettext_lazy("Choose a column") if needed else gettext_lazy("None")
        shown = [(column.path, _told(column)) for column in self.columns]
        known = path if path in self._known else ""
        self.fields[name] = forms.ChoiceField(
            label=gettext_lazy("Column"), choices=[("", nothing), *shown], initial=known, required=False
        )
        self.fields[name + PATH] = _text(
            gettext_lazy("or a path"), "" if known else path, length=imports.PATH_LENGTH
        )

    def _known_in_order(self) -> Iterator[str]:
        return (column.path for column in self.columns)

    @property
    def field_choices(self) -> list[Choice]:
        return [self._choice(field.title, FIELD + field.name) for field in self.schema.fields]

    @property
    def id_choice(self) -> Choice:
        return self._choice(_("External id"), "external_id")

    @property
    def question_choices(self) -> list[Choice]:
        return [
            self._choice(question.title, QUESTION + question.name, agent=True)
            for question in self.schema.questions
        ]

    def _choice(self, label: str, name: str, *, agent: bool = False) -> Choice:
        return Choice(label, self[name], self[name + PATH], self[name + AGENT] if agent else None)

    def mapping(self) -> ColumnMapping:
        """What was chosen; call it on a valid form."""
        fields = {field.name: self._path(FIELD + field.name) for field in self.schema.fields}
        sources = {
            question.name: SuggestionSource(
                path=self._path(QUESTION + question.name),
                agent=self.cleaned_data[QUESTION + question.name + AGENT],
            )
            for question in self.schema.questions
        }
        return ColumnMapping(
            fields={name: path for name, path in fields.items() if path},
            external_id=self._path("external_id"),
            metadata={path: path for path in self.cleaned_data["metadata"]},
            suggestions={name: source for name, source in sources.items() if source.path},
        )

    def tell(self, error: imports.MappingError) -> None:
        """Show each problem at the column it is about."""
        for problem in error.problems:
            names = (FIELD + problem.place, QUESTION + problem.place, problem.place)
            self.add_error(next((name for name in names if name in self.fields), None), problem.sentence)

    def _path(self, name: str) -> str:
        return str(self.cleaned_data[name + PATH] or self.cleaned_data[name])


def _text(label: Any, initial: str, *, length: int = AGENT_LENGTH) -> forms.CharField:
    plain = forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false", "autocapitalize": "none"})
    return forms.CharField(label=label, initial=initial, max_length=length, required=False, widget=plain)


def _told(column: Column) -> str:
    return f"{column.path} — {column.sample}" if column.sample else column.path
