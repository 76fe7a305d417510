import pytest
from django.utils.translation import override

from projects.schema.definition import TaskSchema
from projects.schema.presets import PRESETS, preset
from projects.schema.validity import problems


@pytest.mark.parametrize("start", PRESETS, ids=lambda start: start.key)
def test_a_preset_is_a_valid_schema_with_words_for_everything(start):
    schema = start.schema

    assert problems(schema) == ()
    assert TaskSchema.from_json(schema.to_json()) == schema
    assert str(start.title)
    assert str(start.description)
    assert str(start.guidelines).startswith("## ")


@pytest.mark.parametrize("start", PRESETS, ids=lambda start: start.key)
def test_a_preset_knows_columns_for_its_own_fields_and_questions(start):
    schema = start.schema

    assert set(start.field_columns) == {field.name for field in schema.fields}
    assert set(start.answer_names) <= {question.name for question in schema.questions}


def test_presets_are_found_by_their_key():
    assert [preset(start.key) for start in PRESETS] == list(PRESETS)
    assert preset("unknown") is None


def test_a_preset_can_be_made_under_any_language():
    with override("zh-hans"):
        assert problems(PRESETS[0].schema) == ()
