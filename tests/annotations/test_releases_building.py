"""What a release's files hold."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from django.db import connection, connections, transaction

from annotations.domain import releases, setting_aside
from annotations.models import Record, ReleaseState, Response
from annotations.releasing import consensus
from annotations.releasing.front_matter import RECORDS_FILE
from annotations.releasing.snapshot import items, snapshot
from projects.models import SchemaVersion
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field
from tests.annotations.releasing import (
    a_contributor,
    all_bytes,
    answered_project,
    built,
    folder,
    give,
    record_rows,
    response_rows,
    turn,
)
from tests.annotations.worlds import a_project
from tests.schema.schemas import CONDITIONAL, EVERYTHING, RANKING_ONLY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _releases_folder(settings, tmp_path: Path) -> None:
    settings.RELEASE_DIR = tmp_path


def with_schema(schema: TaskSchema):
    """An open project whose one record fits this schema."""
    project = a_project(records=1, overlap=3)
    SchemaVersion.objects.filter(project=project).update(definition=schema.to_json())
    return project


def test_a_record_that_is_set_aside_is_in_no_release_until_it_is_put_back():
    project = answered_project(records=2, people=2, overlap=2)
    lead, personal = project.leads.get(), project.records.get(external_id="prompt-0")
    setting_aside.leave_out(project, by=lead, record_id=personal.pk)

    without = built(project)
    setting_aside.put_back(project, by=lead, record_id=personal.pk)

    assert [row["id"] for row in record_rows(without)] == ["prompt-1"]
    assert b"prompt-0" not in all_bytes(without)
    assert [row["id"] for row in record_rows(built(project))] == ["prompt-0", "prompt-1"]


def test_a_record_becomes_one_row_with_all_its_answers_and_their_mean():
    project = answered_project(records=2, people=2, overlap=2)
    Record.objects.filter(project=project).update(
        metadata={"source": "café"}, suggestions={"quality": {"value": 5, "agent": "rater-1"}}
    )
    users = [str(each.public_id) for each in project.contributors.order_by("pk")]

    rows = record_rows(built(project))

    assert rows[0] == {
        "id": "prompt-0",
        "status": "completed",
        "prompt": "Prompt number 0",
        "quality.responses": [1, 2],
        "quality.responses.users": users,
        "quality.responses.status": ["submitted", "submitted"],
        "quality.suggestion": 5,
        "quality.suggestion.agent": "rater-1",
        "metadata": '{"source": "café"}',
        "num_responses": 2,
        "quality.mean": 1.5,
    }
    assert [row["id"] for row in rows] == ["prompt-0", "prompt-1"]


def test_each_answer_is_a_row_of_its_own_as_it_was_given():
    project = answered_project(records=1, people=1)
    response = Response.objects.get()

    rows = response_rows(built(project))

    assert rows == [
        {
            "response_id": str(response.public_id),
            "record_id": "prompt-0",
            "contributor_id": str(response.contributor.public_id),
            "values": '{"quality": 1}',
            "schema_version": 1,
            "guidelines_version": 1,
            "submitted_at": response.submitted_at,
        }
    ]


def test_every_kind_of_question_and_field_keeps_its_type():
    project = with_schema(EVERYTHING)
    chat = [{"role": "user", "content": "Hi"}]
    project.records.update(
        fields={"prompt": "ምን?", "chat": chat},
        suggestions={"flags": {"value": ["rude"]}, "topic": {"value": "?"}},
    )
    for values in (
        {"quality": 2, "topic": "math", "flags": ["pii", "spam"], "word": "א"},
        {"quality": 5, "topic": "math"},
        {"quality": 5, "topic": "code"},
    ):
        give(project, a_contributor(project), "prompt-0", values)

    [row] = record_rows(built(project))

    assert (row["prompt"], row["notes"], row["chat"]) == ("ምን?", None, chat)
    assert (row["quality.responses"], row["quality.mean"]) == ([2, 5, 5], 4.0)
    assert (row["topic.responses"], row["topic.majority"]) == (["math", "math", "code"], "math")
    assert (row["flags.responses"], row["flags.suggestion"]) == ([["pii", "spam"]], ["rude"])
    assert (row["word.responses"], len(row["word.responses.users"])) == (["א"], 1)
    assert (row["comment.responses"], row["topic.suggestion"]) == ([], None)


def test_a_question_that_was_not_asked_has_no_entry_and_its_condition_is_told():
    project = with_schema(CONDITIONAL)
    for values in ({"quality": 5}, {"quality": 1, "faults": ["other"], "why": "In verse"}):
        give(project, a_contributor(project), "prompt-0", values)

    release = built(project)

    [row] = record_rows(release)
    assert row["quality.responses"] == [5, 1]
    assert (row["faults.responses"], len(row["faults.responses.users"])) == ([["other"]], 1)
    assert row["why.responses"] == ["In verse"]
    settings = json.loads((folder(release) / ".argilla/settings.json").read_text())
    assert [question["required"] for question in settings["questions"]] == [True, False, False]
    assert "asked only if `quality` is 1 or 2" in (folder(release) / "README.md").read_text()


def test_rankings_are_lists_of_the_options_from_the_best_to_the_worst():
    project = with_schema(RANKING_ONLY)
    project.records.update(suggestions={"order": {"value": ["b", "a", "c"], "agent": "ranker-1"}})
    for values in ({"order": ["c", "a", "b"]}, {"order": ["c", "b", "a"]}):
        give(project, a_contributor(project), "prompt-0", values)

    release = built(project)

    [row] = record_rows(release)
    assert row["order.responses"] == [["c", "a", "b"], ["c", "b", "a"]]
    assert (row["order.suggestion"], row["order.suggestion.agent"]) == (["b", "a", "c"], "ranker-1")
    assert [each["values"] for each in response_rows(release)] == [
        '{"order": ["c", "a", "b"]}',
        '{"order": ["c", "b", "a"]}',
    ]
    settings = json.loads((folder(release) / ".argilla/settings.json").read_text())
    assert settings["questions"][0]["settings"]["type"] == "ranking"


def test_a_field_called_like_a_column_of_ours_gets_a_column_beside_it():
    fields = (Field(name="id", title="Id"), Field(name="metadata", title="Metadata"))
    project = with_schema(TaskSchema(fields=fields, questions=EVERYTHING.questions[:1]))
    project.records.update(fields={"id": "theirs", "metadata": "text"})
    give(project, a_contributor(project), "prompt-0", {"quality": 1})

    release = built(project)

    [row] = record_rows(release)
    assert (row["id"], row["field.id"]) == ("prompt-0", "theirs")
    assert (row["metadata"], row["field.metadata"]) == ("{}", "text")
    assert "`field.id` holds the field `id`" in (folder(release) / "README.md").read_text()


@pytest.mark.parametrize(
    ("labels", "expected"),
    [([], None), (["a"], "a"), (["a", "b"], None), (["b", "a", "b"], "b"), (["a", "a", "b", "b", "c"], None)],
)
def test_the_majority_is_null_on_a_tie(labels, expected):
    assert consensus.majority(labels) == expected


def test_surplus_answers_and_records_without_answers_stay_out():
    project = answered_project(records=2, people=1, overlap=1)
    Response.objects.filter(record__external_id="prompt-1").delete()
    give(project, a_contributor(project), "prompt-0", {"quality": 5}, surplus=True)

    release = built(project)

    assert [(row["id"], row["quality.responses"]) for row in record_rows(release)] == [("prompt-0", [1])]
    assert len(response_rows(release)) == 1
    assert (release.contents.records, release.contents.responses, release.contents.contributors) == (1, 1, 2)


def test_an_answer_that_was_taken_back_is_in_no_later_release():
    project = answered_project(records=1, people=2)
    first = built(project)
    gone = Response.objects.last()
    gone.delete()

    second = built(project)

    assert str(gone.public_id).encode() in all_bytes(first)
    assert str(gone.public_id).encode() not in all_bytes(second)
    assert str(gone.contributor.public_id).encode() not in all_bytes(second)


def test_answers_to_an_older_version_are_included_if_they_fit_and_counted_if_not():
    project = answered_project(records=1, people=2)
    old = SchemaVersion.objects.get(project=project)
    narrow = {**old.definition, "questions": [{**old.definition["questions"][0], "min": 2}]}
    SchemaVersion.objects.create(
        project=project,
        number=2,
        definition=narrow,
        created_at=old.created_at,
        created_by=old.created_by,
        frozen_at=old.created_at,
    )

    release = built(project)

    assert release.schema_version.number == 2
    assert [row["values"] for row in response_rows(release)] == ['{"quality": 2}']
    assert (release.contents.responses, release.contents.left_out) == (1, 1)
    card = (folder(release) / "README.md").read_text()
    assert "1 answer given to another version, fitting this one, included." in card
    assert "1 answer given to another version, not fitting this one, left out." in card
    assert record_rows(release)[0]["status"] == "completed"


def test_a_draft_of_the_task_that_nobody_answered_is_not_released():
    project = answered_project(records=1, people=1)
    old = SchemaVersion.objects.get(project=project)
    SchemaVersion.objects.create(
        project=project, number=2, definition={}, created_at=old.created_at, created_by=old.created_by
    )

    assert built(project).schema_version == old


def test_the_manifest_lists_each_file_with_its_size_and_nothing_else_is_there():
    release = built(answered_project(records=1, people=1))

    files = {file.path: file.size for file in release.contents.files}

    assert sorted(files) == [
        ".argilla/dataset.json",
        ".argilla/settings.json",
        ".dibt/release.json",
        "README.md",
        "data/train-00000-of-00001.parquet",
        "responses/train-00000-of-00001.parquet",
    ]
    assert all((folder(release) / path).stat().st_size == size for path, size in files.items())


def test_parquet_is_written_in_small_row_groups_with_a_page_index(monkeypatch):
    monkeypatch.setattr("annotations.releasing.building.ROWS_A_GROUP", 2)
    release = built(answered_project(records=5, people=1))

    with pq.ParquetFile(folder(release) / RECORDS_FILE) as file:
        groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]

    assert [group.num_rows for group in groups] == [2, 2, 1]
    assert {group.column(0).compression for group in groups} == {"ZSTD"}
    assert all(group.column(0).has_column_index for group in groups)


def test_records_are_read_a_few_at_a_time_and_none_is_lost_between():
    release = built(answered_project(records=5, people=2))

    with snapshot():
        chunks = [[item.record.external_id for item in some] for some in items(release, at_once=2)]

    assert chunks == [["prompt-0", "prompt-1"], ["prompt-2", "prompt-3"], ["prompt-4"]]


def test_a_snapshot_does_not_see_what_others_write_meanwhile_and_does_not_stop_them():
    project = answered_project(records=2, people=1)

    with snapshot():
        before = Response.objects.count()
        _in_another_connection("DELETE FROM annotations_response")
        during = Response.objects.count()

    assert (before, during, Response.objects.filter(project=project).count()) == (2, 2, 0)
    assert connection.vendor != "sqlite" or connection.transaction_mode == "IMMEDIATE"


def test_a_snapshot_refuses_to_begin_inside_a_transaction():
    with transaction.atomic(), pytest.raises(RuntimeError), snapshot():
        pass


def test_a_project_whose_answers_are_gone_when_the_work_begins_is_not_released():
    project = answered_project(records=1, people=1)
    release = releases.request(project, by=project.leads.get())
    Response.objects.all().delete()

    turn(release)

    assert release.state == ReleaseState.NOT_BUILT
    assert "no answer that can be released" in release.error


def _in_another_connection(sql: str) -> None:
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute(sql)
    finally:
        other.close()
