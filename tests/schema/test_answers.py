import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.schema.answers import Answer, AnswerError, validate_answer, validate_partial
from projects.schema.form import answer_from_form, form_data
from projects.schema.problem import Problem
from tests.schema.schemas import EVERYTHING, RATING_ONLY, answered, json_values, schemas


@given(answered())
def test_a_valid_answer_validates_to_itself(case):
    schema, values = case

    answer = validate_answer(schema, values)

    assert validate_answer(schema, json.loads(json.dumps(answer.to_json()))) == answer


@given(answered())
def test_a_form_and_json_give_the_same_answer(case):
    schema, values = case

    answer = validate_answer(schema, values)

    assert answer_from_form(schema, form_data(answer)) == answer


def refusal_of(schema, value):
    try:
        validate_answer(schema, value)
    except AnswerError as refusal:
        return refusal
    return None


@given(schemas(), json_values())
def test_no_json_value_does_worse_than_being_refused(schema, value):
    refusal = refusal_of(schema, value)

    assert refusal
    assert refusal.problems


@given(schemas(), st.data())
def test_no_json_value_for_a_known_question_does_worse_than_being_refused(schema, data):
    values = {question.name: data.draw(json_values()) for question in schema.questions}

    refusal = refusal_of(schema, values)

    if refusal:
        assert set(refusal.fields) <= set(values)
        assert refusal.message.encode("utf-8")


def test_values_come_out_in_their_canonical_form():
    values = {
        "word": None,
        "comment": " two\r\nlines ",
        "flags": ["spam", "pii"],
        "quality": 4,
        "topic": "code",
    }

    answer = validate_answer(EVERYTHING, values)

    assert list(answer.values.items()) == [
        ("quality", 4),
        ("topic", "code"),
        ("flags", ("pii", "spam")),
        ("comment", "two\nlines"),
    ]


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("quality", None, "“Quality” needs an answer."),
        ("quality", 6, "Quality: “6” is no rating here; a whole number from 1 to 5 is."),
        ("quality", True, "Quality: “true” is no rating here; a whole number from 1 to 5 is."),
        ("quality", 4.0, "Quality: “4.0” is no rating here; a whole number from 1 to 5 is."),
        ("quality", "4", "Quality: “4” is no rating here; a whole number from 1 to 5 is."),
        ("quality", float("nan"), "Quality: “NaN” is no rating here; a whole number from 1 to 5 is."),
        ("quality", 10**40, "Quality: “…” is no rating here; a whole number from 1 to 5 is."),
        ("topic", "maths", "Topic: “maths” is not one of the options."),
        ("topic", ["math"], "Topic: “[…]” is not one of the options."),
        ("topic", "\u202edoc", "Topic: “U+202Edoc” is not one of the options."),
        ("flags", "pii", "Flags: A list of options is expected."),
        ("flags", ["pii", "pii"], "Flags: The same option is chosen twice."),
        ("flags", ["pii", 3], "Flags: “3” is not one of the options."),
        ("comment", 5, "Comment: Text is expected."),
        ("comment", "a\0b", "Comment: The text holds U+0000, which cannot be stored; remove it."),
        ("comment", "\ud800", "Comment: The text holds U+D800, which cannot be stored; remove it."),
        ("comment", "x" * 41, "Comment: The text is 41 characters long; at most 40 are possible."),
        ("word", "a\nb", "One word: The answer has to fit on one line."),
        ("mood", 1, "There is no question “mood” in this task."),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(name, value, sentence):
    with pytest.raises(AnswerError) as refusal:
        validate_answer(EVERYTHING, {"quality": 4, name: value})

    assert refusal.value.problems == (Problem(name, sentence),)


def test_every_problem_is_told_at_once_in_the_order_of_the_questions():
    with pytest.raises(AnswerError) as refusal:
        validate_answer(EVERYTHING, {"mood": 1, "comment": 5, "topic": "x"})

    assert list(refusal.value.fields) == ["quality", "topic", "comment", "mood"]


@pytest.mark.parametrize("values", [None, [], "quality", 4])
def test_an_answer_that_is_no_object_is_refused(values):
    with pytest.raises(AnswerError) as refusal:
        validate_answer(RATING_ONLY, values)

    assert refusal.value.problems == (Problem("", "An answer has a value for each question."),)


def test_a_draft_may_leave_required_questions_open():
    assert validate_partial(EVERYTHING, {"topic": "math"}) == Answer({"topic": "math"})


def test_a_suggestion_is_held_to_the_same_rules():
    with pytest.raises(AnswerError) as refusal:
        validate_partial(EVERYTHING, {"topic": "maths"})

    assert list(refusal.value.fields) == ["topic"]


def test_an_answer_cannot_be_changed():
    answer = validate_answer(RATING_ONLY, {"quality": 3})

    with pytest.raises(TypeError):
        answer.values["quality"] = 5
