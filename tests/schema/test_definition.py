import json

import pytest
from hypothesis import given

from dibt.lib.json_node import JsonFormatError
from projects.schema.definition import TaskSchema
from tests.schema.schemas import EVERYTHING, RATING_ONLY, json_values, schemas


@given(schemas())
def test_a_schema_comes_back_from_its_json_form_as_it_was(schema):
    stored = json.dumps(schema.to_json())

    assert TaskSchema.from_json(json.loads(stored)) == schema


def test_the_json_form_says_everything_in_plain_words():
    assert RATING_ONLY.to_json() == {
        "version": 1,
        "fields": [{"name": "prompt", "title": "Prompt", "kind": "text", "required": True}],
        "questions": [
            {
                "kind": "rating",
                "name": "quality",
                "title": "Quality",
                "description": "",
                "required": True,
                "min": 1,
                "max": 5,
                "min_label": "bad",
                "max_label": "good",
            }
        ],
    }


def broken(path: list[str | int], value: object) -> dict[str, object]:
    document = json.loads(json.dumps(EVERYTHING.to_json()))
    target = document
    for step in path[:-1]:
        target = target[step]
    target[path[-1]] = value
    return document


@pytest.mark.parametrize(
    ("path", "value", "place", "sentence"),
    [
        (["version"], 2, "version", "This is version 2 of the format; this site reads version 1."),
        (["version"], None, "version", "A value is missing here."),
        (["fields"], "prompt", "fields", "A list is expected here."),
        (["fields", 1], [], "fields[1]", "An object is expected here, with names and values."),
        (["questions", 0, "min"], True, "questions[0].min", "A whole number is expected here."),
        (["questions", 0, "max"], 5.0, "questions[0].max", "A whole number is expected here."),
        (["questions", 0, "required"], 1, "questions[0].required", "true or false is expected here."),
        (
            ["questions", 1, "options", 1, "value"],
            7,
            "questions[1].options[1].value",
            "Text is expected here.",
        ),
        (["questions", 0, "hint"], "x", "questions[0].hint", "Nothing of this name is known here."),
        (
            ["questions", 1, "show_if"],
            "quality",
            "questions[1].show_if",
            "An object is expected here, with names and values.",
        ),
        (
            ["questions", 1, "show_if"],
            {"question": "quality", "values": [True]},
            "questions[1].show_if.values",
            "A list of whole numbers or texts is expected here.",
        ),
        (
            ["questions", 0, "kind"],
            "vote",
            "questions[0].kind",
            "“vote” is not known here. Known are: rating, label, multi_label, ranking, text, span.",
        ),
    ],
)
def test_a_document_that_is_no_schema_is_refused_with_the_place(path, value, place, sentence):
    with pytest.raises(JsonFormatError) as refusal:
        TaskSchema.from_json(broken(path, value))

    assert (refusal.value.place, refusal.value.fields) == (place, {place: [sentence]})


@given(json_values())
def test_no_json_value_breaks_the_reading(value):
    with pytest.raises(JsonFormatError):
        TaskSchema.from_json(value)
