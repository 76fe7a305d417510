"""Whether the rules that ask a question only after certain answers can be followed."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from dibt.lib.text import excerpt
from projects.schema.definition import TaskSchema
from projects.schema.problem import Problem
from projects.schema.questions import LabelQuestion, MultiLabelQuestion, RatingQuestion
from projects.schema.show_if import ShowIf


def rule_problems(schema: TaskSchema) -> Iterator[Problem]:
    """Every rule has to name an earlier question that is answered by choosing, and answers that it has.

    Rules can so follow one another, and never in a circle.
    """
    for index, question in enumerate(schema.questions):
        if question.show_if:
            yield from _of_rule(schema, index, question.show_if)


def _of_rule(schema: TaskSchema, index: int, rule: ShowIf) -> Iterator[Problem]:
    place, named = f"questions[{index}].show_if", {"name": excerpt(rule.question)}
    earlier = next((one for one in schema.questions[:index] if one.name == rule.question), None)
    if earlier is None and schema.question(rule.question):
        sentence = _("“%(name)s” is asked after this question. Move it up, above this one.")
        yield Problem(f"{place}.question", sentence % named)
    elif earlier is None:
        sentence = _(
            "There is no question “%(name)s” before this one. Choose another, or ask this one always."
        )
        yield Problem(f"{place}.question", sentence % named)
    elif not isinstance(earlier, RatingQuestion | LabelQuestion | MultiLabelQuestion):
        sentence = _("“%(name)s” is not answered by a rating or by labels, so nothing can depend on it.")
        yield Problem(f"{place}.question", sentence % {"name": excerpt(earlier.title)})
    else:
        yield from _of_values(place, rule, earlier)


def _of_values(
    place: str, rule: ShowIf, earlier: RatingQuestion | LabelQuestion | MultiLabelQuestion
) -> Iterator[Problem]:
    if not rule.values:
        yield Problem(f"{place}.values", _("Choose at least one answer after which this is asked."))
    if len(set(rule.values)) < len(rule.values):
        yield Problem(f"{place}.values", _("The same answer is named twice."))
    for value in rule.values:
        if value not in earlier.values:
            sentence = _("“%(title)s” has no answer “%(value)s”.")
            yield Problem(
                f"{place}.values",
                sentence % {"title": excerpt(earlier.title), "value": excerpt(value)},
            )
