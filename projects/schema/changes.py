"""What differs between two schemas, and whether answers to the old one still fit the new one."""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, TypeVar

from django.utils.translation import gettext as _

from dibt.lib.text import excerpt
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field, FieldKind
from projects.schema.questions import (
    LabelQuestion,
    MultiLabelQuestion,
    Question,
    RankingQuestion,
    RatingQuestion,
    SpanQuestion,
    TextQuestion,
)
from projects.schema.show_if import ShowIf

Part = TypeVar("Part", Field, Question)
_WithOptions: TypeAlias = LabelQuestion | MultiLabelQuestion | RankingQuestion | SpanQuestion


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    REWORDED = "reworded"
    KIND = "kind"
    NEWLY_REQUIRED = "newly-required"
    NOW_OPTIONAL = "now-optional"
    OPTION_ADDED = "option-added"
    OPTION_REMOVED = "option-removed"
    RANGE = "range"
    FIELD = "field"
    NARROWED = "narrowed"
    WIDENED = "widened"
    CONDITION = "condition"


@dataclass(frozen=True)
class Change:
    """One difference. It is breaking when an answer or a record of the old schema may not fit the new one.

    `place` is the name of the field or question, or "fields", "questions" for their order.
    """

    kind: ChangeKind
    place: str
    breaking: bool
    sentence: str


def changes(old: TaskSchema, new: TaskSchema) -> tuple[Change, ...]:
    """All differences from `old` to `new`; a new name is a removal and an addition. Empty if equal."""
    return (
        *_of_parts("fields", old.fields, new.fields),
        *(change for before, after in _pairs(old.fields, new.fields) for change in _of_field(before, after)),
        *_of_parts("questions", old.questions, new.questions, unmissed=_unasked(old, new)),
        *(
            change
            for before, after in _pairs(old.questions, new.questions)
            for change in (*_of_question(before, after), *_of_condition(old, before, after))
        ),
    )


def _pairs(old: Sequence[Part], new: Sequence[Part]) -> Iterator[tuple[Part, Part]]:
    after = {part.name: part for part in new}
    return ((part, after[part.name]) for part in old if part.name in after)


def _of_parts(
    place: str,
    old: Sequence[Field | Question],
    new: Sequence[Field | Question],
    *,
    unmissed: Set[str] = frozenset(),
) -> Iterator[Change]:
    """`unmissed`: names of required parts that nothing from before can lack."""
    before, after = [part.name for part in old], [part.name for part in new]
    for part in old:
        if part.name not in after:
            yield _change(ChangeKind.REMOVED, part, breaking=True, text=_("“%(name)s” is removed."))
    for part in new:
        if part.name not in before and part.name in unmissed:
            text = _("“%(name)s” is added; it is asked only after answers that are new.")
            yield _change(ChangeKind.ADDED, part, text=text)
        elif part.name not in before and part.required:
            yield _change(ChangeKind.ADDED, part, breaking=True, text=_("“%(name)s” is added and required."))
        elif part.name not in before:
            yield _change(ChangeKind.ADDED, part, text=_("“%(name)s” is added; it is optional."))
    if [name for name in before if name in after] != [name for name in after if name in before]:
        yield Change(ChangeKind.MOVED, place, False, _("The order has changed."))


def _unasked(old: TaskSchema, new: TaskSchema) -> frozenset[str]:
    """New questions that no earlier answer is asked: it cannot have what their rules want."""
    rules = {question.name: question.show_if for question in new.questions}
    return frozenset(
        name for name, rule in rules.items() if rule and not _given_before(old, rule, rule.values)
    )


def _given_before(old: TaskSchema, rule: ShowIf, values: Iterable[int | str]) -> bool:
    """Whether an earlier answer may have one of these values where the rule looks for it."""
    question = old.question(rule.question)
    if isinstance(question, RatingQuestion | LabelQuestion | MultiLabelQuestion):
        return any(value in question.values for value in values)
    return question is not None


def _of_condition(old: TaskSchema, before: Question, after: Question) -> Iterator[Change]:
    was, now = before.show_if, after.show_if
    if now is None and was is not None:
        # Who was not asked has no answer.
        text = _("“%(name)s” is now asked always.")
        yield _change(ChangeKind.CONDITION, after, breaking=after.required, text=text)
    elif now is not None and was is None:
        # Who answered it would not be asked any more.
        text = _("“%(name)s” is now asked only after certain answers.")
        yield _change(ChangeKind.CONDITION, after, breaking=True, text=text)
    elif now and was and (now.question, set(now.values)) != (was.question, set(was.values)):
        added = set(now.values) - set(was.values)
        lacking = after.required and _given_before(old, now, added)
        breaking = now.question != was.question or not set(was.values) <= set(now.values) or lacking
        text = _("“%(name)s” is asked after other answers than before.")
        yield _change(ChangeKind.CONDITION, after, breaking=breaking, text=text)


def _of_field(old: Field, new: Field) -> Iterator[Change]:
    strict = FieldKind.CHAT in {old.kind, new.kind} or new.kind is FieldKind.IMAGE
    if strict and old.kind is not new.kind:
        yield _kind_changed(new, old.kind, breaking=True)
    elif old.kind is not new.kind:
        yield _kind_changed(new, old.kind, breaking=False)
    yield from _of_common(old, new)


def _of_common(old: Field | Question, new: Field | Question) -> Iterator[Change]:
    if old.title != new.title:
        yield _change(ChangeKind.REWORDED, new, text=_("The title of “%(name)s” is worded differently."))
    if new.required and not old.required:
        yield _change(ChangeKind.NEWLY_REQUIRED, new, breaking=True, text=_("“%(name)s” is now required."))
    if old.required and not new.required:
        yield _change(ChangeKind.NOW_OPTIONAL, new, text=_("“%(name)s” is now optional."))


def _of_question(old: Question, new: Question) -> Iterator[Change]:
    yield from _of_common(old, new)
    if old.description != new.description:
        text = _("The description of “%(name)s” is worded differently.")
        yield _change(ChangeKind.REWORDED, new, text=text)
    match old, new:
        case RatingQuestion(), RatingQuestion():
            yield from _of_rating(old, new)
        case LabelQuestion(), LabelQuestion():
            yield from _of_options(old, new)
        case MultiLabelQuestion(), MultiLabelQuestion():
            yield from _of_options(old, new)
        case RankingQuestion(), RankingQuestion():
            yield from _of_options(old, new, needs_all=True)
        case TextQuestion(), TextQuestion():
            yield from _of_text(old, new)
        case SpanQuestion(), SpanQuestion():
            yield from _of_options(old, new)
            yield from _of_spans(old, new)
        case _:
            yield _kind_changed(new, old.kind, breaking=True)


def _kind_changed(part: Field | Question, was: StrEnum, *, breaking: bool) -> Change:
    text = _("“%(name)s” was of the kind %(was)s and is now of the kind %(now)s.")
    return _change(ChangeKind.KIND, part, breaking=breaking, text=text, was=was, now=part.kind)


def _of_rating(old: RatingQuestion, new: RatingQuestion) -> Iterator[Change]:
    if old.values != new.values:
        yield _change(
            ChangeKind.RANGE,
            new,
            # An old 5 of 5 would still be taken as 5 of 10, and would no longer mean the same.
            breaking=True,
            text=_("“%(name)s” went from %(was)s and now goes from %(now)s."),
            was=f"{old.min}–{old.max}",
            now=f"{new.min}–{new.max}",
        )
    if (old.min_label, old.max_label) != (new.min_label, new.max_label):
        yield _change(ChangeKind.REWORDED, new, text=_("The ends of “%(name)s” are worded differently."))


def _of_options(old: _WithOptions, new: _WithOptions, *, needs_all: bool = False) -> Iterator[Change]:
    """`needs_all`: an answer names all options, so that one without a new option is no answer any more."""
    before = {option.value: option.text for option in old.options}
    after = {option.value: option.text for option in new.options}
    for value, wording in before.items():
        if value not in after:
            text = _("“%(name)s” no longer has the option “%(value)s”.")
            yield _change(ChangeKind.OPTION_REMOVED, new, breaking=True, text=text, value=value)
        elif wording != after[value]:
            text = _("The option “%(value)s” of “%(name)s” is worded differently.")
            yield _change(ChangeKind.REWORDED, new, text=text, value=value)
    for value in after:
        if value not in before:
            text = _("“%(name)s” has the new option “%(value)s”.")
            yield _change(ChangeKind.OPTION_ADDED, new, breaking=needs_all, text=text, value=value)
    if [value for value in before if value in after] != [value for value in after if value in before]:
        yield _change(ChangeKind.MOVED, new, text=_("The order of the options of “%(name)s” has changed."))


def _of_text(old: TextQuestion, new: TextQuestion) -> Iterator[Change]:
    if new.max_length < old.max_length or (old.multiline and not new.multiline):
        yield _change(
            ChangeKind.NARROWED, new, breaking=True, text=_("“%(name)s” takes less text than before.")
        )
    if new.max_length > old.max_length or (new.multiline and not old.multiline):
        yield _change(ChangeKind.WIDENED, new, text=_("“%(name)s” takes more text than before."))


def _of_spans(old: SpanQuestion, new: SpanQuestion) -> Iterator[Change]:
    if old.field != new.field:
        text = _("“%(name)s” marked the field “%(was)s” and now marks “%(now)s”.")
        yield _change(ChangeKind.FIELD, new, breaking=True, text=text, was=old.field, now=new.field)
    if old.allow_overlapping and not new.allow_overlapping:
        text = _("Marks of “%(name)s” may no longer overlap.")
        yield _change(ChangeKind.NARROWED, new, breaking=True, text=text)
    if new.allow_overlapping and not old.allow_overlapping:
        yield _change(ChangeKind.WIDENED, new, text=_("Marks of “%(name)s” may now overlap."))


def _change(
    kind: ChangeKind, part: Field | Question, *, text: str, breaking: bool = False, **values: str
) -> Change:
    named = {"name": excerpt(part.title)} | {key: excerpt(value) for key, value in values.items()}
    return Change(kind, part.name, breaking, text % named)
