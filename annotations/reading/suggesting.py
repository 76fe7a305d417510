"""A first mapping of a file, by the names of its columns and what a preset expects."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from annotations.reading.mapping import ColumnMapping, SuggestionSource
from annotations.reading.paths import columns, is_chat, value_at
from annotations.reading.suggested_values import as_value
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field, FieldKind
from projects.schema.image_addresses import is_image_address
from projects.schema.presets import Preset
from projects.schema.questions import Question, TextQuestion
from projects.schema.values import ValueRefusedError, canonical_value

Sample = Sequence[Mapping[str, object]]

_IDS = ("external_id", "id", "record_id", "uuid", "guid")
_OFTEN_IDS = ("idx", "key")
# A column with answers may be the truth that people are asked to find; only these names say that a model guessed.
_BY_A_MODEL = ("suggested_{}", "predicted_{}", "model_{}", "{}_suggestion", "{}_prediction")
_SUGGESTIONS = ("suggestion", "suggestions", "prediction", "predictions")
# Shown as the first and the second response, these would give the answer away by their places.
_TELLING = frozenset({"chosen", "rejected"})
_METADATA_LENGTH = 100
_METADATA_COLUMNS = 10


def suggest_mapping(schema: TaskSchema, sample: Sample, preset: Preset | None = None) -> ColumnMapping:
    """A mapping to start from; what no column fits is left out. `sample` is the data of the first rows.

    What gives the answer away is never guessed to be shown: neither a column of answers as a suggestion,
    unless its name says so, nor one of responses already judged as a field.
    """
    free = [column.path for column in columns(sample)]
    fields = _fields(schema, free, sample, preset)
    suggestions = _suggestions(schema, free, sample, preset)
    external_id = _external_id(free, sample)
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
            longest = sorted(filter(_is_open, free), key=lambda path: -_length(path, sample))
            _take(taken, field.name, free, (path for path in longest if _shows(field, path, sample)))
    return taken


def _suggestions(
    schema: TaskSchema, free: list[str], sample: Sample, preset: Preset | None
) -> dict[str, str]:
    taken: dict[str, str] = {}
    for question in schema.questions:
        answers = (question.name, *(preset.answer_names.get(question.name, ()) if preset else ()))
        names = [*(form.format(name) for name in answers for form in _BY_A_MODEL), *_SUGGESTIONS]
        suiting = (path for path in _named(names, free) if _suits(question, path, sample))
        _take(taken, question.name, free, suiting)
    return taken


def _external_id(free: Sequence[str], sample: Sample) -> str:
    """A column of ids, rather one whose ids differ; one called so stays an id though it repeats some, so that
    the check can name their rows."""
    candidates = [path for path in _named((*_IDS, *_OFTEN_IDS), free) if _is_unique(path, sample)]
    candidates += [path for path in _named(_IDS, free) if _has_ids(path, sample)]
    return next(iter(candidates), "")


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
    return bool(values) and all(_KINDS.get(field.kind, _is_text)(value) for value in values)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


# What a field of these kinds shows; the others show any text.
_KINDS: dict[FieldKind, Callable[[object], bool]] = {
    FieldKind.CHAT: is_chat,
    FieldKind.IMAGE: is_image_address,
}


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


def _is_open(path: str) -> bool:
    """Whether a column can be shown without telling what is asked."""
    return not any(_words(part) in _TELLING for part in re.split(r"[.\[]", path))


def _ids(path: str, sample: Sample) -> list[str]:
    return [str(value) for value in _values(path, sample) if isinstance(value, str | int)]


def _is_unique(path: str, sample: Sample) -> bool:
    values = _ids(path, sample)
    return len(values) == len(set(values)) == len(sample) > 0


def _has_ids(path: str, sample: Sample) -> bool:
    """Whether most rows have something there that can be an id."""
    return 2 * len(_ids(path, sample)) > len(sample)


def _is_short(path: str, sample: Sample) -> bool:
    values = _values(path, sample)
    scalar = all(isinstance(value, str | int | float) for value in values)
    return bool(values) and scalar and all(len(str(value)) <= _METADATA_LENGTH for value in values)
