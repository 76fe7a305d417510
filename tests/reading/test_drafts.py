import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotations.reading.drafts import Draft, Reason, Refusal, apply
from annotations.reading.mapping import ColumnMapping, SuggestionSource
from annotations.reading.rows import Row
from dibt.lib.text import content_hash
from projects.schema.answers import Answer
from tests.reading.files import CLASSIFICATION, TEXT_ONLY, row
from tests.schema.schemas import EVERYTHING, RANKING_ONLY, json_values

FULL = ColumnMapping(
    fields={"text": "text"},
    external_id="id",
    metadata={"source": "meta.source", "tags": "tags"},
    suggestions={"label": SuggestionSource(path="label", agent="afriberta")},
)
WITH_QUESTIONS = ColumnMapping(
    fields={"prompt": "prompt"},
    suggestions={name: SuggestionSource(path=name) for name in ("quality", "topic", "flags", "comment")},
)

RANKED = ColumnMapping(fields={"prompt": "prompt"}, suggestions={"order": SuggestionSource(path="order")})


def reasons(mapping, schema, **data):
    judged = apply(mapping, schema, row(**data), max_length=100)
    assert isinstance(judged, Refusal)
    return dict(judged.reasons)


def test_a_row_becomes_a_record_as_it_is():
    data = {"text": " Ìwọ ikú =1 ", "id": 7, "meta": {"source": "radio"}, "tags": ["ẹ"], "label": "negative"}

    assert apply(FULL, CLASSIFICATION, Row(12, data)) == Draft(
        number=12,
        external_id="7",
        fields={"text": " Ìwọ ikú =1 "},
        metadata={"source": "radio", "tags": '["ẹ"]'},
        suggestions=Answer({"label": "negative"}),
        content_hash=content_hash({"text": " Ìwọ ikú =1 "}),
        bidi_controls=0,
    )


def test_without_a_column_of_ids_the_content_is_the_id():
    composed, decomposed = row(text="\u00e9"), row(text="e\u0301")

    first, second = (apply(TEXT_ONLY, CLASSIFICATION, item) for item in (composed, decomposed))

    assert first.external_id == first.content_hash == second.external_id
    assert (first.fields["text"], second.fields["text"]) == ("\u00e9", "e\u0301")


def test_joiners_are_kept_and_direction_controls_are_kept_and_counted():
    text = "می\u200cروم 👩\u200d🌾 \u202eevil\u202c"

    draft = apply(TEXT_ONLY, CLASSIFICATION, row(text=text))

    assert (draft.fields["text"], draft.bidi_controls) == (text, 2)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({}, {Reason.FIELD: ("The field “text” is empty.",)}),
        ({"text": "  "}, {Reason.FIELD: ("The field “text” is empty.",)}),
        ({"text": 4}, {Reason.FIELD: ("The field “text” is not text.",)}),
        (
            {"text": "x" * 101},
            {Reason.FIELD: ("The field “text” is 101 characters long; at most 100 are possible.",)},
        ),
        (
            {"text": "a\0"},
            {Reason.FIELD: ("The field “text” holds the control character U+0000; remove it.",)},
        ),
        (
            {"text": "\ud800"},
            {Reason.FIELD: ("The field “text” holds the control character U+D800; remove it.",)},
        ),
    ],
)
def test_a_text_that_cannot_be_shown_is_refused(data, found):
    assert reasons(TEXT_ONLY, CLASSIFICATION, **data) == found


@pytest.mark.parametrize(
    ("change", "reason", "sentence"),
    [
        ({"id": None}, Reason.EXTERNAL_ID, "There is no id in the column “id”."),
        ({"id": " "}, Reason.EXTERNAL_ID, "There is no id in the column “id”."),
        ({"id": True}, Reason.EXTERNAL_ID, "There is no id in the column “id”."),
        ({"id": {"a": 1}}, Reason.EXTERNAL_ID, "There is no id in the column “id”."),
        ({"id": "x" * 201}, Reason.EXTERNAL_ID, "The column “id” holds more than 200 characters."),
        (
            {"id": "a\x1b"},
            Reason.EXTERNAL_ID,
            "The column “id” holds the control character U+001B; remove it.",
        ),
        (
            {"meta": {"source": "a\0"}},
            Reason.METADATA,
            "The column “meta.source” holds the control character U+0000; remove it.",
        ),
        (
            {"label": "happy"},
            Reason.SUGGESTION,
            "Which label fits this text?: “happy” is not one of the options.",
        ),
    ],
)
def test_other_cells_that_cannot_be_taken_are_refused(change, reason, sentence):
    data = {"text": "a", "id": "1", "meta": {"source": "s"}, "label": "positive"} | change

    assert reasons(FULL, CLASSIFICATION, **data) == {reason: (sentence,)}


def test_a_refusal_has_every_reason_and_says_the_row():
    judged = apply(FULL, CLASSIFICATION, Row(9, {"label": "happy"}))

    assert str(judged) == (
        "Row 9: The field “text” is empty. Which label fits this text?: “happy” is not one of the options. "
        "There is no id in the column “id”."
    )


def test_a_row_that_could_not_be_read_is_refused_with_its_problem():
    judged = apply(TEXT_ONLY, CLASSIFICATION, Row(3, None, "This line is not JSON."))

    assert judged == Refusal(3, {Reason.UNREADABLE: ("This line is not JSON.",)})


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        ({"quality": "4", "flags": "spam|pii"}, {"quality": 4, "flags": ("pii", "spam")}),
        ({"quality": 4.0, "flags": '["rude"]'}, {"quality": 4, "flags": ("rude",)}),
        ({"topic": "MATH", "flags": "Personal data; Spam"}, {"topic": "math", "flags": ("pii", "spam")}),
        ({"topic": " ", "quality": "", "flags": "", "comment": None}, {}),
        ({"comment": " fine "}, {"comment": "fine"}),
    ],
)
def test_cells_are_understood_as_suggestions(cells, values):
    draft = apply(WITH_QUESTIONS, EVERYTHING, row(prompt="p", **cells))

    assert draft.suggestions == Answer(values)


@pytest.mark.parametrize("cells", [{"quality": "6"}, {"quality": "4.5"}, {"quality": True}, {"flags": "[1"}])
def test_cells_that_answer_nothing_are_refused(cells):
    assert list(reasons(WITH_QUESTIONS, EVERYTHING, prompt="p", **cells)) == [Reason.SUGGESTION]


@pytest.mark.parametrize(
    "cell",
    [
        ["c", "a", "b"],
        '["c", "a", "b"]',
        "c > a > b",
        "Cat; Ant; Bee",
        [{"value": "a", "rank": 2}, {"value": "b", "rank": 3}, {"value": "c", "rank": 1}],
    ],
)
def test_a_suggested_ranking_is_read_from_the_best_to_the_worst(cell):
    draft = apply(RANKED, RANKING_ONLY, row(prompt="p", order=cell))

    assert draft.suggestions == Answer({"order": ("c", "a", "b")})


@pytest.mark.parametrize(
    "cell",
    [
        "c > a",
        [{"value": "a", "rank": 1}, {"value": "b", "rank": 1}, {"value": "c", "rank": 3}],
        [{"value": "a", "rank": 1}, {"value": "b"}, {"value": "c", "rank": "3"}],
    ],
)
def test_a_ranking_with_gaps_or_ties_is_refused(cell):
    assert list(reasons(RANKED, RANKING_ONLY, prompt="p", order=cell)) == [Reason.SUGGESTION]


def test_a_chat_may_be_nested_or_json_in_a_cell_and_keeps_only_its_turns():
    mapping = ColumnMapping(fields={"prompt": "prompt", "chat": "turns"})
    turns = [{"role": "user", "content": "Hi", "weight": 1}]

    nested = apply(mapping, EVERYTHING, row(prompt="p", turns=turns))
    text = apply(mapping, EVERYTHING, row(prompt="p", turns='[{"role": "user", "content": "Hi"}]'))

    assert nested == text
    assert nested.fields["chat"] == ({"role": "user", "content": "Hi"},)


def test_gaps_of_data_frames_are_no_metadata():
    mapping = ColumnMapping(fields={"text": "text"}, metadata={"a": "a", "b": "b", "c": "c"})

    draft = apply(mapping, CLASSIFICATION, row(text="x", a=float("nan"), b=None, c=0.5))

    assert draft.metadata == {"c": 0.5}


@given(st.dictionaries(st.sampled_from(["prompt", "quality", "topic", "flags", "comment"]), json_values()))
def test_any_data_becomes_a_draft_or_a_refusal(data):
    judged = apply(WITH_QUESTIONS, EVERYTHING, Row(1, data))

    if isinstance(judged, Refusal):
        assert judged.sentences
        assert str(judged).encode("utf-8")


@given(json_values())
def test_any_cell_is_a_ranking_or_refused(cell):
    assert isinstance(apply(RANKED, RANKING_ONLY, Row(1, {"prompt": "p", "order": cell})), Draft | Refusal)
