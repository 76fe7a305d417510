import pytest

from projects.schema.answers import Answer, AnswerError
from projects.schema.definition import TaskSchema
from projects.schema.form import answer_from_form, draft_from_form, form, form_data
from projects.schema.questions import LabelQuestion, Option, RatingQuestion
from tests.schema.schemas import EVERYTHING, RANKING_ONLY, RATING_ONLY


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
    suggestions = {"quality": 4, "comment": "better"}
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
    [order] = form(RANKING_ONLY, suggestions={"order": ("c", "a", "b")}).widgets

    assert order.places == ("", "", "")
    assert [(one.key, one.place, one.suggested_place) for one in order.options] == [
        ("1", None, 2),
        ("2", None, 3),
        ("3", None, 1),
    ]


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
