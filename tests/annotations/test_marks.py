"""Marks in the text of a record: given by page and by program, changed, read again, found, imported, released."""

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.domain import tokens
from accounts.models import HubOrganisation, User
from annotations.domain import contributors, editing, responding, searching
from annotations.domain.given import fields_to_mark
from annotations.models import Response
from annotations.reading.drafts import Draft, Reason, Refusal, apply
from annotations.reading.mapping import ColumnMapping, SuggestionSource
from annotations.releasing.front_matter import RECORDS_FILE
from projects.models import Project, SchemaVersion
from projects.schema.answers import Answer, AnswerError
from projects.schema.definition import TaskSchema
from projects.schema.spans import Span
from tests.annotations.releasing import built, folder, give, record_rows
from tests.annotations.worlds import a_project, somebody, taking_part
from tests.reading.files import row
from tests.schema.schemas import RATING_ONLY, SPANS_ONLY

pytestmark = pytest.mark.django_db
JSON = "application/json"
TEXT = "👩‍👧 Ada went to Lagos."
ADA, LAGOS = (
    {"start": 4, "end": 7, "label": "per"},
    {"start": 16, "end": 21, "label": "loc"},
)


def marking(*, records: int = 1, schema: TaskSchema = SPANS_ONLY) -> Project:
    """An open project in whose records names are to be marked."""
    project = a_project(records=records)
    SchemaVersion.objects.filter(project=project).update(definition=schema.to_json())
    project.records.update(fields={"prompt": TEXT})
    return project


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def program(user: User) -> Client:
    secret = tokens.make(user, name="script")[1]
    return Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)


def answered(project: Project, user: User, *marks: dict[str, object]) -> Response:
    assignment = responding.next_record(project, by=user)
    assert assignment is not None
    values = {"names": list(marks)}
    return responding.submit(project, by=user, record_id=assignment.record_id, values=values).response


# --- Giving -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ([ADA | {"end": len(TEXT) + 1}], "goes past the end of the text"),
        ([ADA | {"end": 10**30}], "goes past the end of the text"),
        ([ADA | {"label": "city"}], "is not one of the options"),
        ([ADA | {"label": ["per"]}], "is not one of the options"),
        ([ADA | {"end": 4}], "ends where it starts"),
        ([ADA | {"start": -1}], "is no place in a text"),
        ([ADA | {"start": 4.0}], "is no place in a text"),
        ([ADA | {"start": "4"}], "is no place in a text"),
        ([ADA, ADA | {"label": "org"}], "overlap"),
        ([ADA, {"start": 0, "end": 5, "label": "org"}], "overlap"),
        ([{"start": 4, "end": 7}], "A mark has a start, an end and a label"),
        ([ADA] * 501, "at most 500"),
        ("Ada", "A list of marks is expected"),
    ],
)
def test_by_api_what_is_no_mark_in_this_text_is_refused_and_nothing_changes(
    value: object, sentence: str
) -> None:
    project = marking()
    user = taking_part(project)
    responding.next_record(project, by=user)
    sent = {"record": project.records.get().pk, "values": {"names": value}}

    refused = program(user).post(f"/api/v1/projects/{project.slug}/responses/", sent, JSON)

    assert (refused.status_code, refused["Content-Type"]) == (422, "application/problem+json")
    assert sentence in refused.json()["errors"]["names"][0]
    assert not Response.objects.exists()


def test_by_api_what_json_has_no_number_for_is_refused() -> None:
    project = marking()
    user = taking_part(project)
    responding.next_record(project, by=user)
    mark = b'{"start": NaN, "end": 7, "label": "per"}'
    body = b'{"record": %d, "values": {"names": [%s]}}' % (project.records.get().pk, mark)

    refused = program(user).post(f"/api/v1/projects/{project.slug}/responses/", body, JSON)

    assert 400 <= refused.status_code < 500
    assert refused.json()["detail"]
    assert not Response.objects.exists()


def test_by_api_marks_are_stored_in_the_order_of_the_text_and_read_again() -> None:
    project = marking()
    user = taking_part(project)
    responding.next_record(project, by=user)
    sent = {"record": project.records.get().pk, "values": {"names": [LAGOS, ADA, LAGOS]}}

    taken = program(user).post(f"/api/v1/projects/{project.slug}/responses/", sent, JSON)

    assert taken.status_code == 201
    assert taken.json()["response"]["values"] == Response.objects.get().values == {"names": [ADA, LAGOS]}


def test_that_there_is_nothing_to_mark_is_an_answer() -> None:
    project = marking()

    assert answered(project, taking_part(project)).values == {"names": []}


def test_the_text_is_looked_up_only_where_it_is_marked() -> None:
    project = marking()
    record = project.records.get().pk

    with CaptureQueriesContext(connection) as queries:
        assert fields_to_mark(project, RATING_ONLY, record) is None
    assert len(queries) == 0
    with CaptureQueriesContext(connection) as queries:
        assert fields_to_mark(project, SPANS_ONLY, record) == {"prompt": TEXT}
    assert len(queries) == 1


def test_a_record_of_another_project_is_not_looked_into() -> None:
    project, other = marking(), marking()

    assert fields_to_mark(project, SPANS_ONLY, other.records.get().pk) is None


def test_the_text_stands_once_on_the_page_where_the_first_question_marks_it() -> None:
    first = marking()
    later = marking(
        schema=TaskSchema(fields=SPANS_ONLY.fields, questions=(*RATING_ONLY.questions, *SPANS_ONLY.questions))
    )

    pages = [
        as_user(taking_part(project)).get(f"/projects/{project.slug}/annotate/").content.decode()
        for project in (first, later)
    ]

    assert [page.count(TEXT) for page in pages] == [1, 2]


def test_a_form_that_is_refused_keeps_its_marks() -> None:
    both = TaskSchema(fields=SPANS_ONLY.fields, questions=(*SPANS_ONLY.questions, *RATING_ONLY.questions))
    project = marking(schema=both)
    user = taking_part(project)
    client, url = as_user(user), f"/projects/{project.slug}/annotate/"
    client.get(url)

    sent = {"record": project.records.get().pk, "answer.names": json.dumps([ADA])}
    again = client.post(url, sent)

    assert again.status_code == 422
    assert "&quot;start&quot;:4,&quot;end&quot;:7,&quot;label&quot;:&quot;per&quot;" in again.content.decode()


# --- Changing, reading and finding --------------------------------------------------------------------


def test_an_edit_is_held_to_the_text_too() -> None:
    project = marking()
    user = taking_part(project)
    given = answered(project, user, ADA)

    with pytest.raises(AnswerError, match="past the end"):
        editing.edit(given, by=user, values={"names": [LAGOS | {"end": 99}]})
    editing.edit(given, by=user, values={"names": [LAGOS]})

    page = as_user(user).get("/me/answers/").content.decode()
    assert "“Lagos” (Place)" in page
    assert "“Ada” (Person)" in page  # what it was before


def test_who_may_no_longer_see_a_record_reads_no_words_of_it() -> None:
    project = marking()
    user = taking_part(project)
    given = answered(project, user, ADA)
    editing.edit(given, by=user, values={"names": [ADA, LAGOS]})
    organisation = HubOrganisation.objects.create(sub="org-1", handle="members", name="Members")
    Project.objects.update(access="organisation", organisation=organisation)

    page = as_user(user).get("/me/answers/").content.decode()

    assert "4–7 (Person), 16–21 (Place)" in page
    assert "Ada" not in page


@pytest.mark.parametrize(
    ("text", "count"), [("plac", 1), ("person", 2), ("Organ", 0), ("loc", 0), ("start", 0)]
)
def test_own_answers_are_found_by_the_labels_of_their_marks(text: str, count: int) -> None:
    project = marking(records=2)
    user = taking_part(project)
    answered(project, user, ADA)
    answered(project, user, ADA, LAGOS)

    assert searching.own_answers(user, text=text).count() == count


def test_the_page_of_an_answer_is_nobody_elses() -> None:
    project = marking()
    given = answered(project, taking_part(project), ADA)

    assert as_user(somebody()).get(f"/me/answers/{given.public_id}/edit/").status_code == 404


# --- Importing and releasing --------------------------------------------------------------------------


def imported(cell: object) -> Draft | Refusal:
    mapping = ColumnMapping(
        fields={"prompt": "text"}, suggestions={"names": SuggestionSource(path="ner", agent="tagger-1")}
    )
    return apply(mapping, SPANS_ONLY, row(text=TEXT, ner=cell))


def test_suggested_marks_are_held_to_the_text_they_come_with() -> None:
    taken, refused = imported(json.dumps([LAGOS])), imported(json.dumps([LAGOS | {"end": 99}]))

    assert isinstance(taken, Draft)
    assert taken.suggestions == Answer({"names": (Span(16, 21, "loc"),)})
    assert isinstance(refused, Refusal)
    assert refused.reasons == {
        Reason.SUGGESTION: ("Names: The mark 16–99 (loc) goes past the end of the text.",)
    }


@pytest.mark.django_db(transaction=True)
def test_a_release_has_the_marks_of_everybody_as_argilla_reads_them(settings: Any, tmp_path: Path) -> None:
    settings.RELEASE_DIR = tmp_path
    project = marking()
    project.records.update(suggestions={"names": {"value": [ADA], "agent": "tagger-1"}})
    for marks in ([ADA, LAGOS], []):
        contributor = contributors.join(project, by=taking_part(project))
        give(project, contributor, "prompt-0", {"names": marks})

    release = built(project)

    [record] = record_rows(release)
    assert record["names.responses"] == [[ADA, LAGOS], []]
    assert record["names.responses.status"] == ["submitted", "submitted"]
    assert (record["names.suggestion"], record["names.suggestion.agent"]) == ([ADA], "tagger-1")
    assert [TEXT[one["start"] : one["end"]] for one in record["names.responses"][0]] == ["Ada", "Lagos"]
    assert not [name for name in record if name.startswith("names.") and name.endswith(("mean", "majority"))]
    types = pq.read_schema(folder(release) / RECORDS_FILE)
    assert str(types.field("names.responses").type) == (
        "list<element: list<element: struct<start: int64, end: int64, label: string>>>"
    )
    card = (folder(release) / "README.md").read_text("utf-8")
    assert "`prompt[start:end]` is marked with `label`" in card
    argilla = json.loads((folder(release) / ".argilla/settings.json").read_text("utf-8"))
    assert argilla["questions"][0]["settings"]["type"] == "span"


@pytest.mark.django_db(transaction=True)
def test_marks_that_the_text_has_no_room_for_are_in_no_release(settings: Any, tmp_path: Path) -> None:
    settings.RELEASE_DIR = tmp_path
    project = marking()
    for marks in ([ADA], [LAGOS | {"end": 99}]):
        contributor = contributors.join(project, by=taking_part(project))
        give(project, contributor, "prompt-0", {"names": marks})

    release = built(project)

    assert record_rows(release)[0]["names.responses"] == [[ADA]]
