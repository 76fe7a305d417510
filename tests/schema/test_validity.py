from dataclasses import replace

import pytest
from hypothesis import given

from projects.schema.definition import TaskSchema
from projects.schema.fields import Field
from projects.schema.problem import Problem
from projects.schema.questions import LabelQuestion, Option, RatingQuestion, TextQuestion
from projects.schema.validity import SchemaError, problems, validate_schema
from tests.schema.schemas import EVERYTHING, RATING_ONLY, schemas

QUALITY = RATING_ONLY.questions[0]
TOPIC = EVERYTHING.questions[1]


def with_question(question):
    return TaskSchema(fields=RATING_ONLY.fields, questions=(QUALITY, question))


@given(schemas())
def test_a_schema_within_the_limits_has_no_problem(schema):
    assert problems(schema) == ()


def test_an_empty_schema_says_what_is_missing():
    assert problems(TaskSchema(fields=(), questions=())) == (
        Problem("fields", "At least one required field is needed: something has to be shown."),
        Problem("questions", "At least one required question is needed: something has to be asked."),
    )


def test_a_field_and_a_question_cannot_share_a_name():
    schema = TaskSchema(fields=(Field(name="quality", title="Quality"),), questions=(QUALITY,))

    assert [problem.place for problem in problems(schema)] == ["fields[0].name", "questions[0].name"]


@pytest.mark.parametrize("name", ["", "Quality", "1st", "a-b", "é", "a b", "a\n"])
def test_a_name_that_could_not_be_a_column_is_a_problem(name):
    found = problems(with_question(TextQuestion(name=name, title="Why?")))

    assert "questions[1].name" in [problem.place for problem in found]


@pytest.mark.parametrize(("low", "high"), [(1, 1), (5, 1), (0, 10), (-1, 3), (5, 11)])
def test_a_rating_beyond_two_to_ten_values_from_zero_to_ten_is_a_problem(low, high):
    assert problems(with_question(RatingQuestion(name="score", title="Score", min=low, max=high)))


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ((), "options"),
        ((Option(value="a", text="A"),), "options"),
        (tuple(Option(value=str(n), text=str(n)) for n in range(51)), "options"),
        ((Option(value="a", text="A"), Option(value="a", text="B")), "options[0].value"),
        ((Option(value="a", text="A"), Option(value=" b", text="B")), "options[1].value"),
        ((Option(value="a", text="A"), Option(value="", text="B")), "options[1].value"),
        ((Option(value="a", text="A"), Option(value="b", text=" ")), "options[1].text"),
        ((Option(value="a", text="A"), Option(value="b", text="B\0")), "options[1].text"),
        ((Option(value="a", text="A"), Option(value="b\nc", text="B")), "options[1].value"),
    ],
)
def test_options_that_cannot_be_told_apart_or_shown_are_problems(options, place):
    found = problems(with_question(LabelQuestion(name="label", title="Label", options=options)))

    assert found[0].place == f"questions[1].{place}"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"title": "two\nlines"}, "title"),
        ({"description": "x" * 1001}, "description"),
        ({"description": "\x1b[31m"}, "description"),
    ],
)
def test_wordings_have_to_be_readable_and_short(change, place):
    assert [problem.place for problem in problems(with_question(replace(TOPIC, **change)))] == [
        f"questions[1].{place}"
    ]


@pytest.mark.parametrize("length", [0, -1, 20_001])
def test_the_longest_answer_has_limits(length):
    found = problems(with_question(TextQuestion(name="why", title="Why?", max_length=length)))

    assert [problem.place for problem in found] == ["questions[1].max_length"]


def test_more_than_twenty_questions_are_too_many():
    questions = tuple(replace(QUALITY, name=f"q{number}") for number in range(21))

    found = problems(TaskSchema(fields=RATING_ONLY.fields, questions=questions))

    assert found == (Problem("questions", "These are 21; at most 20 are possible."),)


def test_using_an_invalid_schema_is_refused_with_all_its_problems():
    schema = TaskSchema(fields=(), questions=())

    with pytest.raises(SchemaError) as refusal:
        validate_schema(schema)

    assert refusal.value.problems == problems(schema)
