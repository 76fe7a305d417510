"""What counts as an answer to one question, and its canonical form."""

from collections.abc import Mapping
from typing import Any, assert_never

from django.utils.translation import gettext as _

from dibt.lib.text import excerpt, unstorable_character
from projects.schema import limits
from projects.schema.questions import (
    LabelQuestion,
    MultiLabelQuestion,
    Question,
    RankingQuestion,
    RatingQuestion,
    SpanQuestion,
    TextQuestion,
    Value,
)
from projects.schema.spans import KEYS, Span, overlapping, spans_from_json


class ValueRefusedError(ValueError):
    """This value does not answer this question; the message is a sentence for the person who gave it."""


def canonical_value(question: Question, value: object, *, text: str | None = None) -> Value | None:
    """The value in its canonical form; None where nothing was answered.

    Nothing are None, a blank text and an empty list, except for a span question, which says by it that there is
    nothing to mark. A text is stripped and its line ends are line feeds; several labels come in the order of the
    options, a ranking from the best to the worst of all options, spans in the order of the text, each once. `text`
    is what is marked; None where it is not known, and then how long it is. Raises `ValueRefusedError`.
    """
    canonical: Value | None = None
    if value is None:
        return canonical
    match question:
        case RatingQuestion():
            canonical = _rating(question, value)
        case LabelQuestion():
            canonical = _label(question, value)
        case MultiLabelQuestion():
            canonical = _labels(question, value)
        case RankingQuestion():
            canonical = _ranking(question, value)
        case TextQuestion():
            canonical = _text(question, value)
        case SpanQuestion():
            canonical = _spans(question, value, text)
        case _:
            assert_never(question)
    return canonical


def value_to_json(value: Value) -> object:
    """What is stored and sent of a value; `value_from_json` reads it back."""
    if isinstance(value, tuple):
        return [item.to_json() if isinstance(item, Span) else item for item in value]
    return value


def value_from_json(value: Any) -> Value:
    """A value that was stored; JSON makes lists of several labels, and objects of spans."""
    if not isinstance(value, list):
        return value  # type: ignore[no-any-return]  # what was stored was checked
    return spans_from_json(value) if value and isinstance(value[0], Mapping) else tuple(value)


def _rating(question: RatingQuestion, value: object) -> int:
    # `True` is an int to Python, and 4.0 equals 4; neither is a rating that anybody gave.
    if type(value) is int and value in question.values:
        return value
    wanted = {"min": question.min, "max": question.max, "value": excerpt(value)}
    raise ValueRefusedError(
        _("“%(value)s” is no rating here; a whole number from %(min)s to %(max)s is.") % wanted
    )


def _label(
    question: LabelQuestion | MultiLabelQuestion | RankingQuestion | SpanQuestion, value: object
) -> str:
    if isinstance(value, str) and value in question.values:
        return value
    raise ValueRefusedError(_("“%(value)s” is not one of the options.") % {"value": excerpt(value)})


def _labels(question: MultiLabelQuestion, value: object) -> tuple[str, ...] | None:
    chosen = _different(question, value)
    return tuple(option for option in question.values if option in chosen) or None


def _ranking(question: RankingQuestion, value: object) -> tuple[str, ...] | None:
    ranked = _different(question, value)
    if 0 < len(ranked) < len(question.options):
        wanted = {"count": len(ranked), "all": len(question.options)}
        raise ValueRefusedError(_("%(count)s of %(all)s options have a place; rank all of them.") % wanted)
    return ranked or None


def _different(question: MultiLabelQuestion | RankingQuestion, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise ValueRefusedError(_("A list of options is expected."))
    chosen = tuple(_label(question, item) for item in value)
    if len(set(chosen)) < len(chosen):
        raise ValueRefusedError(_("The same option is chosen twice."))
    return chosen


def _text(question: TextQuestion, value: object) -> str | None:
    if not isinstance(value, str):
        raise ValueRefusedError(_("Text is expected."))
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    if character := unstorable_character(text):
        raise ValueRefusedError(
            _("The text holds %(character)s, which cannot be stored; remove it.") % {"character": character}
        )
    if not question.multiline and "\n" in text:
        raise ValueRefusedError(_("The answer has to fit on one line."))
    if len(text) > question.max_length:
        raise ValueRefusedError(
            _("The text is %(count)s characters long; at most %(limit)s are possible.")
            % {"count": len(text), "limit": question.max_length}
        )
    return text or None


def _spans(question: SpanQuestion, value: object, text: str | None) -> tuple[Span, ...]:
    if not isinstance(value, list | tuple):
        raise ValueRefusedError(_("A list of marks is expected."))
    if len(value) > limits.SPANS:
        wanted = {"count": len(value), "limit": limits.SPANS}
        raise ValueRefusedError(_("These are %(count)s marks; at most %(limit)s are possible.") % wanted)
    spans = tuple(sorted({_span(question, item, text) for item in value}))
    if not question.allow_overlapping:
        for one, other in overlapping(spans):
            raise ValueRefusedError(
                _("The marks %(one)s and %(other)s overlap; here a part of the text has one mark at most.")
                % {"one": _place(one), "other": _place(other)}
            )
    return spans


def _span(question: SpanQuestion, value: object, text: str | None) -> Span:
    if isinstance(value, Span):
        value = value.to_json()
    if not isinstance(value, Mapping) or set(value) != set(KEYS):
        raise ValueRefusedError(_("A mark has a start, an end and a label."))
    start, end = (_offset(value[key]) for key in ("start", "end"))
    span = Span(start, end, _label(question, value["label"]))
    if end <= start:
        raise ValueRefusedError(
            _("The mark %(mark)s ends where it starts, or before.") % {"mark": _place(span)}
        )
    if end > (limits.FIELD_LENGTH if text is None else len(text)):
        raise ValueRefusedError(
            _("The mark %(mark)s goes past the end of the text.") % {"mark": _place(span)}
        )
    return span


def _offset(value: object) -> int:
    # As for a rating: `True` and 4.0 are no places in a text.
    if type(value) is int and value >= 0:
        return value
    raise ValueRefusedError(
        _("“%(value)s” is no place in a text; a whole number from 0 on is.") % {"value": excerpt(value)}
    )


def _place(span: Span) -> str:
    """A mark by its offsets: its words may be of a record that this person was never given."""
    return f"{excerpt(span.start)}–{excerpt(span.end)} ({excerpt(span.label)})"
