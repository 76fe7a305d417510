"""What the workspace's page needs of each question."""

import json
from dataclasses import dataclass

from projects.schema.asking import Condition
from projects.schema.passages import Passages
from projects.schema.questions import Question, QuestionKind, SpanQuestion, TextQuestion
from projects.schema.suggestions import Suggestion

# The answer that there is nothing to mark.
NO_SPANS = "[]"


@dataclass(frozen=True)
class WidgetOption:
    """One radio button, check box or thing to rank; `key` is the digit that chooses it, or "".

    `place` and `suggested_place` are those in a ranking, 1 for the best; None outside of one.
    """

    value: str
    text: str
    key: str
    chosen: bool
    suggested: bool
    place: int | None = None
    suggested_place: int | None = None


@dataclass(frozen=True)
class Widget:
    """One question as the page needs it; `options` is empty for a text, `text` for what is chosen.

    `suggestion` is what somebody proposed, `begun` whether it is what the widget now holds, untouched.
    `condition` says when the question is asked, None for always.
    `places` are those of a ranking, the best first: each is the value of the option that stands there, or "". Of a
    span question `text` and `suggested_text` are marks as JSON, and `passages` are its plain form.
    """

    question: Question
    input_name: str
    options: tuple[WidgetOption, ...]
    text: str
    suggested_text: str
    problems: tuple[str, ...]
    places: tuple[str, ...] = ()
    suggestion: Suggestion | None = None
    begun: bool = False
    condition: Condition | None = None
    passages: tuple[Passages, ...] = ()

    @property
    def name(self) -> str:
        return self.question.name

    @property
    def kind(self) -> QuestionKind:
        return self.question.kind

    @property
    def title(self) -> str:
        return self.question.title

    @property
    def description(self) -> str:
        return self.question.description

    @property
    def is_suggested(self) -> bool:
        """Whether somebody proposed an answer."""
        return self.suggestion is not None

    @property
    def has_suggested_text(self) -> bool:
        """Whether the text is still the suggested one."""
        return bool(self.suggested_text) and self.text == self.suggested_text

    @property
    def is_line(self) -> bool:
        """Whether a text has to fit on one line."""
        return isinstance(self.question, TextQuestion) and not self.question.multiline

    @property
    def needs_way_out(self) -> bool:
        """Whether leaving the question open has to be a choice: a radio button that is chosen cannot be let go."""
        single = self.kind in {QuestionKind.RATING, QuestionKind.LABEL}
        return single and self.is_suggested and not self.required

    @property
    def is_open(self) -> bool:
        return not any(option.chosen for option in self.options)

    @property
    def shown_after(self) -> str:
        """The name of the question on which this one depends, "" for none; `shown_values` are JSON, as sent."""
        return self.question.show_if.question if self.question.show_if else ""

    @property
    def shown_values(self) -> str:
        rule = self.question.show_if
        return json.dumps([str(value) for value in rule.values] if rule else [])

    @property
    def required(self) -> bool:
        return self.question.required

    @property
    def marked_field(self) -> str:
        """The field whose text is marked here, "" for other kinds of questions."""
        return self.question.field if isinstance(self.question, SpanQuestion) else ""

    @property
    def nothing_to_mark(self) -> bool:
        return self.text == NO_SPANS


@dataclass(frozen=True)
class Form:
    """The widgets in order.

    Keys belong to the question that is current: with one question always that one (`one_key` says that a
    key alone is the whole answer); with several the one that has the focus, from the first open one on.
    """

    widgets: tuple[Widget, ...]

    @property
    def field_in_question(self) -> str:
        """The field that the first question marks: it is read there, and need not be shown twice."""
        return self.widgets[0].marked_field if self.widgets else ""

    @property
    def one_key(self) -> bool:
        return len(self.widgets) == 1 and self.widgets[0].kind in {QuestionKind.RATING, QuestionKind.LABEL}
