"""Questions that are asked only after certain answers to an earlier one."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.schema import argilla, card
from projects.schema.answers import Answer, AnswerError, validate_answer, validate_partial
from projects.schema.asking import asked
from projects.schema.changes import changes
from projects.schema.definition import TaskSchema
from projects.schema.form import answer_from_form, draft_from_form, form, form_data
from projects.schema.questions import Option, TextQuestion
from projects.schema.show_if import ShowIf
from projects.schema.validity import problems
from projects.schema.values import value_from_json
from tests.schema.schemas import (
    CONDITIONAL,
    EVERYTHING,
    RANKING_ONLY,
    answered,
    rules,
    schemas,
    values_of,
)

QUALITY, FAULTS, WHY = CONDITIONAL.questions


def asking(*questions):
    return TaskSchema(fields=CONDITIONAL.fields, questions=questions)


def refusal(values):
    with pytest.raises(AnswerError) as refused:
        validate_answer(CONDITIONAL, values)
    return refused.value.fields


# --- Answers ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "values",
    [
        {"quality": 4},
        {"quality": 2, "faults": ["wrong"]},
        {"quality": 2, "faults": ["wrong", "other"], "why": "It is in verse."},
    ],
)
def test_an_answer_has_what_is_asked_after_the_answers_before(values):
    assert validate_answer(CONDITIONAL, values).to_json() == values


def test_a_required_question_that_is_asked_needs_an_answer():
    assert refusal({"quality": 1}) == {"faults": ["“Faults” needs an answer."]}
    assert refusal({"quality": 1, "faults": ["rude"]}) == {"why": ["“Why?” needs an answer."]}


def test_an_answer_to_what_is_not_asked_is_refused_in_a_sentence():
    assert refusal({"quality": 4, "faults": ["wrong"]}) == {
        "faults": ["“Faults” is asked only if “Quality” is answered with: 1, 2. Leave it out."]
    }
    assert refusal({"quality": 1, "faults": ["wrong"], "why": "x"}) == {
        "why": [
            "“Why?” is asked only if “Faults” is answered with: Something else, It is rude. Leave it out."
        ]
    }


def test_a_question_after_one_that_is_not_asked_is_not_asked_either():
    assert list(refusal({"quality": 4, "faults": ["other"], "why": "x"})) == ["faults", "why"]
    assert asked(CONDITIONAL, {"quality": 4, "faults": ["other"]}) == {"quality"}


def test_nothing_is_said_of_questions_that_depend_on_an_answer_which_is_refused():
    assert list(refusal({"quality": 9, "faults": ["wrong"], "why": "x"})) == ["quality"]
    assert list(refusal({"quality": 1, "faults": ["bad"], "why": "x"})) == ["faults"]


def test_true_is_not_the_rating_one():
    assert list(refusal({"quality": True, "faults": ["wrong"]})) == ["quality"]


def test_a_draft_and_suggestions_may_hold_what_is_not_asked_yet():
    assert validate_partial(CONDITIONAL, {"why": "x"}) == Answer({"why": "x"})
    assert draft_from_form(CONDITIONAL, {"answer.why": ["x"]}) == Answer({"why": "x"})


def test_of_a_form_what_is_not_asked_is_dropped_even_if_it_would_be_refused():
    sent = {"answer.quality": ["5"], "answer.faults": ["wrong", "bad"], "answer.why": ["x" * 3_000]}

    assert answer_from_form(CONDITIONAL, sent) == Answer({"quality": 5})


@given(schemas(), st.data())
def test_a_form_with_everything_filled_in_is_an_answer_without_what_is_not_asked(schema, data):
    everything = Answer({one.name: value_from_json(data.draw(values_of(one))) for one in schema.questions})

    answer = answer_from_form(schema, form_data(everything))

    assert set(answer.values) == asked(schema, everything.values)
    assert validate_answer(schema, answer.to_json()) == answer


# --- The schema -------------------------------------------------------------------------------------


def test_a_question_without_a_rule_says_nothing_of_it_in_json():
    assert "show_if" not in QUALITY.to_json()
    assert FAULTS.to_json()["show_if"] == {"question": "quality", "values": [1, 2]}


@pytest.mark.parametrize(
    ("schema", "place", "sentence"),
    [
        (
            asking(QUALITY, replace(WHY, show_if=ShowIf(question="mood", values=(1,)))),
            "questions[1].show_if.question",
            "There is no question “mood” before this one. Choose another, or ask this one always.",
        ),
        (
            asking(QUALITY, WHY, FAULTS),
            "questions[1].show_if.question",
            "“faults” is asked after this question. Move it up, above this one.",
        ),
        (
            asking(QUALITY, replace(FAULTS, show_if=ShowIf(question="faults", values=("rude",)))),
            "questions[1].show_if.question",
            "“faults” is asked after this question. Move it up, above this one.",
        ),
        (
            asking(*RANKING_ONLY.questions, replace(WHY, show_if=ShowIf(question="order", values=("a",)))),
            "questions[1].show_if.question",
            "“Order” is not answered by a rating or by labels, so nothing can depend on it.",
        ),
        (
            asking(QUALITY, replace(WHY, show_if=ShowIf(question="quality", values=()))),
            "questions[1].show_if.values",
            "Choose at least one answer after which this is asked.",
        ),
        (
            asking(QUALITY, replace(WHY, show_if=ShowIf(question="quality", values=(1, 1)))),
            "questions[1].show_if.values",
            "The same answer is named twice.",
        ),
        (
            asking(QUALITY, replace(WHY, show_if=ShowIf(question="quality", values=(1, "1", 6)))),
            "questions[1].show_if.values",
            "“Quality” has no answer “1”.",
        ),
        (
            asking(replace(QUALITY, required=False), FAULTS),
            "questions",
            "At least one required question has to be asked always: else an answer could be empty.",
        ),
    ],
)
def test_a_rule_that_cannot_be_followed_is_a_problem(schema, place, sentence):
    first = problems(schema)[0]

    assert (first.place, first.sentence) == (place, sentence)


def test_rules_may_follow_one_another():
    assert problems(CONDITIONAL) == ()


# --- The other readers ------------------------------------------------------------------------------


def test_argilla_asks_always_requires_nothing_conditional_and_says_when():
    quality, faults, why = argilla.settings(
        asking(QUALITY, replace(FAULTS, description="All of them."), WHY)
    )["questions"]

    assert [question["required"] for question in (quality, faults, why)] == [True, False, False]
    assert quality["description"] is None
    assert faults["description"] == "Only if “Quality” is answered with 1 or 2. All of them."
    assert why["description"] == "Only if “Faults” is answered with Something else or It is rude."


def test_argilla_is_not_given_a_longer_description_than_it_takes():
    long = replace(FAULTS, description="x" * 1_000)

    assert len(argilla.settings(asking(QUALITY, long))["questions"][1]["description"]) == 1_000


def test_the_card_says_after_which_answers_a_question_is_asked():
    text = card.description(CONDITIONAL)

    assert "- `faults`: Faults (one or more labels, asked only if `quality` is 1 or 2)\n" in text
    assert "characters, asked only if `faults` is `other` or `rude`)\n" in text


def test_the_page_knows_which_controls_decide():
    _, faults, why = form(CONDITIONAL).widgets

    assert (faults.shown_after, faults.shown_values) == ("quality", '["1", "2"]')
    assert (why.shown_after, why.shown_values) == ("faults", '["other", "rude"]')
    assert (faults.condition.title, faults.condition.listed) == ("Quality", "1, 2")


def test_a_key_is_no_whole_answer_where_something_may_be_asked_after_it():
    assert not form(asking(QUALITY, FAULTS)).one_key


# --- Changes ----------------------------------------------------------------------------------------

ALWAYS = replace(FAULTS, show_if=None)
NEW = TextQuestion(name="new", title="New")


def breaking(old, new):
    return [change.breaking for change in changes(asking(*old), asking(*new))]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([QUALITY, replace(FAULTS, required=False)], [QUALITY, replace(ALWAYS, required=False)]),
        (
            [QUALITY, replace(FAULTS, required=False)],
            [
                QUALITY,
                replace(FAULTS, required=False, show_if=ShowIf(question="quality", values=(3, 2, 1))),
            ],
        ),
        ([QUALITY], [QUALITY, replace(FAULTS, required=False)]),
        # Nobody could be asked before, as what decides is new too, or one of its options is.
        (
            [QUALITY],
            [
                QUALITY,
                replace(ALWAYS, required=False),
                replace(NEW, show_if=ShowIf(question="faults", values=("rude",))),
            ],
        ),
    ],
)
def test_a_rule_after_which_every_earlier_answer_still_fits_is_safe(old, new):
    assert breaking(old, new) == [False] * len(breaking(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ([QUALITY, ALWAYS], [QUALITY, FAULTS]),
        ([QUALITY, replace(ALWAYS, required=False)], [QUALITY, replace(FAULTS, required=False)]),
        ([QUALITY, FAULTS], [QUALITY, ALWAYS]),
        (
            [QUALITY, FAULTS],
            [QUALITY, replace(FAULTS, show_if=ShowIf(question="quality", values=(1, 2, 3)))],
        ),
        ([QUALITY, FAULTS], [QUALITY, replace(FAULTS, show_if=ShowIf(question="quality", values=(1,)))]),
        ([QUALITY], [QUALITY, FAULTS]),
    ],
)
def test_a_rule_after_which_an_earlier_answer_may_not_fit_is_breaking(old, new):
    assert breaking(old, new) == [True]


def test_a_question_asked_only_after_a_new_option_is_safe_though_required():
    more = replace(ALWAYS, options=(*ALWAYS.options, Option(value="old", text="It is old")))
    after_it = replace(NEW, show_if=ShowIf(question="faults", values=("old",)))

    assert breaking([ALWAYS], [more, after_it]) == [False, False]


def test_the_same_values_in_another_order_are_no_change():
    other = replace(FAULTS, show_if=ShowIf(question="quality", values=(2, 1)))

    assert breaking([QUALITY, FAULTS], [QUALITY, other]) == []


@st.composite
def later(draw, schema):
    """The schema with one question more, or with one whose rule is loosened, tightened or gone."""
    ruled = [one for one in schema.questions if one.show_if]
    if not ruled or draw(st.booleans()):
        new = draw(st.sampled_from(EVERYTHING.questions))
        new = replace(new, name=f"new_{new.name}", required=True, show_if=draw(rules(schema.questions)))
        return replace(schema, questions=(*schema.questions, new))
    old = draw(st.sampled_from(ruled))
    values = draw(
        st.lists(st.sampled_from(schema.question(old.show_if.question).values), min_size=1, unique=True)
    )
    rule = draw(st.sampled_from([None, replace(old.show_if, values=tuple({*old.show_if.values, *values}))]))
    new = replace(old, show_if=rule, required=draw(st.sampled_from([old.required, False])))
    return replace(schema, questions=tuple(new if one == old else one for one in schema.questions))


@settings(max_examples=400)
@given(answered(), st.data())
def test_after_changes_that_are_not_breaking_an_earlier_answer_is_still_one(case, data):
    schema, values = case
    new = data.draw(later(schema))

    if not problems(new) and not any(change.breaking for change in changes(schema, new)):
        assert validate_answer(new, values) == validate_answer(schema, values)
