import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.schema.answers import Answer, AnswerError, validate_answer
from projects.schema.asking import only_asked
from projects.schema.definition import TaskSchema
from projects.schema.form import PREFIX, answer_from_form, carried_over, draft_from_form, form, form_data
from projects.schema.questions import LabelQuestion, Option, RatingQuestion, TextQuestion
from projects.schema.suggestions import Suggestion
from tests.schema.schemas import (
    CONDITIONAL,
    EVERYTHING,
    RANKING_ONLY,
    RATING_ONLY,
    answered,
    answers,
    schemas,
)


def keys(question):
    schema = TaskSchema(fields=RATING_ONLY.fields, questions=(question,))
    return [(option.value, option.key) for option in form(schema).widgets[0].options]


def test_a_rating_is_chosen_by_its_own_digit():
    assert keys(RatingQuestion(name="q", title="Q", min=1, max=5)) == [(v, v) for v in "12345"]


def test_the_tenth_rating_has_the_key_zero():
    assert keys(RatingQuestion(name="q", title="Q", min=1, max=10))[-1] == ("10", "0")
    assert keys(RatingQuestion(name="q", title="Q", min=0, max=9))[0] == ("0", "0")


def test_the_first_ten_options_have_keys_and_the_others_none():
    options = tuple(Option(value=f"v{n}", text=f"V{n}") for n in range(1, 13))

    found = keys(LabelQuestion(name="q", title="Q", options=options))

    assert [key for _, key in found] == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "", ""]


def test_one_key_is_a_whole_answer_only_where_one_choice_is_asked():
    assert form(RATING_ONLY).one_key
    assert not form(EVERYTHING).one_key
    assert not form(TaskSchema(fields=(), questions=EVERYTHING.questions[2:3])).one_key


def test_a_form_shows_what_was_answered_suggested_and_refused():
    answer = Answer({"quality": 2, "flags": ("pii",), "comment": "two\nlines"})
    suggestions = {"quality": Suggestion(4, "judge-2"), "comment": Suggestion("better")}
    with pytest.raises(AnswerError) as refusal:
        answer_from_form(EVERYTHING, {"answer.quality": ["9"]})

    shown = form(EVERYTHING, data=form_data(answer), suggestions=suggestions, problems=refusal.value.problems)

    quality, _, flags, comment, _ = shown.widgets
    assert [option.value for option in quality.options if option.chosen] == ["2"]
    assert [option.value for option in quality.options if option.suggested] == ["4"]
    assert quality.problems == ("Quality: “9” is no rating here; a whole number from 1 to 5 is.",)
    assert [option.value for option in flags.options if option.chosen] == ["pii"]
    assert (comment.text, comment.suggested_text, comment.input_name) == (
        "two\nlines",
        "better",
        "answer.comment",
    )
    assert quality.suggestion == Suggestion(4, "judge-2")
    assert [widget.begun for widget in shown.widgets] == [False] * 5


def test_other_names_in_a_form_are_passed_over():
    data = {"csrfmiddlewaretoken": ["x"], "quality": ["1"], "answer.quality": ["4"]}

    assert answer_from_form(RATING_ONLY, data) == Answer({"quality": 4})


@pytest.mark.parametrize("sent", [["4.0"], ["+4"], ["٤"], ["6"], ["four"], ["1", "2"], ["4 "]])
def test_only_a_rating_that_the_page_offers_is_taken(sent):
    with pytest.raises(AnswerError) as refusal:
        answer_from_form(RATING_ONLY, {"answer.quality": sent})

    assert list(refusal.value.fields) == ["quality"]


def test_an_empty_form_misses_what_is_required():
    with pytest.raises(AnswerError) as refusal:
        answer_from_form(EVERYTHING, {"answer.comment": [" "], "answer.topic": [""]})

    assert refusal.value.fields == {"quality": ["“Quality” needs an answer."]}


def test_a_form_of_an_older_schema_is_refused():
    with pytest.raises(AnswerError) as refusal:
        answer_from_form(RATING_ONLY, {"answer.quality": ["4"], "answer.mood": ["1"]})

    assert refusal.value.fields == {"mood": ["There is no question “mood” in this task."]}


def test_a_draft_from_a_form_may_be_open():
    assert draft_from_form(EVERYTHING, {"answer.flags": ["spam", "pii"]}) == Answer(
        {"flags": ("pii", "spam")}
    )


def test_a_ranking_has_a_place_for_each_option_and_none_is_taken_at_first():
    [order] = form(RANKING_ONLY).widgets

    assert order.places == ("", "", "")
    assert [(one.key, one.place, one.suggested_place) for one in order.options] == [
        ("1", None, None),
        ("2", None, None),
        ("3", None, None),
    ]


def test_a_ranking_begins_with_the_suggested_order():
    [order] = form(RANKING_ONLY, suggestions={"order": Suggestion(("c", "a", "b"), "ranker-1")}).widgets

    assert (order.places, order.begun) == (("c", "a", "b"), True)
    assert [(one.place, one.suggested_place) for one in order.options] == [(2, 2), (3, 3), (1, 1)]


def test_choices_begin_with_what_is_suggested_and_are_marked():
    suggestions = {"quality": Suggestion(4, "judge-2"), "flags": Suggestion(("pii", "spam"), "judge-2")}

    quality, topic, flags, _, _ = form(EVERYTHING, suggestions=suggestions).widgets

    assert [option.value for option in quality.options if option.chosen and option.suggested] == ["4"]
    assert [option.value for option in flags.options if option.chosen and option.suggested] == ["pii", "spam"]
    assert [widget.begun for widget in (quality, topic, flags)] == [True, False, True]


def test_a_text_begins_with_the_suggestion_whether_it_has_to_be_given_or_not():
    optional = EVERYTHING.questions[3]
    required = TextQuestion(name="title", title="Title")
    schema = TaskSchema(fields=EVERYTHING.fields, questions=(required, optional))
    suggestions = {"title": Suggestion("A title", "writer"), "comment": Suggestion("A comment", "writer")}

    title, comment = form(schema, suggestions=suggestions).widgets

    assert (title.text, title.suggested_text, title.begun) == ("A title", "A title", True)
    assert (comment.text, comment.suggested_text, comment.begun) == ("A comment", "A comment", True)
    assert title.has_suggested_text
    assert comment.has_suggested_text


def test_what_was_taken_out_of_a_form_stays_out():
    suggestions = {"quality": Suggestion(4), "flags": Suggestion(("pii",))}

    shown = form(EVERYTHING, data={"csrfmiddlewaretoken": ["x"]}, suggestions=suggestions)

    assert [option for widget in shown.widgets for option in widget.options if option.chosen] == []
    assert shown.widgets[0].is_suggested


def test_a_question_that_was_not_asked_begins_with_its_suggestion_once_it_is():
    suggestions = {"faults": Suggestion(("rude",)), "why": Suggestion("Because.")}
    good = {PREFIX + "quality": ["5"]}

    quality, faults, why = form(CONDITIONAL, data=good, suggestions=suggestions).widgets
    emptied = form(CONDITIONAL, data=good | {PREFIX + "why": [""]}, suggestions=suggestions).widgets[2]
    taken_out = form(CONDITIONAL, data={PREFIX + "quality": ["1"]}, suggestions=suggestions).widgets[1]

    assert [option.value for option in faults.options if option.chosen] == ["rude"]
    assert (faults.begun, why.text, why.begun) == (True, "Because.", True)
    assert not quality.begun
    assert emptied.text == ""
    assert not any(option.chosen for option in taken_out.options)


def test_an_optional_choice_that_begins_with_a_suggestion_can_be_left_open():
    topic = form(EVERYTHING, suggestions={"topic": Suggestion("math")}).widgets[1]

    assert (topic.needs_way_out, topic.is_open) == (True, False)
    assert not form(EVERYTHING).widgets[1].needs_way_out
    assert draft_from_form(EVERYTHING, {"answer.topic": [""]}) == Answer({})


def test_a_suggestion_that_the_question_no_longer_takes_is_passed_over():
    [quality] = form(RATING_ONLY, suggestions={"quality": Suggestion(9, "judge-2")}).widgets

    assert not quality.is_suggested
    assert quality.is_open


@given(answered())
def test_a_form_that_begins_with_suggestions_sends_them(case):
    schema, values = case
    answer = validate_answer(schema, values)

    shown = form(schema, suggestions={name: Suggestion(value) for name, value in answer.values.items()})

    assert draft_from_form(schema, controls(shown)) == answer


@given(answered(), st.data())
def test_what_was_sent_is_what_a_form_holds_whatever_is_suggested(case, data):
    schema, values = case
    answer = validate_answer(schema, values)
    proposed = validate_answer(schema, data.draw(answers(schema)))

    sent = form_data(answer) | {"csrfmiddlewaretoken": ["x"]}
    suggestions = {name: Suggestion(value) for name, value in proposed.values.items()}

    held = draft_from_form(schema, controls(form(schema, data=sent, suggestions=suggestions)))
    assert only_asked(schema, held.values) == answer.values


def controls(shown):
    """What a browser would send of a form that nobody touches."""
    return {
        widget.input_name: [
            *(option.value for option in widget.options if option.chosen and widget.kind != "ranking"),
            *widget.places,
            *([widget.text] if widget.kind in {"text", "span"} else []),
        ]
        for widget in shown.widgets
    }


def test_a_ranking_comes_back_with_the_places_that_were_sent():
    [order] = form(RANKING_ONLY, data={"answer.order": ["c", "", "a"]}).widgets

    assert order.places == ("c", "", "a")
    assert [option.place for option in order.options] == [3, None, 1]


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        (["", "", ""], "“Order” needs an answer."),
        (["c", "", "a"], "Order: 2 of 3 options have a place; rank all of them."),
        (["c", "c", "a"], "Order: The same option is chosen twice."),
        (["c", "d", "a"], "Order: “d” is not one of the options."),
        (["c", "a", "b", "a"], "Order: The same option is chosen twice."),
    ],
)
def test_a_ranking_that_does_not_give_each_option_one_place_is_refused(sent, sentence):
    with pytest.raises(AnswerError) as refusal:
        answer_from_form(RANKING_ONLY, {"answer.order": sent})

    assert refusal.value.fields == {"order": [sentence]}


def typed(schema: TaskSchema, values: dict[str, object]) -> dict[str, list[str]]:
    """What a form holds of this answer, by question."""
    sent = form_data(validate_answer(schema, values))
    return {name.removeprefix(PREFIX): texts for name, texts in sent.items()}


@given(answered())
def test_what_is_begun_is_carried_over_whole_where_nothing_has_changed(pair):
    schema, values = pair

    assert carried_over(typed(schema, values), old=schema, new=schema) == typed(schema, values)


@given(answered(), schemas())
def test_of_what_is_begun_only_what_was_typed_is_carried_over_and_any_form_can_show_it(pair, new):
    schema, values = pair
    begun = typed(schema, values)

    kept = carried_over(begun, old=schema, new=new)

    assert all(set(texts) <= set(begun[name]) for name, texts in kept.items())
    assert set(kept) <= {question.name for question in new.questions}
    form(new, data={PREFIX + name: texts for name, texts in kept.items()})


def test_a_ranking_that_is_begun_keeps_its_free_places():
    begun = {"order": ["", "b", ""]}

    assert carried_over(begun, old=RANKING_ONLY, new=RANKING_ONLY) == begun
