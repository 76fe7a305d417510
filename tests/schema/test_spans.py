"""Marks in a text: what is one, how they are ordered, read, shown and compared."""

import contextlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.reading.suggested_values import as_value
from projects.schema import argilla, card, columns
from projects.schema.answers import Answer, AnswerError, validate_answer, validate_partial
from projects.schema.changes import changes
from projects.schema.columns import ColumnType as Type
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field, FieldKind
from projects.schema.form import answer_from_form, form, form_data
from projects.schema.limits import FIELD_LENGTH, SPANS
from projects.schema.passages import Passages
from projects.schema.problem import Problem
from projects.schema.questions import Option, SpanQuestion
from projects.schema.spans import Span
from projects.schema.suggestions import Suggestion
from projects.schema.validity import problems
from projects.schema.words import in_words
from tests.schema.schemas import EVERYTHING, SPAN_TEXT_LENGTH, SPANS_ONLY, answered

[NAMES] = SPANS_ONLY.questions
assert isinstance(NAMES, SpanQuestion)
OVERLAPPING = TaskSchema(fields=SPANS_ONLY.fields, questions=(replace(NAMES, allow_overlapping=True),))
# 👩‍👧 is three code points, and five units of JavaScript's.
TEXT = "👩‍👧 Ada went to Lagos, then to Lagos Island."
ADA, LAGOS = Span(4, 7, "per"), Span(16, 21, "loc")


def mark(start, end, label="loc"):
    return {"start": start, "end": end, "label": label}


def answer(*marks, schema=SPANS_ONLY, text: str | None = TEXT):
    return validate_answer(schema, {"names": list(marks)}, fields=None if text is None else {"prompt": text})


def refusal(*marks, **rest):
    with pytest.raises(AnswerError) as refused:
        answer(*marks, **rest)
    [problem] = refused.value.problems
    return problem.sentence


def test_offsets_count_code_points():
    [ada, lagos] = answer(mark(4, 7, "per"), mark(16, 21)).values["names"]

    assert (TEXT[ada.start : ada.end], TEXT[lagos.start : lagos.end]) == ("Ada", "Lagos")


def test_marks_come_in_the_order_of_the_text_and_each_once():
    given = answer(mark(16, 21), mark(4, 7, "per"), mark(16, 21))

    assert given == Answer({"names": (ADA, LAGOS)})
    assert given.to_json() == {"names": [mark(4, 7, "per"), mark(16, 21)]}


@given(answered())
def test_the_canonical_form_is_its_own_canonical_form_also_beside_the_text(case):
    schema, values = case
    fields = {field.name: "x" * SPAN_TEXT_LENGTH for field in schema.fields}

    once = validate_answer(schema, values, fields=fields)

    assert validate_answer(schema, once.to_json(), fields=fields) == once
    assert answer_from_form(schema, form_data(once), fields=fields) == once


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        ([mark(16, len(TEXT) + 1)], "Names: The mark 16–45 (loc) goes past the end of the text."),
        ([mark(4, 4)], "Names: The mark 4–4 (loc) ends where it starts, or before."),
        ([mark(7, 4)], "Names: The mark 7–4 (loc) ends where it starts, or before."),
        ([mark(-1, 4)], "Names: “-1” is no place in a text; a whole number from 0 on is."),
        ([mark(True, 4)], "Names: “true” is no place in a text; a whole number from 0 on is."),
        ([mark(0.0, 4)], "Names: “0.0” is no place in a text; a whole number from 0 on is."),
        ([mark(0, float("nan"))], "Names: “NaN” is no place in a text; a whole number from 0 on is."),
        ([mark("0", 4)], "Names: “0” is no place in a text; a whole number from 0 on is."),
        ([mark(0, 10**40)], "Names: The mark 0–… (loc) goes past the end of the text."),
        ([mark(0, 4, "city")], "Names: “city” is not one of the options."),
        ([mark(0, 4, None)], "Names: “null” is not one of the options."),
        ([{"start": 0, "end": 4}], "Names: A mark has a start, an end and a label."),
        ([mark(0, 4) | {"score": 1}], "Names: A mark has a start, an end and a label."),
        ([[0, 4, "loc"]], "Names: A mark has a start, an end and a label."),
        (
            [mark(0, 7), mark(4, 9, "per")],
            "Names: The marks 0–7 (loc) and 4–9 (per) overlap; here a part of the text has one mark at most.",
        ),
        (
            [mark(0, 20), mark(1, 2), mark(4, 9, "per")],
            "Names: The marks 0–20 (loc) and 1–2 (loc) overlap; here a part of the text has one mark at most.",
        ),
        (
            [mark(4, 7), mark(4, 7, "per")],
            "Names: The marks 4–7 (loc) and 4–7 (per) overlap; here a part of the text has one mark at most.",
        ),
        (
            [mark(place, place + 1) for place in range(SPANS + 1)],
            "Names: These are 501 marks; at most 500 are possible.",
        ),
    ],
)
def test_what_is_no_mark_is_refused_in_a_sentence(marks, sentence):
    assert refusal(*marks) == sentence


@pytest.mark.parametrize("value", ["Lagos", {"start": 0}, 4, True])
def test_marks_come_in_a_list(value):
    with pytest.raises(AnswerError) as refused:
        validate_answer(SPANS_ONLY, {"names": value})

    assert refused.value.problems == (Problem("names", "Names: A list of marks is expected."),)


def test_marks_that_touch_do_not_overlap():
    assert answer(mark(4, 7), mark(7, 9)).values["names"] == (Span(4, 7, "loc"), Span(7, 9, "loc"))


def test_nested_crossing_and_equal_marks_are_taken_where_they_may_overlap():
    marks = (mark(0, 20), mark(4, 7, "per"), mark(6, 30, "org"), mark(4, 7, "loc"))

    assert len(answer(*marks, schema=OVERLAPPING).values["names"]) == 4


def test_without_the_text_a_mark_is_held_to_what_a_text_can_be():
    assert answer(mark(0, FIELD_LENGTH), text=None)
    assert refusal(mark(0, FIELD_LENGTH + 1), text=None).endswith("goes past the end of the text.")


def test_an_empty_list_says_that_there_is_nothing_to_mark_and_no_value_says_nothing():
    assert answer() == Answer({"names": ()})
    assert answer().to_json() == {"names": []}
    with pytest.raises(AnswerError, match="“Names” needs an answer"):
        validate_answer(SPANS_ONLY, {"names": None})
    assert validate_partial(SPANS_ONLY, {"names": None}) == Answer({})


def test_a_record_without_the_text_has_nothing_to_mark():
    fields = {"other": "Lagos"}

    assert validate_answer(SPANS_ONLY, {"names": []}, fields=fields)
    with pytest.raises(AnswerError, match="past the end"):
        validate_answer(SPANS_ONLY, {"names": [mark(0, 1)]}, fields=fields)


# --- The form ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("sent", ["[", "Lagos", "{}", "NaN", "[" * 100_000, '[{"start":0}]', "[[]]"])
def test_what_a_script_would_not_send_is_refused(sent):
    with pytest.raises(AnswerError) as refused:
        answer_from_form(SPANS_ONLY, {"answer.names": [sent]}, fields={"prompt": TEXT})

    assert list(refused.value.fields) == ["names"]


@pytest.mark.parametrize(("sent", "values"), [("[]", {"names": ()}), ("", {}), (" ", {})])
def test_an_empty_list_is_sent_as_such_and_an_untouched_question_as_nothing(sent, values):
    optional = TaskSchema(fields=SPANS_ONLY.fields, questions=(replace(NAMES, required=False),))

    assert answer_from_form(optional, {"answer.names": [sent]}) == Answer(values)


def test_the_form_holds_marks_as_json_and_their_words():
    given = Answer({"names": (ADA, LAGOS)})

    shown = form(
        SPANS_ONLY,
        data=form_data(given),
        suggestions={"names": Suggestion((LAGOS,))},
        fields={"prompt": TEXT},
    )

    [widget] = shown.widgets
    assert json.loads(widget.text) == [mark(4, 7, "per"), mark(16, 21)]
    assert json.loads(widget.suggested_text) == [mark(16, 21)]
    assert [(option.text, option.key, option.chosen) for option in widget.options] == [
        ("Person", "1", False),
        ("Place", "2", False),
        ("Organisation", "3", False),
    ]
    assert widget.passages == (
        Passages("passages.names.per", "Person", "Ada"),
        Passages("passages.names.loc", "Place", "Lagos", "Lagos"),
        Passages("passages.names.org", "Organisation", ""),
    )
    assert (shown.field_in_question, widget.marked_field, shown.one_key) == ("prompt", "prompt", False)


def test_a_suggestion_that_the_task_no_longer_takes_is_not_shown():
    [widget] = form(SPANS_ONLY, suggestions={"names": Suggestion("Lagos")}).widgets

    assert (widget.text, widget.suggested_text, widget.begun, widget.is_suggested) == ("", "", False, False)


def test_marks_begin_with_the_suggestion_where_it_fits_the_text():
    suggestions = {"names": Suggestion((ADA, LAGOS), "tagger-1")}

    [fits] = form(SPANS_ONLY, suggestions=suggestions, fields={"prompt": TEXT}).widgets
    [shorter] = form(SPANS_ONLY, suggestions=suggestions, fields={"prompt": TEXT[:10]}).widgets

    assert json.loads(fits.text) == [mark(4, 7, "per"), mark(16, 21)]
    assert [each.lines for each in fits.passages] == ["Ada", "Lagos", ""]
    assert fits.begun
    assert (shorter.text, shorter.begun, shorter.is_suggested) == ("", False, False)


def test_that_there_is_nothing_to_mark_can_be_suggested():
    [widget] = form(SPANS_ONLY, suggestions={"names": Suggestion(())}, fields={"prompt": TEXT}).widgets

    assert (widget.nothing_to_mark, widget.begun) == (True, True)


def written(**lines):
    return {f"passages.names.{value}": [lines.get(value, "")] for value in NAMES.values}


def test_the_plain_form_finds_words_in_the_order_of_the_text():
    data = written(per="Ada\r\n", loc="Lagos\r\n\r\nLagos") | {"answer.names": [""]}

    given = answer_from_form(SPANS_ONLY, data, fields={"prompt": TEXT})

    assert given == Answer({"names": (ADA, LAGOS, Span(31, 36, "loc"))})


def left_as_they_were(*spans, fields):
    """What a browser without a script sends of a form that it got with these marks."""
    [widget] = form(SPANS_ONLY, suggestions={"names": Suggestion(spans)}, fields=fields).widgets
    return {one.input_name: [one.lines] for one in widget.passages} | {widget.input_name: [widget.text]}


def test_lines_that_were_left_as_they_were_mean_the_places_with_which_they_came():
    fields = {"prompt": "Lagos is not\nLagos here, said  Ada ."}
    second, over_two_lines, with_space = Span(13, 18, "loc"), Span(9, 18, "per"), Span(30, 35, "org")
    sent = left_as_they_were(second, with_space, fields=fields)

    assert answer_from_form(SPANS_ONLY, sent, fields=fields) == Answer({"names": (second, with_space)})
    sent = left_as_they_were(over_two_lines, fields=fields)
    assert answer_from_form(SPANS_ONLY, sent, fields=fields) == Answer({"names": (over_two_lines,)})


def test_of_other_lines_only_their_own_label_is_found_anew():
    fields = {"prompt": "Lagos is not Lagos, said Ada."}
    sent = left_as_they_were(Span(13, 18, "loc"), fields=fields) | {"passages.names.per": ["Ada"]}

    assert answer_from_form(SPANS_ONLY, sent, fields=fields) == Answer(
        {"names": (Span(13, 18, "loc"), Span(25, 28, "per"))}
    )


def test_who_says_that_there_is_nothing_leaves_aside_the_marks_with_which_the_page_came():
    fields = {"prompt": TEXT}
    said = left_as_they_were(ADA, fields=fields) | {"passages.names": ["nothing"]}

    assert answer_from_form(SPANS_ONLY, said, fields=fields) == Answer({"names": ()})


@pytest.mark.parametrize(
    ("lines", "sentence"),
    [
        ({"loc": "Lagos\nLagos\nLagos"}, "Names: “Lagos” is not in the text once more."),
        ({"loc": "Abuja"}, "Names: “Abuja” is not in the text. Write it as it stands there."),
    ],
)
def test_words_that_are_not_there_are_refused_and_kept_in_the_plain_form(lines, sentence):
    with pytest.raises(AnswerError) as refused:
        answer_from_form(SPANS_ONLY, written(**lines), fields={"prompt": TEXT})

    assert refused.value.problems == (Problem("names", sentence),)
    [widget] = form(SPANS_ONLY, data=written(**lines), problems=refused.value.problems).widgets
    assert widget.passages[1].lines == lines["loc"]


def test_an_empty_plain_form_is_no_answer_unless_it_says_that_there_is_nothing():
    fields = {"prompt": TEXT}

    with pytest.raises(AnswerError, match="needs an answer"):
        answer_from_form(SPANS_ONLY, written(), fields=fields)
    said = written() | {"passages.names": ["nothing"]}
    assert answer_from_form(SPANS_ONLY, said, fields=fields) == Answer({"names": ()})


# --- The schema -------------------------------------------------------------------------------------


def test_a_span_question_is_read_back_from_json():
    assert TaskSchema.from_json(OVERLAPPING.to_json()) == OVERLAPPING


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("nothing", "Choose the field whose text is to be marked."),
        ("notes", "Only plain text can be marked, and the field “Notes” is of the kind markdown."),
        ("chat", "Only plain text can be marked, and the field “Chat” is of the kind chat."),
    ],
)
def test_only_plain_text_that_is_there_can_be_marked(field, sentence):
    schema = TaskSchema(fields=EVERYTHING.fields, questions=(replace(NAMES, field=field),))

    assert problems(schema) == (Problem("questions[0].field", sentence),)


def test_one_label_is_enough_and_none_is_not():
    one, none = (
        TaskSchema(fields=SPANS_ONLY.fields, questions=(replace(NAMES, options=NAMES.options[:count]),))
        for count in (1, 0)
    )

    assert problems(one) == ()
    assert problems(none) == (Problem("questions[0].options", "At least one label is needed to mark with."),)


@pytest.mark.parametrize(
    ("change", "kind", "breaking"),
    [
        ({"field": "text"}, "field", True),
        ({"options": NAMES.options[:2]}, "option-removed", True),
        ({"options": (*NAMES.options, Option(value="date", text="Date"))}, "option-added", False),
        ({"allow_overlapping": True}, "widened", False),
    ],
)
def test_what_a_change_means_for_answers(change, kind, breaking):
    fields = (*SPANS_ONLY.fields, Field(name="text", title="Text", kind=FieldKind.TEXT))
    old = TaskSchema(fields=fields, questions=(NAMES,))
    new = TaskSchema(fields=fields, questions=(replace(NAMES, **change),))

    assert [(found.kind, found.place, found.breaking) for found in changes(old, new)] == [
        (kind, "names", breaking)
    ]


def test_forbidding_overlaps_is_breaking():
    [found] = changes(OVERLAPPING, SPANS_ONLY)

    assert (found.kind, found.breaking) == ("narrowed", True)


# --- The other readers ------------------------------------------------------------------------------


def test_marks_are_released_as_argilla_writes_them():
    types = {column.name: column.type for column in columns.columns(SPANS_ONLY)}

    assert (types["names.responses"], types["names.suggestion"]) == (Type.SPAN_LISTS, Type.SPANS)
    [question] = argilla.settings(SPANS_ONLY)["questions"]
    assert question["settings"] == {
        "type": "span",
        "field": "prompt",
        "options": [
            {"value": "per", "text": "Person", "description": None},
            {"value": "loc", "text": "Place", "description": None},
            {"value": "org", "text": "Organisation", "description": None},
        ],
        "allow_overlapping": False,
        "visible_options": None,
    }


def test_the_card_says_what_is_marked():
    assert (
        "- `names`: Names (marks in the text of `prompt`, each with a label; marks do not overlap)\n"
        "  - `per`: Person\n"
    ) in card.description(SPANS_ONLY)
    assert "marks may overlap" in card.description(OVERLAPPING)


def test_marks_in_words_are_the_words_that_are_marked():
    marks = {"names": [mark(4, 7, "per"), mark(16, 21)]}

    assert in_words(SPANS_ONLY, marks, fields={"prompt": TEXT}) == [
        ("Names", "“Ada” (Person), “Lagos” (Place)")
    ]
    assert in_words(SPANS_ONLY, marks) == [("Names", "4–7 (Person), 16–21 (Place)")]
    assert in_words(SPANS_ONLY, {"names": []}) == [("Names", "Nothing to mark")]


@pytest.mark.parametrize(
    "cell",
    [
        [mark(16, 21, "loc")],
        json.dumps([mark(16, 21, "PLACE")]),
        [[16, 21, "Place"]],
        '[[16, 21, "loc"]]',
        [{"entity_group": "LOC", "score": 0.9, "word": "Lagos", "start": 16, "end": 21}],
    ],
)
def test_marks_are_read_from_a_file_as_models_and_tools_write_them(cell):
    value = as_value(NAMES, cell)

    assert validate_partial(SPANS_ONLY, {"names": value}, fields={"prompt": TEXT}) == Answer(
        {"names": (LAGOS,)}
    )


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_cell_is_marks_or_refused(cell):
    with contextlib.suppress(AnswerError):
        given = validate_partial(SPANS_ONLY, {"names": as_value(NAMES, cell)}, fields={"prompt": TEXT})
        assert all(isinstance(span, Span) for span in given.values.get("names", ()))
