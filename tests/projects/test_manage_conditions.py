"""“Ask it only if …” in the task editor: a rule goes on meaning the same question, whatever is done to the form."""

from dataclasses import replace
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from projects.domain import tasks
from projects.forms.tasks import TaskForm
from projects.forms.typed_tasks import TypedTask, changed, sent, typed
from projects.models import Project
from projects.schema.definition import TaskSchema
from projects.schema.show_if import ShowIf
from projects.schema.validity import problems
from tests.annotations.import_worlds import lead_of
from tests.factories import a_project
from tests.schema.schemas import CONDITIONAL, schemas

QUALITY, FAULTS, WHY = CONDITIONAL.questions
TYPED = typed(CONDITIONAL)


def inputs(schema: TaskSchema) -> dict[str, str]:
    return {name: value for form in TaskForm(typed(schema)).parts for name, value in form.data.items()}


def browser(schema: TaskSchema) -> QueryDict:
    """What a browser sends: each ticked box on its own."""
    data = QueryDict(mutable=True)
    for name, value in inputs(schema).items():
        data.setlist(name, value.split("\n") if name.endswith("-show_values") else [value])
    return data


@given(schemas())
def test_a_task_with_rules_that_is_sent_back_unchanged_is_the_same_task(schema: TaskSchema):
    form = TaskForm(sent(browser(schema)))

    assert [question.show_if for question in form.schema().questions] == [
        question.show_if for question in schema.questions
    ]


@given(st.lists(st.sampled_from(["up questions 0", "up questions 1", "down questions 1", "up questions 2"])))
def test_moving_questions_changes_no_rule(actions: list[str]):
    task = TYPED
    for action in actions:
        task = changed(task, action)

    after = {question.name: question.show_if for question in TaskForm(task).schema().questions}

    assert after == {"quality": None, "faults": FAULTS.show_if, "why": WHY.show_if}


def test_a_rule_goes_with_the_question_on_which_it_depends():
    schema = TaskForm(changed(TYPED, "remove questions 0")).schema()

    assert [question.show_if for question in schema.questions] == [None, WHY.show_if]


def test_a_rule_follows_a_question_that_gets_another_name():
    data = browser(CONDITIONAL)
    data["questions-0-name"] = "score"

    assert TaskForm(sent(data)).schema().questions[1].show_if == replace(FAULTS.show_if, question="score")


def test_a_question_that_moves_below_its_rule_is_told_there():
    schema = TaskForm(changed(TYPED, "up questions 1")).schema()

    assert [problem.place for problem in problems(schema)] == ["questions[0].show_if.question"]


def test_one_can_depend_on_earlier_questions_that_are_answered_by_choosing():
    form = TaskForm(changed(TYPED, "add questions text"))

    assert [question.can_depend for question in form.questions] == [False, True, True, True]
    assert form.questions[3].fields["show_if"].widget.choices == [
        ("", "Always"),
        ("0", "Only after certain answers to 1. “Quality”"),
        ("1", "Only after certain answers to 2. “Faults”"),
    ]


@pytest.mark.parametrize(
    ("question", "choices"),
    [
        ({"kind": "rating", "min": "0", "max": "2"}, ["0", "1", "2"]),
        ({"kind": "rating", "min": "five", "max": "9" * 5_000}, []),
        ({"kind": "label", "options": "Yes\r\nno: Not at all"}, ["yes", "no"]),
        ({"kind": "label"}, []),
    ],
)
def test_the_answers_to_choose_from_are_those_that_are_typed(question: dict[str, str], choices: list[str]):
    task = TypedTask(questions=(question, {"kind": "text", "show_if": "0"}))

    offered = TaskForm(task).questions[1].fields["show_values"].widget.choices

    assert [value for value, _text in offered] == choices


@pytest.mark.parametrize("number", ["7", "-1", "x", "٠", "9" * 5_000, "1.0"])
def test_a_rule_about_a_question_that_is_not_there_is_none(number: str):
    data = browser(CONDITIONAL)
    data["questions-1-show_if"] = number

    assert TaskForm(sent(data)).schema().questions[1].show_if is None


# --- The page ---------------------------------------------------------------------------------------

pages = pytest.mark.django_db


def posted(project: Project, change: dict[str, Any], *, do: str = "save") -> Any:
    version = tasks.current_schema(project)
    client = Client()
    client.force_login(lead_of(project))
    said = {"edition": version.edition, "do": do, **inputs(CONDITIONAL), **change}
    return client.post(reverse("manage:task", args=[project.slug]), said)


@pages
def test_a_rule_is_saved_from_a_select_and_boxes():
    project = a_project()

    posted(project, {"questions-2-show_if": "0", "questions-2-show_values": ["1", "5"]})

    assert tasks.current_schema(project).schema.questions[2].show_if == ShowIf(
        question="quality", values=(1, 5)
    )


@pages
def test_without_a_script_a_button_shows_the_answers_of_the_chosen_question():
    project = a_project()

    page = posted(project, {"questions-2-show_if": "0"}, do="refresh").content.decode()

    assert '<input type="checkbox" name="questions-2-show_values" value="5"' in page
    assert tasks.current_schema(project).schema.question("why") is None


@pages
@pytest.mark.parametrize(
    ("change", "place", "sentence"),
    [
        (
            {"questions-2-show_values": []},
            "show_values",
            "Choose at least one answer after which this is asked.",
        ),
        ({"questions-2-show_values": ["gone"]}, "show_values", "“Faults” has no answer “gone”."),
        (
            {"questions-1-kind": "text", "questions-1-max_length": "9", "questions-1-show_if": ""},
            "show_if",
            "“Faults” is not answered by a rating or by labels, so nothing can depend on it.",
        ),
    ],
)
def test_a_rule_that_cannot_be_followed_is_told_at_its_input(
    change: dict[str, Any], place: str, sentence: str
):
    told = posted(a_project(), change)

    assert told.status_code == 422
    assert told.context["form"].questions[2].errors == {place: [sentence]}
    assert sentence in told.content.decode()
