"""“Ask it only if …” in the task editor: which earlier question decides, and after which of its answers.

On the page a rule names the earlier question by its number, so that it goes on meaning the same one whatever is done
to names and titles; its answers are listed for ticking once that question is chosen.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from django import forms
from django.utils.translation import gettext as _

from dibt.lib.text import excerpt
from projects.forms.option_lines import of_lines
from projects.schema import limits
from projects.schema.questions import Question, QuestionKind
from projects.schema.show_if import ShowIf

Typed: TypeAlias = Mapping[str, str]
Choices: TypeAlias = list[tuple[str, str]]

AFTER, ANSWERS = "show_if", "show_values"
DECIDING = (QuestionKind.RATING, QuestionKind.LABEL, QuestionKind.MULTI_LABEL)


class Ticks(forms.CheckboxSelectMultiple):
    """Boxes whose ticked values are kept as one text, a line for each: no value has a line break in it."""

    def value_from_datadict(self, data: Mapping[str, Any], _files: object, name: str) -> str:
        return str(data.get(name, ""))

    def format_value(self, value: object) -> list[str]:
        return lines(value)


def lines(value: object) -> list[str]:
    return [line for line in str(value or "").split("\n") if line]


def deciding(questions: Sequence[Typed], index: int, *, chosen: str = "") -> Choices:
    """The questions on which the one at `index` can depend, by their number: earlier ones, and the one chosen."""
    choices = [("", _("Always"))]
    for number, question in enumerate(questions):
        if (number < index and question["kind"] in DECIDING) or str(number) == chosen:
            title = excerpt(question.get("title", "")) or _("question %(number)s") % {"number": number + 1}
            said = _("Only after certain answers to %(number)s. “%(title)s”")
            choices.append((str(number), said % {"number": number + 1, "title": title}))
    return choices


def answers(questions: Sequence[Typed], chosen: str) -> Choices:
    """What one can answer to the chosen question, as far as it is typed."""
    question = questions[int(chosen)] if _is_number(chosen, len(questions)) else {}
    if question.get("kind") == QuestionKind.RATING:
        low, high = question.get("min", "").strip(), question.get("max", "").strip()
        if not _is_number(low, limits.RATING_HIGHEST + 1) or not _is_number(high, limits.RATING_HIGHEST + 1):
            return []
        return [(str(value), str(value)) for value in range(int(low), int(high) + 1)]
    if question.get("kind") in DECIDING:
        return [(option.value, option.text) for option in of_lines(question.get("options", ""))]
    return []


def rule(questions: Sequence[Question], chosen: str, ticked: Sequence[str]) -> ShowIf | None:
    """The rule as typed, also one that cannot be followed; None for always."""
    if not _is_number(chosen, len(questions)):
        return None
    question = questions[int(chosen)]
    is_rating = question.kind is QuestionKind.RATING
    values = tuple(int(value) if is_rating and value.isdecimal() else value for value in ticked)
    return ShowIf(question=question.name, values=values)


def typed_rule(questions: Sequence[Question], question: Question) -> Typed:
    """The rule of a question as the form shows it."""
    names = [one.name for one in questions]
    if question.show_if is None or question.show_if.question not in names:
        return {}
    values = "\n".join(str(value) for value in question.show_if.values)
    return {AFTER: str(names.index(question.show_if.question)), ANSWERS: values}


def renumbered(questions: Sequence[Typed], places: Mapping[str, int]) -> list[Typed]:
    """The questions with rules that name the same ones as before, at their new places; a rule whose question is gone
    goes with it."""
    return [_renumbered(question, places) for question in questions]


def _renumbered(question: Typed, places: Mapping[str, int]) -> Typed:
    place = places.get(question.get(AFTER, ""))
    rest = {key: value for key, value in question.items() if key not in {AFTER, ANSWERS}}
    if place is None:
        return rest
    return rest | {AFTER: str(place)} | ({ANSWERS: question[ANSWERS]} if ANSWERS in question else {})


def _is_number(chosen: str, count: int) -> bool:
    """Whether this is one of the whole numbers from 0 to below `count`."""
    return chosen.isascii() and chosen.isdecimal() and len(chosen) < 4 and int(chosen) < count
