"""The task editor: a plain form in which nothing typed is lost, and what it makes of it."""

import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from projects.domain import projects, tasks
from projects.forms.option_lines import as_lines, name_of, of_lines
from projects.forms.tasks import TaskForm
from projects.forms.typed_tasks import TypedTask, changed, sent, typed
from projects.models import Project
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field, FieldKind
from projects.schema.presets import PRESETS
from projects.schema.questions import (
    LabelQuestion,
    MultiLabelQuestion,
    Option,
    RatingQuestion,
    SpanQuestion,
    TextQuestion,
)
from tests.annotations.import_worlds import imported, lead_of
from tests.factories import a_project
from tests.schema.schemas import EVERYTHING, RANKING_ONLY, SPANS_ONLY

HTMX = {"HTTP_HX_REQUEST": "true"}
WORDS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)


def url(project: Project) -> str:
    return reverse("manage:task", args=[project.slug])


def led(project: Project) -> Client:
    client = Client()
    client.force_login(lead_of(project))
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def inputs(schema: TaskSchema) -> dict[str, str]:
    """What a browser would send for a form that shows this schema."""
    return {name: value for form in TaskForm(typed(schema)).parts for name, value in form.data.items()}


def posted(project: Project, change: dict[str, str] | None = None, *, do: str = "save", **extra: Any) -> Any:
    version = tasks.current_schema(project)
    said = {"edition": version.edition, "do": do, **inputs(version.schema), **(change or {})}
    return led(project).post(url(project), said, **extra)


def schema_of(project: Project) -> TaskSchema:
    return tasks.current_schema(project).schema


# --- What is typed ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "schema", [EVERYTHING, RANKING_ONLY, SPANS_ONLY, *(preset.schema for preset in PRESETS)]
)
def test_a_form_sent_back_unchanged_is_the_same_task(schema: TaskSchema):
    data = QueryDict(mutable=True)
    data.update(inputs(schema))

    form = TaskForm(sent(data))

    assert form.schema() == schema
    assert form.is_valid


@given(st.lists(st.builds(Option, value=WORDS, text=WORDS), max_size=5))
def test_options_written_as_lines_are_read_back_exactly(options: list[Option]):
    assert of_lines(as_lines(options)) == tuple(options)


@pytest.mark.parametrize(
    ("line", "option"),
    [
        ("Very good", Option(value="very_good", text="Very good")),
        ("pos: Positive: all of it", Option(value="pos", text="Positive: all of it")),
        (r"a\:b: Text", Option(value="a:b", text="Text")),
        ("إيجابي", Option(value="إيجابي", text="إيجابي")),
    ],
)
def test_an_option_may_be_its_text_alone_or_a_value_in_front_of_it(line: str, option: Option):
    assert of_lines(f"\r\n  {line}  \r\n\r\n") == (option,)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("How good is this prompt?", "how_good_is_this_prompt"),
        ("Ẹ káàbọ̀", "e_kaabo"),
        ("3 wishes", "wishes"),
        ("ما رأيك", ""),
        ("ما رأيك في هذا النص OK", ""),
    ],
)
def test_a_name_is_made_from_a_title_where_enough_of_it_is_left(title: str, name: str):
    assert name_of(title) == name


def test_parts_without_a_name_get_free_ones_and_those_with_one_keep_it():
    task = TypedTask(
        fields=({"title": "Text", "kind": "text", "name": "kept"}, {"title": "Text", "kind": "text"}),
        questions=(
            {"kind": "text", "title": "Text", "max_length": "9"},
            {"kind": "text", "title": "سؤال", "max_length": "9"},
        ),
    )

    schema = TaskForm(task).schema()

    assert [part.name for part in (*schema.fields, *schema.questions)] == [
        "kept",
        "text",
        "text_2",
        "question_2",
    ]


def test_buttons_add_remove_and_move_parts():
    task = typed(EVERYTHING)
    names = [part["name"] for part in task.questions]

    added = changed(task, "add questions label")
    removed = changed(task, "remove questions 0")
    moved = changed(changed(task, "up questions 1"), "down questions 2")
    at_the_end = changed(task, "up questions 0")

    assert added.questions[-1]["kind"] == "label"
    assert [part["name"] for part in removed.questions] == names[1:]
    assert [part["name"] for part in moved.questions] == [names[1], names[0], names[3], names[2], *names[4:]]
    assert at_the_end == task


# --- The page ---------------------------------------------------------------------------------------

pages = pytest.mark.django_db


@pages
def test_the_page_shows_the_task_with_an_input_for_each_part():
    page = text(led(project := a_project()).get(url(project)))

    assert 'name="fields-0-title" value="Prompt"' in page
    assert 'name="questions-0-max" value="5"' in page
    assert 'name="do" value="add questions multi_label"' in page
    assert 'name="do" value="add questions ranking"' in page


@pages
def test_saving_makes_the_task_what_was_typed():
    project = a_project()

    answer = posted(project, {"questions-0-title": "Worth answering?", "questions-0-max": "7"})

    assert answer.headers["Location"] == url(project)
    assert schema_of(project).questions == (
        RatingQuestion(
            name="quality",
            title="Worth answering?",
            description="Judge the prompt itself, not the answer that a model might give.",
            max=7,
            min_label="Very bad",
            max_label="Very good",
        ),
    )


@pages
def test_a_new_question_typed_in_is_saved_with_a_name_of_its_title():
    project = a_project()
    new = {
        "questions-1-kind": "multi_label",
        "questions-1-title": "What is it about?",
        "questions-1-options": "Coding\r\npoetry: Poems and songs",
    }

    posted(project, new)

    assert schema_of(project).questions[1] == MultiLabelQuestion(
        name="what_is_it_about",
        title="What is it about?",
        required=False,
        options=(Option(value="coding", text="Coding"), Option(value="poetry", text="Poems and songs")),
    )


@pages
def test_marks_in_a_text_are_asked_for_without_code():
    project = a_project()
    shown = text(posted(project, do="add questions span", **HTMX))
    new = {
        "questions-1-kind": "span",
        "questions-1-title": "Names",
        "questions-1-options": "Person",
        "questions-1-field": "",
        "questions-1-allow_overlapping": "on",
    }

    posted(project, new)

    assert '<option value="prompt">Prompt</option>' in shown
    assert "Marks may overlap" in shown
    assert schema_of(project).questions[1] == SpanQuestion(
        name="names",
        title="Names",
        required=False,
        field="prompt",  # the only text there is
        allow_overlapping=True,
        options=(Option(value="person", text="Person"),),
    )


@pages
def test_which_of_several_texts_is_marked_is_the_leads_choice_also_before_they_are_named():
    project = a_project()
    new = {
        "fields-1-title": "Source text",
        "fields-1-kind": "text",
        "fields-2-title": "Notes",
        "fields-2-kind": "markdown",
        "questions-1-kind": "span",
        "questions-1-title": "Names",
        "questions-1-options": "Person",
    }

    refused = posted(project, new)
    posted(project, new | {"questions-1-field": "source_text"})

    assert refused.status_code == 422
    assert "Choose the field whose text is to be marked." in text(refused)
    choices = re.findall(
        r'<option value="(\w*)"[^>]*>([^<]*)</option>', text(refused).split('name="questions-1-field"', 1)[1]
    )
    assert choices[:3] == [("", "Choose"), ("prompt", "Prompt"), ("source_text", "Source text")]
    assert schema_of(project).questions[1].field == "source_text"


@pages
@pytest.mark.parametrize("by_htmx", [False, True])
def test_a_button_keeps_everything_typed_and_saves_nothing(by_htmx: bool):
    project = a_project()
    before = schema_of(project)

    answer = posted(
        project, {"questions-0-title": "Half a ti"}, do="add questions text", **(HTMX if by_htmx else {})
    )

    page = text(answer)
    assert answer.status_code == 200
    assert 'value="Half a ti"' in page
    assert 'name="questions-1-kind" value="text"' in page
    assert ("<html" in page) is not by_htmx
    assert "This must not be empty." not in page
    assert schema_of(project) == before


@pages
def test_what_is_wrong_is_told_where_it_is_and_nothing_typed_is_lost():
    project = a_project()
    wrong = {
        "fields-0-title": "",
        "questions-0-min": "four",
        "questions-1-kind": "label",
        "questions-1-title": "Which?",
        "questions-1-options": "Only one",
    }

    answer = posted(project, wrong)
    form = answer.context["form"]

    assert answer.status_code == 422
    assert form.questions[0].errors == {"min": ["Write a whole number from 0 to 10."]}
    assert form.fields[0].errors == {}
    assert "Only one" in text(answer)
    told = posted(project, wrong | {"questions-0-min": "1"}).context["form"]
    assert told.fields[0].errors == {"title": ["This must not be empty."]}
    assert told.questions[1].errors == {"options": ["At least two options are needed to choose from."]}


@pages
def test_a_task_without_questions_is_told_so():
    project = a_project()
    version = tasks.current_schema(project)
    only_fields = {"edition": version.edition, "fields-0-title": "Text", "fields-0-kind": "text"}

    page = text(led(project).post(url(project), only_fields))

    assert "At least one required question is needed: something has to be asked." in page


@pages
def test_a_task_saved_in_another_tab_is_not_overwritten():
    project = a_project()
    stale = tasks.current_schema(project).edition
    posted(project, {"questions-0-title": "Of the first tab"})

    told = posted(project, {"questions-0-title": "Of the second tab", "edition": stale})

    assert told.status_code == 422
    assert "Somebody saved this task after you opened it." in text(told)
    assert 'value="Of the second tab"' in text(told)
    assert schema_of(project).questions[0].title == "Of the first tab"


@pages
def test_a_preset_is_put_into_the_form_and_saved_only_by_saving():
    project = a_project()
    before = schema_of(project)

    answer = posted(project, {"preset": "translation_review"}, do="preset", **HTMX)

    assert 'name="questions-1-name" value="correction"' in text(answer)
    assert schema_of(project) == before


@pages
def test_by_htmx_the_saved_form_goes_on_from_what_was_saved():
    project = a_project()

    answer = posted(project, {"questions-0-title": "One"}, **HTMX)

    assert "The task is saved." in text(answer)
    assert f'name="edition" value="{tasks.current_schema(project).edition}"' in text(answer)


@pages
def test_once_people_answer_names_are_fixed_and_breaking_changes_are_refused_with_reasons():
    project = a_project()
    imported(project)
    projects.open(project, by=lead_of(project))

    page = text(led(project).get(url(project)))
    told = posted(project, {"questions-0-max": "3", "questions-0-title": "Reworded"})
    posted(project, {"questions-0-title": "Reworded"})

    assert 'name="questions-0-name" value="quality"' in page
    assert "readonly" in page
    assert "went from 1–5 and now goes from 1–3" in text(told)
    assert tasks.current_schema(project).number == 2
    assert schema_of(project).questions[0].title == "Reworded"


@pages
@pytest.mark.parametrize(
    "action", ["remove questions 7", "add questions vote", "add nothing", "drop fields 0"]
)
def test_a_form_that_asks_for_what_is_not_there_is_refused_in_a_sentence(action: str):
    project = a_project()

    answer = posted(project, do=action, **HTMX)

    assert answer.status_code == 422
    assert "Reload the page" in text(answer)


@pages
def test_a_form_without_the_kind_of_a_question_is_refused_in_a_sentence():
    assert posted(a_project(), {"questions-3-title": "x"}, **HTMX).status_code == 422


@pages
def test_what_was_typed_while_the_session_ran_out_is_there_after_signing_in(client: Client):
    project = a_project()
    said = inputs(schema_of(project)) | {"questions-0-title": "Typed for an hour", "edition": "1-x"}
    client.post(url(project), said)

    client.force_login(lead_of(project))
    page = text(client.get(url(project)))

    assert 'value="Typed for an hour"' in page
    assert "This is not saved yet." in page


@pages
def test_every_kind_of_part_can_be_saved_and_shown_again():
    project = a_project()
    schema = TaskSchema(
        fields=(
            Field(name="chat", title="Talk", kind=FieldKind.CHAT),
            Field(name="note", title="Note", required=False),
        ),
        questions=(
            LabelQuestion(
                name="which",
                title="Which?",
                description="Two\nlines",
                options=(Option(value="a:b", text="A: b"), Option(value="c", text="C")),
            ),
            TextQuestion(name="why", title="Why?", required=False, multiline=False, max_length=50),
        ),
    )
    version = tasks.current_schema(project)

    led(project).post(url(project), {"edition": version.edition, **inputs(schema)})

    assert schema_of(project) == schema
    assert r"a\:b: A: b" in text(led(project).get(url(project)))


@pages
def test_what_is_wrong_is_listed_first_each_with_a_way_to_its_place():
    project = a_project()

    page = text(posted(project, {"fields-0-title": "", "questions-0-title": ""}, **HTMX))

    listed = re.findall(r'<li><a href="#([\w-]+)">([^<]+)</a>: ([^<]+)</li>', page)
    assert [(anchor, place) for anchor, place, _sentence in listed] == [
        ("id_fields-0-title", "Field 1, Title"),
        ("id_questions-0-title", "Rating 1, Title"),
    ]
    assert all(f'id="{anchor}"' in page and sentence for anchor, _place, sentence in listed)
