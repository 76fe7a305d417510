"""The form of the task editor: one small form for each field and question, and the schema they describe."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms import conditions
from projects.forms.numbers import WholeNumber
from projects.forms.option_lines import name_of, of_lines
from projects.forms.typed_tasks import REFRESH, Place, Typed, TypedTask
from projects.schema import limits
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field, FieldKind
from projects.schema.problem import Problem
from projects.schema.questions import (
    LabelQuestion,
    MultiLabelQuestion,
    Question,
    QuestionKind,
    RankingQuestion,
    RatingQuestion,
    SpanQuestion,
    TextQuestion,
)
from projects.schema.show_if import ShowIf

FIELD_KINDS = [
    (FieldKind.TEXT.value, _("Text")),
    (FieldKind.MARKDOWN.value, _("Formatted text (Markdown)")),
    (FieldKind.CHAT.value, _("Chat, turn by turn")),
    (FieldKind.IMAGE.value, _("Image, shown from its web address")),
]
KIND_LABELS = {
    QuestionKind.RATING: _("Rating"),
    QuestionKind.LABEL: _("One label"),
    QuestionKind.MULTI_LABEL: _("Several labels"),
    QuestionKind.RANKING: _("Ranking"),
    QuestionKind.TEXT: _("Text"),
    QuestionKind.SPAN: _("Marks in the text"),
}

WITHIN_RATINGS: Any = {"lowest": limits.RATING_LOWEST, "highest": limits.RATING_HIGHEST}


class PartForm(forms.Form):
    """What fields and questions have in common. What is missing or wrong is told by the schema's own rules."""

    title = forms.CharField(label=_("Title"), required=False)
    name = forms.CharField(
        label=_("Name in the dataset"),
        required=False,
        help_text=_("Small letters, digits, underscores. Made from the title if you leave it empty."),
        widget=forms.TextInput(attrs={"dir": "ltr", "spellcheck": "false", "autocapitalize": "none"}),
    )
    required = forms.BooleanField(label=_("An answer is needed"), required=False)
    place: ClassVar[Place]
    heading: ClassVar[Any]
    # What the schema's rules want; the form itself takes it empty while it is being written.
    needed: ClassVar[tuple[str, ...]] = ("title",)
    # Which inputs stand side by side, from above.
    lines: ClassVar[tuple[tuple[str, ...], ...]]

    def __init__(self, typed: Typed, *, index: int, of: int, existing: Collection[str]) -> None:
        self.index, self.place_name, self.address = index, f"{self.place}[{index}]", f"{self.place} {index}"
        prefix = f"{self.place}-{index}"
        super().__init__({f"{prefix}-{name}": value for name, value in typed.items()}, prefix=prefix)
        self.is_first, self.is_last, self.number = index == 0, index == of - 1, index + 1
        self.fields["title"].widget.attrs["dir"] = "auto"
        if typed.get("name") in existing:
            self.fields["name"].widget.attrs["readonly"] = True

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        return [[self[name] for name in line] for line in self.lines]

    @property
    def wrong(self) -> list[forms.BoundField]:
        """The inputs with which something is wrong."""
        return [self[name] for name in self.fields if name in self.errors]

    def text(self, name: str) -> str:
        """What was typed there, with line ends as they are stored."""
        return str(self.cleaned_data.get(name) or "").replace("\r\n", "\n")

    def tell(self, inside: str, sentence: str) -> None:
        """Show a problem at the input it is about; `inside` is what follows the part's own place."""
        name = inside.lstrip(".").split("[")[0].split(".")[0]
        if name not in self.errors:  # what could not be read at all needs no second sentence
            self.add_error(name if name in self.fields else None, sentence)


class FieldForm(PartForm):
    place = "fields"
    heading = _("Field")
    required = forms.BooleanField(label=_("Every record has it"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=FIELD_KINDS)
    lines = (("title", "kind"), ("name", "required"))

    def part(self, name: str) -> Field:
        kind = FieldKind(self.cleaned_data.get("kind", FieldKind.TEXT))
        return Field(name=name, title=self.text("title"), kind=kind, required=self.cleaned_data["required"])


class QuestionForm(PartForm):
    place = "questions"
    kind = forms.CharField(widget=forms.HiddenInput)
    description = forms.CharField(
        label=_("Explanation"),
        required=False,
        help_text=_("Shown below the title. It can stay empty."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    show_if = forms.CharField(
        label=_("Ask it"),
        required=False,
        # A browser without scripts has a button for it, in the template.
        widget=forms.Select(
            attrs={"hx-post": "", "hx-trigger": "change", "hx-vals": f'{{"do": "{REFRESH}"}}'}
        ),
    )
    show_values = forms.CharField(
        label=_("Ask it after these answers"),
        required=False,
        help_text=_("One of them is enough."),
        widget=conditions.Ticks,
    )

    def offer(self, questions: Sequence[Typed]) -> None:
        """List on which questions this one can depend, and the answers of the one that is chosen."""
        chosen = questions[self.index].get(conditions.AFTER, "")
        choices = conditions.deciding(questions, self.index, chosen=chosen)
        self.fields[conditions.AFTER].widget.choices = choices
        answers = conditions.answers(questions, chosen)
        self.fields[conditions.ANSWERS].widget.choices = answers
        self.can_depend, self.depends = len(choices) > 1, bool(chosen)

    def rule(self, questions: Sequence[Question]) -> ShowIf | None:
        ticked = conditions.lines(self.text(conditions.ANSWERS))
        return conditions.rule(questions, self.text(conditions.AFTER), ticked)

    def tell(self, inside: str, sentence: str) -> None:
        super().tell(f".{conditions.ANSWERS}" if inside == ".show_if.values" else inside, sentence)

    def common(self, name: str) -> dict[str, Any]:
        said = {"title": self.text("title"), "description": self.text("description")}
        return {"name": name, "required": self.cleaned_data["required"], **said}

    def part(self, name: str) -> Question:
        raise NotImplementedError


class RatingForm(QuestionForm):
    heading = KIND_LABELS[QuestionKind.RATING]
    min = WholeNumber(label=_("From"), **WITHIN_RATINGS)
    max = WholeNumber(label=_("To"), **WITHIN_RATINGS)
    min_label = forms.CharField(label=_("What the lowest means"), required=False)
    max_label = forms.CharField(label=_("What the highest means"), required=False)
    lines = (
        ("title",),
        ("description",),
        ("min", "min_label"),
        ("max", "max_label"),
        ("name", "required"),
    )

    def part(self, name: str) -> Question:
        low, high = self.cleaned_data.get("min", 1), self.cleaned_data.get("max", 5)
        lowest, highest = self.text("min_label"), self.text("max_label")
        return RatingQuestion(**self.common(name), min=low, max=high, min_label=lowest, max_label=highest)


class LabelForm(QuestionForm):
    heading = KIND_LABELS[QuestionKind.LABEL]
    options = forms.CharField(
        label=_("Options"),
        required=False,
        help_text=_(
            "One on each line, as people read it. What the dataset stores is made from it; to choose that "
            "yourself, write it in front with a colon, such as “pos: Positive”."
        ),
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )
    needed: ClassVar[tuple[str, ...]] = ("title", "options")
    lines: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("title",),
        ("description",),
        ("options",),
        ("name", "required"),
    )

    def part(self, name: str) -> Question:
        return LabelQuestion(**self.common(name), options=of_lines(self.text("options")))


class MultiLabelForm(LabelForm):
    heading = KIND_LABELS[QuestionKind.MULTI_LABEL]

    def part(self, name: str) -> Question:
        return MultiLabelQuestion(**self.common(name), options=of_lines(self.text("options")))


class RankingForm(LabelForm):
    heading = KIND_LABELS[QuestionKind.RANKING]

    def part(self, name: str) -> Question:
        return RankingQuestion(**self.common(name), options=of_lines(self.text("options")))


class TextForm(QuestionForm):
    heading = KIND_LABELS[QuestionKind.TEXT]
    max_length = WholeNumber(label=_("Longest answer, in characters"), lowest=1, highest=limits.ANSWER_LENGTH)
    multiline = forms.BooleanField(label=_("Several lines"), required=False)
    lines = (("title",), ("description",), ("max_length", "multiline"), ("name", "required"))

    def part(self, name: str) -> Question:
        length = self.cleaned_data.get("max_length", TextQuestion.max_length)
        return TextQuestion(**self.common(name), max_length=length, multiline=self.cleaned_data["multiline"])


class SpanForm(LabelForm):
    heading = KIND_LABELS[QuestionKind.SPAN]
    field = forms.CharField(
        label=_("Text to mark"),
        required=False,
        help_text=_("People mark words in it. It has to be of the kind “Text”."),
        widget=forms.Select,
    )
    allow_overlapping = forms.BooleanField(label=_("Marks may overlap"), required=False)
    needed = ("title", "field", "options")
    lines = (("title",), ("description",), ("field", "allow_overlapping"), ("options",), ("name", "required"))

    def __init__(self, typed: Typed, **kwargs: Any) -> None:
        super().__init__(typed, **kwargs)
        self.fields["options"].label = _("Labels")
        self.texts: list[str] = []

    def offer_fields(self, texts: Sequence[tuple[str, str]]) -> None:
        """Let them choose among the names and titles of these fields; a single one is chosen already."""
        self.texts = [name for name, _title in texts]
        chosen = self.data.get(self.add_prefix("field"), "")
        choices = texts if len(texts) == 1 or chosen in self.texts else [("", _("Choose")), *texts]
        self.fields["field"].widget.choices = choices

    def part(self, name: str) -> Question:
        typed = self.text("field")
        field = self.texts[0] if len(self.texts) == 1 and typed not in self.texts else typed
        return SpanQuestion(
            **self.common(name),
            options=of_lines(self.text("options")),
            field=field,
            allow_overlapping=self.cleaned_data["allow_overlapping"],
        )


QUESTION_FORMS: Mapping[str, type[QuestionForm]] = {
    QuestionKind.RATING: RatingForm,
    QuestionKind.LABEL: LabelForm,
    QuestionKind.MULTI_LABEL: MultiLabelForm,
    QuestionKind.RANKING: RankingForm,
    QuestionKind.TEXT: TextForm,
    QuestionKind.SPAN: SpanForm,
}


class TaskForm:
    """All forms of a task as typed. `existing` are the names that are saved already: they stay as they are."""

    def __init__(self, task: TypedTask, *, existing: Collection[str] = ()) -> None:
        self.fields = [
            FieldForm(typed, index=index, of=len(task.fields), existing=existing)
            for index, typed in enumerate(task.fields)
        ]
        self.questions = [
            QUESTION_FORMS[typed["kind"]](typed, index=index, of=len(task.questions), existing=existing)
            for index, typed in enumerate(task.questions)
        ]
        for form in self.questions:
            form.offer(task.questions)
        self.general: list[str] = []
        self._offer_fields()

    @property
    def parts(self) -> tuple[PartForm, ...]:
        return (*self.fields, *self.questions)

    @property
    def is_valid(self) -> bool:
        """Whether everything that was typed can be read at all; the schema's rules come after."""
        return all(form.is_valid() for form in self.parts) and not self.general

    def schema(self) -> TaskSchema:
        """The schema as typed, also where it breaks the rules; names left empty are made from the titles."""
        for form in self.parts:
            form.full_clean()
        names = self._names()
        fields = tuple(form.part(next(names)) for form in self.fields)
        questions = tuple(form.part(next(names)) for form in self.questions)
        ruled = zip(questions, self.questions, strict=True)
        return TaskSchema(
            fields=fields,
            questions=tuple(replace(question, show_if=form.rule(questions)) for question, form in ruled),
        )

    def focus(self, place: str) -> None:
        """Let the reader go on at the last part of a place, which was just added."""
        part = (self.fields if place == "fields" else self.questions)[-1]
        part.fields["title"].widget.attrs["data-focus"] = True

    def tell(self, problems: Iterable[Problem]) -> None:
        """Show each problem where it is."""
        for problem in problems:
            form = next((part for part in self.parts if problem.place.startswith(part.place_name)), None)
            if form is None:
                self.general.append(problem.sentence)
            else:
                form.tell(problem.place.removeprefix(form.place_name), problem.sentence)

    def _offer_fields(self) -> None:
        """The fields as they will be called, also before those without a name are saved."""
        marking = [form for form in self.questions if isinstance(form, SpanForm)]
        if not marking:
            return
        for form in self.parts:
            form.full_clean()
        named = zip(self._names(), self.fields, strict=False)
        texts = [
            (name, form.text("title") or name) for name, form in named if form.text("kind") == FieldKind.TEXT
        ]
        for form in marking:
            form.offer_fields(texts)

    def _names(self) -> Iterator[str]:
        taken = {form.text("name").strip() for form in self.parts}
        for form in self.parts:
            name = form.text("name").strip() or _free_name(form, taken)
            taken.add(name)
            yield name


def _free_name(form: PartForm, taken: set[str]) -> str:
    otherwise = "field" if form.place == "fields" else "question"
    wanted = name_of(form.text("title")) or f"{otherwise}_{form.index + 1}"
    numbered = (f"{wanted}_{number}" for number in count(2))
    return wanted if wanted not in taken else next(name for name in numbered if name not in taken)
