import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.reading.files import read_rows
from annotations.reading.mapping import ColumnMapping, SuggestionSource, mapping_problems
from annotations.reading.paths import Column, columns, value_at
from annotations.reading.rows import FileFormat
from annotations.reading.suggesting import suggest_mapping
from dibt.lib.json_node import JsonFormatError
from projects.schema.presets import PRESETS
from tests.reading.files import CLASSIFICATION, EXCERPTS, TEXT_ONLY, start
from tests.schema.schemas import EVERYTHING, json_values

MAPPING = ColumnMapping(
    fields={"text": "tweet"},
    external_id="id",
    metadata={"source": "meta.source"},
    suggestions={"label": SuggestionSource(path="label", agent="afriberta")},
)
ROW = {"a": "x", "b": {"c": [{"d": "y"}, {"d": None}], "e.f": 1}, "g.h": "z", "i[0]": 2, "m": [[1, 2]]}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("a", "x"),
        ("b.c[0].d", "y"),
        ("b.c[1].d", None),
        ("b.c[7].d", None),
        ("b.e.f", 1),
        ("g.h", "z"),
        ("i[0]", 2),
        ("m[0][1]", 2),
        ("a.b", None),
        ("a[0]", None),
        ("b.c.d", None),
        ("nothing", None),
        ("b.c[x]", None),
    ],
)
def test_a_path_leads_into_nested_values_and_never_fails(path, value):
    assert value_at(ROW, path) == value


@given(json_values(), st.text())
def test_no_path_breaks_on_any_data(data, path):
    value_at(data, path)


def test_the_columns_of_a_sample_are_all_paths_with_their_first_value():
    sample = [
        {"id": 1, "text": "", "in": [{"q": "Who?"}], "tags": ["a", "b"]},
        {"text": "two\nlines", "extra": None},
    ]

    assert columns(sample) == (
        Column("id", "1"),
        Column("text", "two lines"),
        Column("in[0].q", "Who?"),
        Column("tags", "[…]"),
        Column("tags[0]", "a"),
        Column("tags[1]", "b"),
        Column("extra", ""),
    )


@given(st.lists(st.dictionaries(st.text(), json_values(), max_size=3), max_size=3))
def test_no_data_breaks_the_list_of_columns(sample):
    columns(sample)


def test_a_mapping_comes_back_from_its_json_form_as_it_was():
    stored = json.dumps(MAPPING.to_json())

    assert ColumnMapping.from_json(json.loads(stored)) == MAPPING
    assert ColumnMapping.from_json({"fields": {"text": "text"}}) == TEXT_ONLY


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"fields": []}, "fields"),
        ({"fields": {"text": 3}}, "fields.text"),
        ({"fields": {}, "filter": "x"}, "filter"),
        ({"fields": {}, "suggestions": {"label": "label"}}, "suggestions.label"),
        ({"fields": {}, "suggestions": {"label": {"agent": "x"}}}, "suggestions.label.path"),
    ],
)
def test_what_is_no_mapping_is_refused_with_the_place(value, place):
    with pytest.raises(JsonFormatError) as refusal:
        ColumnMapping.from_json(value)

    assert refusal.value.place == place


def test_a_mapping_has_to_fit_the_schema():
    assert mapping_problems(MAPPING, CLASSIFICATION) == ()
    found = mapping_problems(MAPPING, start("prompt_rating").schema)
    assert [problem.sentence for problem in found] == [
        "Choose the column for the field “Prompt”; it is required.",
        "There is no field “text” in this task.",
        "There is no question “label” in this task.",
    ]


def sample_of(name, file_format):
    rows = read_rows(EXCERPTS / name, file_format)
    return [row.data for row, _ in zip(rows, range(50), strict=False)]


def test_prompts_are_mapped_at_first_sight():
    preset = start("prompt_rating")

    mapping = suggest_mapping(
        preset.schema, sample_of("prompts-user-oriented.jsonl", FileFormat.JSONL), preset
    )

    assert mapping == ColumnMapping(
        fields={"prompt": "instruction"}, external_id="id", metadata={"motivation_app": "motivation_app"}
    )


def test_labelled_tweets_are_mapped_at_first_sight():
    preset = start("text_classification")

    mapping = suggest_mapping(preset.schema, sample_of("naijasenti-yor.tsv", FileFormat.TSV), preset)

    assert mapping == ColumnMapping(fields={"text": "tweet"}, metadata={"label": "label"})


def test_names_are_found_in_nested_data_and_in_any_spelling():
    preset = start("preference")
    sample = [{"Prompt": "p", "answers": [{"Response A": "a", "response-b": "b"}]}]

    assert suggest_mapping(preset.schema, sample, preset).fields == {
        "prompt": "Prompt",
        "response_a": "answers[0].Response A",
        "response_b": "answers[0].response-b",
    }


def test_without_a_fitting_name_the_longest_text_is_shown():
    sample = [{"n": "7", "w": "a long sentence"}, {"n": "8", "w": "another"}]

    assert suggest_mapping(CLASSIFICATION, sample).fields == {"text": "w"}


@pytest.mark.parametrize("column", ["label", "sentiment", "Class", "topic"])
def test_a_column_that_may_hold_the_right_answers_is_metadata(column):
    sample = [{"text": "a", column: "positive"}, {"text": "b", column: "negative"}]

    mapping = suggest_mapping(CLASSIFICATION, sample, start("text_classification"))

    assert (mapping.suggestions, mapping.metadata) == ({}, {column: column})


@pytest.mark.parametrize(
    "column", ["suggestion", "Prediction", "model_label", "predicted-sentiment", "label.suggestion"]
)
def test_a_column_whose_name_says_that_a_model_guessed_is_a_suggestion(column):
    sample = [{"text": "a", "label": "positive", column: "negative"}]

    mapping = suggest_mapping(CLASSIFICATION, sample, start("text_classification"))

    assert mapping.suggestions == {"label": SuggestionSource(path=column)}
    assert mapping.metadata == {"label": "label"}


def test_predictions_with_other_labels_are_no_suggestions():
    sample = [{"text": "a", "prediction": "spam"}, {"text": "b", "prediction": "ham"}]

    mapping = suggest_mapping(CLASSIFICATION, sample, start("text_classification"))

    assert (mapping.suggestions, mapping.metadata) == ({}, {"prediction": "prediction"})


def test_responses_already_judged_are_not_given_their_places_by_a_guess():
    preset = start("preference")
    sample = [{"prompt": "p", "chosen": "the better one", "rejected": "the worse one"}]
    talks = [{"prompt": "p", "chosen": [{"role": "user", "content": "Hi"}]}]

    assert suggest_mapping(preset.schema, sample, preset).fields == {"prompt": "prompt"}
    assert suggest_mapping(preset.schema, talks, preset).fields == {"prompt": "prompt"}


def test_ids_that_repeat_stay_ids_unless_others_do_not():
    sample = [{"text": "a", "id": "1", "uuid": "x"}, {"text": "b", "id": "1", "uuid": "y"}]
    repeating = [{"text": "a", "id": "1"}, {"text": "b", "id": "1"}]

    assert suggest_mapping(CLASSIFICATION, repeating).external_id == "id"
    assert suggest_mapping(CLASSIFICATION, sample).external_id == "uuid"


@pytest.mark.parametrize("data", [{"id": ""}, {"id": None}, {"id": 1.5}, {"key": "a"}, {"idx": 0}])
def test_what_repeats_and_is_not_called_an_id_or_is_mostly_not_there_is_no_id(data):
    assert suggest_mapping(CLASSIFICATION, [{"text": "a", **data}, {"text": "b", **data}]).external_id == ""


def test_turns_go_to_the_chat_field():
    turns = [{"role": "user", "content": "Hi"}]

    mapping = suggest_mapping(EVERYTHING, [{"prompt": "p", "chat": turns}])

    assert mapping.fields == {"prompt": "prompt", "chat": "chat"}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
@given(sample=st.lists(st.dictionaries(st.text(), json_values(), max_size=3), max_size=3))
def test_no_data_breaks_the_suggestion_of_a_mapping(preset, sample):
    mapping = suggest_mapping(preset.schema, sample, preset)

    assert ColumnMapping.from_json(mapping.to_json()) == mapping
