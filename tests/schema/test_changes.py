from dataclasses import replace

import pytest
from hypothesis import given

from projects.schema.changes import Change, ChangeKind, changes
from projects.schema.definition import TaskSchema
from projects.schema.fields import FieldKind
from projects.schema.questions import MultiLabelQuestion, Option
from tests.schema.schemas import EVERYTHING, RANKING_ONLY, schemas

QUALITY, TOPIC, FLAGS, COMMENT, WORD = EVERYTHING.questions
PROMPT, NOTES, CHAT = EVERYTHING.fields
ART = Option(value="art", text="Art")


def questions(*asked):
    return TaskSchema(fields=EVERYTHING.fields, questions=asked)


def fields(*shown):
    return TaskSchema(fields=shown, questions=EVERYTHING.questions)


def altered(part, **values):
    """The schema with one of its parts made different."""
    return TaskSchema(
        fields=tuple(replace(field, **values) if field == part else field for field in EVERYTHING.fields),
        questions=tuple(
            replace(asked, **values) if asked == part else asked for asked in EVERYTHING.questions
        ),
    )


def found(new):
    return [(change.kind, change.place, change.breaking) for change in changes(EVERYTHING, new)]


@given(schemas())
def test_equal_schemas_have_no_changes(schema):
    assert changes(schema, TaskSchema.from_json(schema.to_json())) == ()


@pytest.mark.parametrize(
    ("new", "kind", "place"),
    [
        (altered(QUALITY, title="How good?"), "reworded", "quality"),
        (altered(QUALITY, description="1 is bad"), "reworded", "quality"),
        (altered(QUALITY, max_label="great"), "reworded", "quality"),
        (altered(QUALITY, required=False), "now-optional", "quality"),
        (altered(TOPIC, options=(*TOPIC.options, ART)), "option-added", "topic"),
        (
            altered(TOPIC, options=(replace(TOPIC.options[0], text="Maths"), TOPIC.options[1])),
            "reworded",
            "topic",
        ),
        (altered(TOPIC, options=TOPIC.options[::-1]), "moved", "topic"),
        (altered(COMMENT, max_length=50), "widened", "comment"),
        (altered(WORD, multiline=True), "widened", "word"),
        (questions(TOPIC, QUALITY, FLAGS, COMMENT, WORD), "moved", "questions"),
        (questions(*EVERYTHING.questions, replace(WORD, name="why")), "added", "why"),
        (altered(PROMPT, kind=FieldKind.MARKDOWN), "kind", "prompt"),
        (fields(PROMPT, NOTES, CHAT, replace(NOTES, name="more")), "added", "more"),
    ],
)
def test_what_keeps_every_answer_fitting_is_safe(new, kind, place):
    assert found(new) == [(kind, place, False)]


@pytest.mark.parametrize(
    ("new", "kind", "place"),
    [
        (altered(QUALITY, max=4), "range", "quality"),
        (altered(QUALITY, max=7), "range", "quality"),
        (altered(TOPIC, required=True), "newly-required", "topic"),
        (altered(TOPIC, options=TOPIC.options[:1]), "option-removed", "topic"),
        (altered(COMMENT, max_length=39), "narrowed", "comment"),
        (altered(COMMENT, multiline=False), "narrowed", "comment"),
        (questions(TOPIC, FLAGS, COMMENT, WORD), "removed", "quality"),
        (questions(*EVERYTHING.questions, replace(QUALITY, name="score")), "added", "score"),
        (fields(PROMPT, CHAT), "removed", "notes"),
        (altered(CHAT, kind=FieldKind.TEXT), "kind", "chat"),
        (fields(PROMPT, NOTES, CHAT, replace(PROMPT, name="more")), "added", "more"),
    ],
)
def test_what_an_old_answer_may_not_fit_is_breaking(new, kind, place):
    assert found(new) == [(kind, place, True)]


def test_another_kind_of_question_under_the_same_name_is_breaking():
    several = MultiLabelQuestion(name="topic", title="Topic", required=False, options=TOPIC.options)

    assert found(questions(QUALITY, several, FLAGS, COMMENT, WORD)) == [("kind", "topic", True)]


def test_a_renamed_question_is_a_removed_and_an_added_one():
    renamed = questions(replace(QUALITY, name="score"), TOPIC, FLAGS, COMMENT, WORD)

    assert changes(EVERYTHING, renamed) == (
        Change(ChangeKind.REMOVED, "quality", True, "“Quality” is removed."),
        Change(ChangeKind.ADDED, "score", True, "“Quality” is added and required."),
    )


def test_one_more_option_to_rank_is_breaking_as_old_answers_do_not_name_it():
    [order] = RANKING_ONLY.questions
    new = TaskSchema(fields=RANKING_ONLY.fields, questions=(replace(order, options=(*order.options, ART)),))

    assert [(change.kind, change.breaking) for change in changes(RANKING_ONLY, new)] == [
        ("option-added", True)
    ]
