import pytest

from projects.schema.records import RecordError, validate_fields
from tests.schema.schemas import EVERYTHING


def test_content_is_kept_exactly_as_it_was_given():
    prompt = " Ìwọ ikú 👩\u200d🌾 <b>bold</b> =1+1\r\n\u202eabc "
    turns = [{"role": "user", "content": "Hi"}]

    taken = validate_fields(EVERYTHING, {"prompt": prompt, "notes": "", "chat": turns})

    assert taken == {"prompt": prompt, "chat": tuple(turns)}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({}, "The field “prompt” is empty."),
        ({"prompt": None}, "The field “prompt” is empty."),
        ({"prompt": " \u00a0\n"}, "The field “prompt” is empty."),
        ({"prompt": 7}, "The field “prompt” is not text."),
        ({"prompt": ["a"]}, "The field “prompt” is not text."),
        ({"prompt": "a\x07"}, "The field “prompt” holds the control character U+0007; remove it."),
        ({"prompt": "a\0"}, "The field “prompt” holds the control character U+0000; remove it."),
        ({"prompt": "x" * 101}, "The field “prompt” is 101 characters long; at most 100 are possible."),
        ({"prompt": "a", "text": "b"}, "There is no field “text” in this task."),
        (
            {"prompt": "a", "chat": "hello"},
            "The field “chat” is not a chat: a list of at most 500 turns is one.",
        ),
        (
            {"prompt": "a", "chat": [{"role": "user"}]},
            "The field “chat” has a turn without a role and content.",
        ),
        (
            {"prompt": "a", "chat": [{"role": "user", "content": 5}]},
            "The field “chat” is not text.",
        ),
    ],
)
def test_content_that_does_not_fit_is_refused_in_a_sentence(content, sentence):
    with pytest.raises(RecordError) as refusal:
        validate_fields(EVERYTHING, content, max_length=100)

    assert [problem.sentence for problem in refusal.value.problems] == [sentence]
