"""A first mapping of a file, by the names of its columns and what a preset expects."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from annotations.reading.mapping import ColumnMapping, SuggestionSource
from annotations.reading.paths import columns, is_chat, value_at
from annotations.reading.suggested_values import as_value
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field, FieldKind
from projects.schema.presets import Preset
from projects.schema.questions import Question, TextQuestion
from projects.schema.values import ValueRefusedError, canonical_value

Sample = Sequence[Mapping[str, object]]

_IDS = ("external_id", "id", "record_id", "uuid", "guid", "idx", "key")
_METADATA_LENGTH = 100
_METADATA_COLUMNS = 10


def suggest_mapping(schema: TaskSchema, sample: Sample, preset: Preset | None = None) -> ColumnMapping:
    """A mapping to start from; what no column fits is left out. `sample` is the data of the first rows."""
    free = [column.path for column in columns(sample)]
    fields = _fields(schema, free, sample, preset)
    suggestions = _suggestions(schema, free, sample, preset)
    external_id = next((path for path in _named(_IDS, free) if _is_unique(path, sample)), "")
    short = [path for path in free if path != external_id and _is_short(path, sample)]
    return ColumnMapping(
        fields=fields,
        external_id=external_id,
        metadata={path: path for path in short[:_METADATA_COLUMNS]},
        suggestions={question: SuggestionSource(path=path) for question, path in suggestions.items()},
    )


def _fields(schema: TaskSchema, free: list[str], sample: Sample, preset: Preset | None) -> dict[str, str]:
    """Paths by field; each path taken is no longer free."""
    taken: dict[str, str] = {}
    for field in schema.fields:
        names = (field.name, *(preset.field_columns.get(field.name, ()) if preset else ()), field.title)
        _take(taken, field.name, free, (path for path in _named(names, free) if _shows(field, path, sample)))
    for field in schema.fields:
        if field.required and field.name not in taken:
            longest = sorted(free, key=lambda path: -_length(path, sample))
            _take(taken, field.name, free, (path for path in longest if _shows(field, path, sample)))
    return taken


def _suggestions(
    schema: TaskSchema, free: list[str], sample: Sample, preset: Preset | None
) -> dict[str, str]:
    taken: dict[str, str] = {}
    for question in schema.questions:
        names = (*(preset.suggestion_columns.get(question.name, ()) if preset else ()), question.name)
        _take(
            taken,
            question.name,
            free,
            (path for path in _named(names, free) if _suits(question, path, sample)),
        )
    return taken


def _take(taken: dict[str, str], name: str, free: list[str], candidates: Iterable[str]) -> None:
    path = next(iter(candidates), None)
    if path is not None:
        taken[name] = path
        free.remove(path)


def _named(names: Iterable[str], free: Sequence[str]) -> Iterator[str]:
    """The free paths that have one of the names, the best name first, at the top of a row before deep within."""
    for name in names:
        wanted = _words(name)
        yield from (path for path in free if _words(path) == wanted)
        yield from (path for path in free if _words(re.split(r"[.\]]", path)[-1]) == wanted != _words(path))


def _words(name: str) -> str:
    return re.sub(r"[\W_]+", "_", name.casefold()).strip("_")


def _values(path: str, sample: Sample) -> list[object]:
    """What the sample has at the path, leaving out what is empty."""
    return [value for data in sample if (value := value_at(data, path)) not in (None, "", [])]


def _shows(field: Field, path: str, sample: Sample) -> bool:
    values = _values(path, sample)
    kind = is_chat if field.kind is FieldKind.CHAT else lambda value: isinstance(value, str)
    return bool(values) and all(kind(value) for value in values)


def _suits(question: Question, path: str, sample: Sample) -> bool:
    """Whether most of the values answer the question."""
    values = _values(path, sample)
    fitting = sum(_answers(question, value) for value in values)
    return 2 * fitting > len(values)


def _answers(question: Question, value: object) -> bool:
    if isinstance(question, TextQuestion) and not isinstance(value, str):
        return False
    try:
        return canonical_value(question, as_value(question, value)) is not None
    except ValueRefusedError:
        return False


def _length(path: str, sample: Sample) -> int:
    return sum(len(value) for value in _values(path, sample) if isinstance(value, str))


def _is_unique(path: str, sample: Sample) -> bool:
    values = [str(value) for value in _values(path, sample) if isinstance(value, str | int)]
    return len(values) == len(set(values)) == len(sample) > 0


def _is_short(path: str, sample: Sample) -> bool:
    values = _values(path, sample)
    scalar = all(isinstance(value, str | int | float) for value in values)
    return bool(values) and scalar and all(len(str(value)) <= _METADATA_LENGTH for value in values)
