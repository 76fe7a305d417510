"""Files on their way into a project: checked without effect, then all good rows or none, once."""

import csv
import stat
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.conf import settings
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from annotations.domain import imports, records, surveying, totals, uploads
from annotations.domain.imports import MappingError
from annotations.models import Import, ImportState, Record
from annotations.reading.mapping import ColumnMapping, SuggestionSource
from annotations.reading.rows import UnreadableFileError
from annotations.tasks import imports as work
from dibt.lib import clock, leases
from dibt.lib.errors import ConflictError, InvalidError, NotAllowedError, NotVisibleError, TooLargeError
from projects.domain import projects, tasks
from projects.models import Project, ProjectState
from projects.schema.definition import TaskSchema
from projects.schema.fields import Field
from projects.schema.questions import LabelQuestion, Option
from tests.annotations.import_worlds import (
    EXCERPTS,
    check,
    commit,
    external_ids,
    fresh,
    imported,
    lead_of,
    prompts,
    suggested,
    uploaded,
)
from tests.factories import a_project, organiser, person

pytestmark = pytest.mark.django_db
PROMPT = ColumnMapping(fields={"prompt": "prompt"}, external_id="id")


def reasons(import_: Import) -> dict[int, str]:
    return {refusal["row"]: " ".join(refusal["sentences"]) for refusal in import_.report["refusals"]}


# --- Uploading ------------------------------------------------------------------------------------


def test_an_upload_is_kept_for_its_owner_only_under_a_name_of_our_own():
    import_ = uploaded(a_project(), prompts(2), "../../etc/pass\u202ewd.jsonl")

    source = uploads.source_of(import_)
    assert source.is_relative_to(settings.UPLOAD_DIR / str(import_.folder))
    assert source.read_bytes() == prompts(2)
    assert stat.S_IMODE(source.stat().st_mode) == 0o600
    assert stat.S_IMODE(source.parent.stat().st_mode) == 0o700
    assert (import_.file_name, import_.file_format, import_.size) == ("passU+202Ewd.jsonl", "jsonl", 84)
    assert import_.state == ImportState.UPLOADED


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "The file is empty. Choose one with a header and at least one row."),
        ("a.csv", b"prompt,id\n", "There are no rows below the header. Choose a file with at least one."),
        (
            "a.csv",
            b"prompt\ncaf\xe9\n",
            (
                "Line 2 holds the byte 0xE9, which is not UTF-8. Save the file as UTF-8 (in spreadsheets: "
                "“CSV UTF-8”) and choose it again."
            ),
        ),
        (
            "a.jsonl",
            b"{broken\n",
            "None of the first rows can be read. Row 1: This line is not JSON: it breaks at character 2.",
        ),
        (
            "a.csv",
            b"id,id\n1,2\n",
            "Line 1 names the column “id” more than once. Give each column a name of its own.",
        ),
    ],
)
def test_a_file_from_which_nothing_can_be_read_is_refused_and_not_kept(
    name: str, content: bytes, sentence: str
):
    project = a_project()
    before = set(settings.UPLOAD_DIR.glob("*"))

    with pytest.raises(UnreadableFileError) as refusal:
        uploaded(project, content, name)

    assert refusal.value.message == sentence
    assert set(settings.UPLOAD_DIR.glob("*")) == before
    assert not Import.objects.exists()


def test_a_file_beyond_the_cap_is_refused_and_not_kept(settings: Settings):
    settings.IMPORT_MAX_BYTES = 2_000_000
    before = set(settings.UPLOAD_DIR.glob("*"))

    with pytest.raises(TooLargeError, match=r"larger than 1\.907 MB"):
        uploaded(a_project(), b"x" * 2_000_001)

    assert set(settings.UPLOAD_DIR.glob("*")) == before


def test_a_finished_project_takes_no_file():
    project = a_project()
    Project.objects.update(state=ProjectState.COMPLETED)
    project.refresh_from_db()

    with pytest.raises(ConflictError, match="takes no new records"):
        uploaded(project, prompts(1))


# --- Checking -------------------------------------------------------------------------------------


def test_a_check_says_what_would_be_taken_and_changes_nothing():
    project = a_project()
    content = prompts(3) + b'{"id": "p9", "prompt": " "}\n{broken\n' + prompts(1)

    import_ = check(uploaded(project, content), PROMPT)

    assert import_.state == ImportState.CHECKED
    assert (import_.rows_read, import_.rows_good, import_.rows_refused) == (6, 3, 3)
    assert reasons(import_) == {
        4: "The field “prompt” is empty.",
        5: "This line is not JSON: it breaks at character 2.",
        6: "The content is the same as that of row 1; it is taken once.",
    }
    assert import_.report["drafts"][0]["fields"] == {"prompt": "Prompt number 0"}
    assert not Record.objects.exists()


def test_all_refused_rows_can_be_had_with_their_reasons_and_no_cell_is_a_formula():
    content = b"prompt,id\n" + b'" ",=1+1\n' * 60 + b"fine,x\n"

    import_ = check(uploaded(a_project(), content, "a.csv"), PROMPT)

    with uploads.refused_of(import_, import_.build).open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert len(import_.report["refusals"]) == 50
    assert len(rows) == 61
    assert rows[60] == ["61", "The field “prompt” is empty.", '{"prompt": " ", "id": "=1+1"}']


def test_rows_that_the_project_has_already_are_refused_as_such():
    project = a_project()
    imported(project, b'{"id": "a", "prompt": "One"}\n{"id": "b", "prompt": "Two"}\n')

    again = check(uploaded(project, b'{"id": "a", "prompt": "New"}\n{"id": "c", "prompt": "Two"}\n'), PROMPT)

    assert (again.rows_good, again.rows_refused) == (0, 2)
    assert reasons(again) == {
        1: "The project already has a record with the id “a”.",
        2: "The project already has a record with this content.",
    }
    with pytest.raises(ConflictError, match="No row of this file can be taken"):
        imports.commit(again, by=lead_of(project))


def test_a_mapping_without_a_required_field_is_refused_at_that_field():
    import_ = uploaded(a_project(), prompts(1))

    with pytest.raises(MappingError) as refusal:
        imports.check(import_, by=lead_of(import_.project), mapping=ColumnMapping(fields={}))

    assert refusal.value.fields == {"prompt": ["Choose the column for the field “Prompt”; it is required."]}
    assert fresh(import_).state == ImportState.UPLOADED


def test_a_mapping_that_cannot_be_stored_is_refused():
    import_ = uploaded(a_project(), prompts(1))
    mapping = ColumnMapping(fields={"prompt": "prompt"}, metadata={"a\0": "a\0"})

    with pytest.raises(MappingError, match=r"U\+0000"):
        imports.check(import_, by=lead_of(import_.project), mapping=mapping)


def test_a_byte_that_is_not_utf_8_far_down_fails_the_check_with_its_line():
    content = prompts(200) + b'{"id": "x", "prompt": "caf\xe9"}\n'

    import_ = check(uploaded(a_project(), content), PROMPT)

    assert import_.state == ImportState.FAILED
    assert import_.error.startswith("Line 201 holds the byte 0xE9, which is not UTF-8.")


def test_a_failed_check_can_be_tried_again_with_another_mapping():
    import_ = uploaded(a_project(), prompts(2))
    imports.check(import_, by=lead_of(import_.project), mapping=suggested(import_))
    imports.fail(import_, "Something broke.")

    again = check(fresh(import_), PROMPT)

    assert (again.state, again.rows_good, again.error) == (ImportState.CHECKED, 2, "")


# --- Importing ------------------------------------------------------------------------------------


def test_all_good_rows_come_in_together_in_their_order_with_all_their_places():
    project = a_project()
    records.set_overlap(project, by=lead_of(project), overlap=2)
    content = b'{"id": 7, "prompt": "<b>One</b>", "model": "m", "rating": 4}\n{"id": 8, "prompt": "=1"}\n{"id": 9}\n'
    mapping = ColumnMapping(
        fields={"prompt": "prompt"},
        external_id="id",
        metadata={"model": "model"},
        suggestions={"quality": SuggestionSource(path="rating", agent="judge-1")},
    )

    import_ = commit(check(uploaded(project, content), mapping))

    assert import_.state == ImportState.DONE
    assert list(
        project.records.values_list(
            "external_id", "fields", "metadata", "suggestions", "queue_key", "open_slots"
        )
    ) == [
        ("7", {"prompt": "<b>One</b>"}, {"model": "m"}, {"quality": {"value": 4, "agent": "judge-1"}}, 0, 2),
        ("8", {"prompt": "=1"}, {}, {}, 1, 2),
    ]
    assert totals.of(project).records == 2
    assert totals.recount(project) == totals.of(project)


def test_a_second_file_goes_on_where_the_first_ended():
    project = a_project()
    imported(project, prompts(2))

    imported(project, prompts(2, start=2))

    assert external_ids(project) == ["p0", "p1", "p2", "p3"]
    assert list(project.records.values_list("queue_key", flat=True)) == [0, 1, 2, 3]


def test_what_was_uploaded_is_deleted_once_it_is_in_but_not_the_refused_rows(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
):
    import_ = check(uploaded(a_project(), prompts(2) + b"{broken\n"), PROMPT)

    with django_capture_on_commit_callbacks(execute=True):
        commit(import_)

    assert [path.name for path in uploads.source_of(import_).parent.iterdir()] == [f"{import_.build}.csv"]


@pytest.mark.parametrize(
    ("name", "task", "good"),
    [
        ("prompts-user-oriented.jsonl", "prompt_rating", 120),
        ("naijasenti-yor.tsv", "text_classification", 150),
    ],
)
def test_real_data_is_taken_as_suggested(name: str, task: str, good: int):
    project = a_project(task_kind=task)

    import_ = imported(project, (EXCERPTS / name).read_bytes(), name)

    assert import_.rows_good + import_.rows_refused == good
    assert project.records.count() == import_.rows_good > 100


def test_a_mapping_reaches_into_nested_data():
    project = a_project()
    content = (EXCERPTS / "prompts-user-oriented.jsonl").read_bytes()
    mapping = ColumnMapping(fields={"prompt": "instances[0].input"}, external_id="id")

    import_ = commit(check(uploaded(project, content), mapping))

    first = project.records.get(external_id="user_oriented_task_0")
    assert first.fields["prompt"].startswith("If you have any questions about my rate")
    # Some instructions need no input, and two share one: those rows are refused.
    assert import_.rows_good == project.records.count() > 50


# --- Workers that die, lose their lease or come twice ------------------------------------------------


class KilledError(BaseException):
    """What ends a worker: nothing of ours catches it."""


def test_a_worker_killed_in_the_middle_imports_nothing_and_the_next_one_everything(
    monkeypatch: pytest.MonkeyPatch,
):
    project = a_project()
    import_ = check(uploaded(project, prompts(2_500)), PROMPT)
    imports.commit(import_, by=lead_of(project))
    chunks = records._chunks

    def dying(rows):  # type: ignore[no-untyped-def]
        yield next(chunks(rows))
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(records, "_chunks", dying)
        with pytest.raises(KilledError):
            work.commit(import_.pk)

    assert fresh(import_).state == ImportState.COMMITTING
    assert (Record.objects.count(), totals.of(project).records) == (0, 0)
    assert work._to_commit().filter(pk=import_.pk).exists()  # type: ignore[attr-defined]  # a query set
    work.commit(import_.pk)
    assert fresh(import_).state == ImportState.DONE
    assert (Record.objects.count(), totals.of(project).records) == (2_500, 2_500)


@pytest.mark.django_db(transaction=True)
def test_two_workers_that_both_believe_the_file_is_theirs_import_it_once():
    project = a_project()
    import_ = check(uploaded(project, prompts(50)), PROMPT)
    imports.commit(import_, by=lead_of(project))
    start = Barrier(2)

    def bring_in() -> str:
        mine = fresh(import_)
        start.wait()
        try:
            imports.bring_in(mine)
        except ConflictError as refusal:
            return refusal.message
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(2) as pool:
        said = [each.result() for each in [pool.submit(bring_in), pool.submit(bring_in)]]

    assert sorted(said)[1] == "done"
    assert "This import is “Imported” now" in sorted(said)[0]
    assert (Record.objects.count(), totals.of(project).records) == (50, 50)


def test_a_message_that_comes_twice_imports_once():
    project = a_project()
    import_ = commit(check(uploaded(project, prompts(3)), PROMPT))

    work.commit(import_.pk)
    work.check(import_.pk)

    assert (Record.objects.count(), totals.of(project).records) == (3, 3)


def test_a_file_that_another_worker_has_is_left_alone():
    import_ = uploaded(a_project(), prompts(1))
    imports.check(import_, by=lead_of(import_.project), mapping=PROMPT)
    assert leases.take(fresh(import_))

    work.check(import_.pk)

    assert fresh(import_).state == ImportState.CHECKING
    assert list(work._to_check()) == []


def test_a_file_whose_worker_died_is_taken_up_again_after_its_lease():
    import_ = uploaded(a_project(), prompts(1))
    imports.check(import_, by=lead_of(import_.project), mapping=PROMPT)
    assert leases.take(fresh(import_))

    with clock.at(clock.now() + leases.LEASE):
        assert list(work._to_check()) == [import_.pk]
        work.check(import_.pk)

    assert fresh(import_).state == ImportState.CHECKED


def test_a_worker_that_lost_its_lease_writes_nothing_down(monkeypatch: pytest.MonkeyPatch):
    import_ = uploaded(a_project(), prompts(1))
    imports.check(import_, by=lead_of(import_.project), mapping=PROMPT)

    def slow(taken, **kwargs):  # type: ignore[no-untyped-def]
        Import.objects.update(leased_until=clock.now())
        assert leases.take(fresh(taken))
        return surveying.survey(taken, **kwargs)

    monkeypatch.setattr(work, "survey", slow)
    work.check(import_.pk)

    assert fresh(import_).state == ImportState.CHECKING
    assert fresh(import_).leased_until > clock.now()


def test_work_that_ends_its_worker_three_times_is_given_up(monkeypatch: pytest.MonkeyPatch):
    import_ = uploaded(a_project(), prompts(1))
    imports.check(import_, by=lead_of(import_.project), mapping=PROMPT)

    def dying(*args, **kwargs):  # type: ignore[no-untyped-def]
        raise KilledError

    monkeypatch.setattr(work, "survey", dying)
    for _attempt in range(imports.ATTEMPTS):
        with pytest.raises(KilledError):
            work.check(import_.pk)
    work.check(import_.pk)

    assert fresh(import_).state == ImportState.FAILED
    assert "never finished" in fresh(import_).error


def test_an_upload_that_vanished_fails_with_what_to_do():
    import_ = uploaded(a_project(), prompts(1))
    uploads.discard(import_.folder)

    failed = check(import_, PROMPT)

    assert failed.state == ImportState.FAILED
    assert (
        failed.error
        == "The uploaded file cannot be read any more (No such file or directory). Upload it again."
    )


# --- A world that moves on ----------------------------------------------------------------------------


def test_what_came_in_since_the_check_makes_the_file_be_checked_again():
    project = a_project()
    first, second = (check(uploaded(project, prompts(3)), PROMPT) for _file in range(2))
    commit(first)

    moved = commit(second)
    work.check(second.pk)

    assert moved.state == ImportState.CHECKING
    assert (fresh(second).state, fresh(second).rows_good) == (ImportState.CHECKED, 0)
    assert fresh(second).error.startswith("The project changed after the check")
    assert Record.objects.count() == 3


def test_a_task_changed_since_the_check_makes_the_file_be_checked_again():
    project = a_project()
    import_ = check(uploaded(project, prompts(3)), PROMPT)
    schema = tasks.current_schema(project).schema
    wider = TaskSchema(
        fields=(*schema.fields, Field(name="context", title="Context")), questions=schema.questions
    )
    tasks.save_schema(project, by=lead_of(project), schema=wider)

    commit(import_)
    work.check(import_.pk)

    assert reasons(fresh(import_))[1] == "The field “context” is empty."
    assert not Record.objects.exists()


def test_the_result_that_was_looked_at_is_the_one_that_comes_in():
    project = a_project()
    import_ = check(uploaded(project, prompts(3)), PROMPT)
    seen = import_.build
    again = check(import_, PROMPT)

    with pytest.raises(ConflictError, match="checked again after you opened the page"):
        imports.commit(again, by=lead_of(project), build=seen)


def test_a_cancelled_import_stays_cancelled_whatever_its_worker_finds(monkeypatch: pytest.MonkeyPatch):
    import_ = uploaded(a_project(), prompts(1))
    imports.check(import_, by=lead_of(import_.project), mapping=PROMPT)

    def overtaken(taken, **kwargs):  # type: ignore[no-untyped-def]
        found = surveying.survey(taken, **kwargs)
        imports.cancel(fresh(taken), by=lead_of(taken.project))
        return found

    monkeypatch.setattr(work, "survey", overtaken)
    work.check(import_.pk)

    assert fresh(import_).state == ImportState.CANCELLED


def test_nothing_happens_twice_by_a_second_click():
    project = a_project()
    lead, done = lead_of(project), imported(project)

    for again in (imports.commit, imports.cancel):
        with pytest.raises(ConflictError, match="Imported"):
            again(done, by=lead)
    with pytest.raises(ConflictError, match="Imported"):
        imports.check(done, by=lead, mapping=PROMPT)


# --- Overlap, and fields that records fill ---------------------------------------------------------------


def test_the_overlap_moves_the_places_of_records_that_are_there():
    project = a_project()
    imported(project, prompts(2))

    records.set_overlap(project, by=lead_of(project), overlap=5)

    assert set(project.records.values_list("open_slots", flat=True)) == {5}


def test_the_overlap_stays_once_the_project_is_finished():
    project = a_project()
    imported(project, prompts(2))
    projects.open(project, by=lead_of(project))
    projects.complete(project, by=lead_of(project))

    with pytest.raises(ConflictError, match="finished with 3 answers per record"):
        records.set_overlap(project, by=lead_of(project), overlap=5)

    assert set(project.records.values_list("open_slots", flat=True)) == {3}


@pytest.mark.parametrize("overlap", [0, 51])
def test_an_overlap_out_of_range_is_refused(overlap: int):
    project = a_project()

    with pytest.raises(InvalidError, match="1 to 50"):
        records.set_overlap(project, by=lead_of(project), overlap=overlap)


def test_fields_that_records_fill_stay_while_questions_change_freely():
    project = a_project()
    lead = lead_of(project)
    imported(project)
    schema = tasks.current_schema(project).schema
    renamed = TaskSchema(fields=(Field(name="text", title="Text"),), questions=schema.questions)
    question = LabelQuestion(
        name="topic", title="About?", options=(Option(value="a", text="A"), Option(value="b", text="B"))
    )
    asked = TaskSchema(fields=schema.fields, questions=(question,))

    with pytest.raises(ConflictError, match="There are records already"):
        tasks.save_schema(project, by=lead, schema=renamed)

    assert tasks.save_schema(project, by=lead, schema=asked).schema == asked


# --- Who may --------------------------------------------------------------------------------------------


def test_only_those_who_run_the_project_bring_records_in():
    project = a_project()
    import_ = check(uploaded(project, prompts(1)), PROMPT)
    stranger = person("stranger")
    doors = [
        lambda: imports.upload(project, by=stranger, file_name="a.jsonl", chunks=[prompts(1)]),
        lambda: imports.check(import_, by=stranger, mapping=PROMPT),
        lambda: imports.commit(import_, by=stranger),
        lambda: imports.cancel(import_, by=stranger),
        lambda: imports.find(project, number=import_.pk, by=stranger),
        lambda: records.set_overlap(project, by=stranger, overlap=1),
    ]

    for door in doors:
        with pytest.raises(NotVisibleError):
            door()
    Project.objects.update(state=ProjectState.PAUSED)
    for thing in (project, import_.project):
        thing.refresh_from_db()
    for door in doors:
        with pytest.raises(NotAllowedError):
            door()
    assert imports.find(project, number=import_.pk, by=organiser()) == import_
