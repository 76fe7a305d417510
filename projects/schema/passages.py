"""A span question as a plain form: for each label the marked words, a line each, in the order of the text.

It is for browsers without a script, which cannot tell where somebody points. Lines that were left as the page had
them mean the exact places that came with them. Of others the same words once more are the next place where they
stand, so that what is to be marked there and not before cannot be said.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dibt.lib.text import excerpt
from projects.schema.answers import AnswerError, Fields
from projects.schema.asking import asked
from projects.schema.definition import TaskSchema
from projects.schema.problem import Problem
from projects.schema.questions import SpanQuestion
from projects.schema.spans import Span
from projects.schema.values import ValueRefusedError, canonical_value

PREFIX = "passages."
NOTHING = "nothing"

FormData = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Passages:
    """One text area: what is marked with this label."""

    input_name: str
    label: str
    lines: str
    suggested: str = ""


def written(
    schema: TaskSchema, data: FormData, fields: Fields | None, exact: Mapping[str, object]
) -> dict[str, object]:
    """What was said in the plain forms that were sent of questions that are asked, as JSON would say it. `exact` is
    all that was sent beside them, with the marks with which the page came. Raises `AnswerError`."""
    values: dict[str, object] = {}
    problems = []
    names = asked(schema, exact)
    for question in schema.questions:
        if isinstance(question, SpanQuestion) and question.name in names and _was_sent(question, data):
            before = known(question, exact.get(question.name), question.text_of(fields)) or ()
            try:
                values[question.name] = _read(question, data, question.text_of(fields), before)
            except ValueRefusedError as refusal:
                problems.append(Problem(question.name, f"{question.title}: {refusal}"))
    if problems:
        raise AnswerError(tuple(problems))
    return values


def parsed(text: str) -> object:
    """What a script sent; what is no JSON is left for the validation to refuse."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def says_nothing(question: SpanQuestion, data: FormData) -> bool:
    return NOTHING in data.get(PREFIX + question.name, ())


def known(question: SpanQuestion, value: object, text: str | None = None) -> tuple[Span, ...] | None:
    """The spans of a value; None where it is none that this question takes, as after a change of the task, or that
    does not fit into the `text`, if that is known."""
    try:
        spans = canonical_value(question, value, text=text)
    except ValueRefusedError:
        return None
    return spans  # type: ignore[return-value]  # a span question has no other values


def shown(
    question: SpanQuestion, data: FormData, spans: Iterable[Span], suggested: Iterable[Span], text: str
) -> tuple[Passages, ...]:
    """The text areas, with what was sent, else with the words of `spans`."""
    marked, proposed = _words(spans, text), _words(suggested, text)
    return tuple(
        Passages(
            name := _name(question, option.value),
            option.text,
            "\n".join(data[name] if name in data else marked.get(option.value, ())),
            ", ".join(proposed.get(option.value, ())),
        )
        for option in question.options
    )


def _words(spans: Iterable[Span], text: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for span in spans:
        found.setdefault(span.label, []).append(" ".join(text[span.start : span.end].split()))
    return found


def _was_sent(question: SpanQuestion, data: FormData) -> bool:
    """Whether the plain form was in use: a script disables it."""
    return any(_name(question, value) in data for value in question.values)


def _read(question: SpanQuestion, data: FormData, text: str | None, before: Sequence[Span]) -> object:
    """What was written there as JSON would say it; None where nothing was. Raises `ValueRefusedError`."""
    if text is None:
        raise ValueRefusedError(_("The text of this record is not at hand. Reload the page and try again."))
    had = _words(before, text)
    unchanged = {value for value in question.values if _lines(question, value, data) == had.get(value, [])}
    if says_nothing(question, data) and unchanged == set(question.values):
        return []  # who ticks that leaves aside what the page came with
    kept = [span for span in before if span.label in unchanged]
    changed = [value for value in question.values if value not in unchanged]
    marks = [span.to_json() for span in (*kept, *_found(question, data, text, changed))]
    return marks or ([] if says_nothing(question, data) else None)


def _lines(question: SpanQuestion, value: str, data: FormData) -> list[str]:
    lines = "\n".join(data.get(_name(question, value), ())).splitlines()
    return [words for line in lines if (words := line.strip())]


def _name(question: SpanQuestion, value: str) -> str:
    return f"{PREFIX}{question.name}.{value}"


def _found(question: SpanQuestion, data: FormData, text: str, labels: Iterable[str]) -> Iterator[Span]:
    for value in labels:
        after: dict[str, int] = {}
        for words in _lines(question, value, data):
            start = text.find(words, after.get(words, 0))
            if start < 0:
                raise ValueRefusedError(_not_found(words, again=words in after))
            after[words] = start + len(words)
            yield Span(start, start + len(words), value)


def _not_found(words: str, *, again: bool) -> str:
    sentence = (
        _("“%(words)s” is not in the text once more.")
        if again
        else _("“%(words)s” is not in the text. Write it as it stands there.")
    )
    return sentence % {"words": excerpt(words)}
