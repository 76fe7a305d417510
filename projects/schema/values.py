"""What counts as an answer to one question, and its canonical form."""

from typing import assert_never

from django.utils.translation import gettext as _

from dibt.lib.text import excerpt, unstorable_character
from projects.schema.questions import (
    LabelQuestion,
    MultiLabelQuestion,
    Question,
    RankingQuestion,
    RatingQuestion,
    TextQuestion,
    Value,
)


class ValueRefusedError(ValueError):
    """This value does not answer this question; the message is a sentence for the person who gave it."""


def canonical_value(question: Question, value: object) -> Value | None:
    """The value in its canonical form; None where nothing was answered.

    Nothing are None, a blank text and an empty list. A text is stripped and its line ends are line feeds;
    several labels come in the order of the options, a ranking from the best to
    the worst of all options. Raises `ValueRefusedError`.
    """
    if value is None:
        return None
    match question:
        case RatingQuestion():
            return _rating(question, value)
        case LabelQuestion():
            return _label(question, value)
        case MultiLabelQuestion():
            return _labels(question, value)
        case RankingQuestion():
            return _ranking(question, value)
        case TextQuestion():
            return _text(question, value)
        case _:
            assert_never(question)


def _rating(question: RatingQuestion, value: object) -> int:
    # `True` is an int to Python, and 4.0 equals 4; neither is a rating that anybody gave.
    if type(value) is int and value in question.values:
        return value
    wanted = {"min": question.min, "max": question.max, "value": excerpt(value)}
    raise ValueRefusedError(
        _("“%(value)s” is no rating here; a whole number from %(min)s to %(max)s is.") % wanted
    )


def _label(question: LabelQuestion | MultiLabelQuestion | RankingQuestion, value: object) -> str:
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
