"""Answers that cannot be taken, by the API and by the page: a refusal that says why, and nothing has changed."""

import json
from collections.abc import Mapping

import pytest
from django.conf import settings
from django.db.models import Model
from django.test import Client

from accounts.domain import tokens
from annotations.domain import responding
from annotations.models import (
    Assignment,
    Contributor,
    Discard,
    Draft,
    Flag,
    Lapse,
    Record,
    Response,
    ResponseEdit,
    Skip,
    TotalsDelta,
    Withdrawal,
)
from projects.models import Project, ProjectState
from tests.annotations.tasks import a_project_asking, ask, opened
from tests.annotations.test_workspace import SCRIPT, as_user, url
from tests.annotations.worlds import taking_part
from tests.schema.schemas import EVERYTHING

pytestmark = pytest.mark.django_db
JSON = "application/json"
MEGABYTE = 1_000_000
TABLES: tuple[type[Model], ...] = (
    *(Response, ResponseEdit, Withdrawal, Draft, Skip, Discard, Flag, Lapse, TotalsDelta),
    *(Assignment, Contributor, Record),
)


def everything() -> dict[str, list[dict[str, object]]]:
    """All rows that answering can touch, but for how long somebody has a record."""
    rows = {model.__name__: list(model._default_manager.order_by("pk").values()) for model in TABLES}
    for row in rows["Assignment"]:
        del row["expires_at"]
    for row in rows["Contributor"]:
        del row["claims"]  # grows when one asks for records, and gets those one has
    return rows


class Desk:
    """Somebody who has answered one record under the key “used” and has another one open; a third is a stranger's."""

    def __init__(self) -> None:
        self.project = a_project_asking(EVERYTHING, records=3, overlap=1)
        ask(self.project, EVERYTHING)
        self.user, stranger = taking_part(self.project), taking_part(self.project)
        self.answered = opened(self.project, self.user)
        responding.submit(
            self.project, by=self.user, record_id=self.answered, values={"quality": 3}, key="used"
        )
        self.record = opened(self.project, self.user)
        self.strangers = opened(self.project, stranger)

    def api(self) -> Client:
        secret = tokens.make(self.user, name="script")[1]
        return Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)

    @property
    def api_path(self) -> str:
        return f"/api/v1/projects/{self.project.slug}/responses/"


@pytest.fixture
def desk() -> Desk:
    return Desk()


# What is sent instead of {"quality": 4}, as it stands in the body.
ODD_VALUES = {
    "an unknown option": ('{"quality": 4, "topic": "art"}', 422),
    "an unknown label": ('{"quality": 4, "flags": ["pii", "none"]}', 422),
    "a label twice": ('{"quality": 4, "flags": ["pii", "pii"]}', 422),
    "labels in a mapping": ('{"quality": 4, "flags": {"pii": true}}', 422),
    "an unknown question": ('{"quality": 4, "nothing": 1}', 422),
    "no answer": ("{}", 422),
    "a rating out of range": ('{"quality": 6}', 422),
    "a rating as text": ('{"quality": "4"}', 422),
    "a rating as a fraction": ('{"quality": 4.0}', 422),
    "a rating as yes": ('{"quality": true}', 422),
    "a rating as a list": ('{"quality": [4]}', 422),
    "not a number": ('{"quality": NaN}', 400),
    "infinity": ('{"quality": Infinity}', 400),
    "less than everything": ('{"quality": -Infinity}', 400),
    "more than a float": ('{"quality": 1e999}', 400),
    "a number without end": ('{"quality": %s}' % ("9" * 10_000), 400),
    "a text as a number": ('{"quality": 4, "comment": 5}', 422),
    "too long a text": ('{"quality": 4, "comment": "%s"}' % ("x" * 41), 422),
    "a megabyte of text": ('{"quality": 4, "comment": "%s"}' % ("ẹ" * (MEGABYTE // 3)), 422),
    "a megabyte of a rating": ('{"quality": "%s"}' % ("4" * MEGABYTE), 422),
    "a megabyte of a name": ('{"quality": 4, "%s": 1}' % ("q" * MEGABYTE), 422),
    "many names": (json.dumps({f"q{number}": 1 for number in range(20_000)}), 422),
    "a line too many": ('{"quality": 4, "word": "a\\nb"}', 422),
    "NUL": ('{"quality": 4, "comment": "\\u0000"}', 422),
    "half a surrogate pair": ('{"quality": 4, "comment": "\\ud83d"}', 400),
    "half a pair as a name": ('{"quality": 4, "\\udc1d": 1}', 400),
    "a deep value": ('{"quality": %s}' % ("[" * 300 + "]" * 300), 422),
    "a bottomless value": ('{"quality": %s}' % ("[" * 200_000 + "]" * 200_000), 400),
    "a bottomless mapping": ('{"quality": ' + '{"a":' * 100_000 + "1" + "}" * 100_001, 400),
    "a list": ("[4]", 422),
    "a text": ('"quality=4"', 422),
    "a number": ("4", 422),
    "nothing": ("null", 400),
}
ODD_RECORDS = {
    "none": ("null", 400),
    "zero": ("0", 400),
    "less": ("-1", 400),
    "yes": ("true", 400),
    "a list": ("[1]", 400),
    "a mapping": ('{"id": 1}', 400),
    "a word": ('"first"', 400),
    "a fraction": ("1.5", 400),
    "not a number": ("NaN", 400),
    "no record": ("999999999", 404),
    "the last number": (str(2**63 - 1), 404),
    "one more": (str(2**63), 400),
    "far beyond": (str(10**40), 400),
    "NUL": ('"\\u0000"', 400),
}


def assert_problem(refused: object, status: int) -> None:
    assert refused.status_code == status, refused.content  # type: ignore[attr-defined]
    assert refused["Content-Type"] == "application/problem+json"  # type: ignore[index]
    problem = json.loads(refused.content)  # type: ignore[attr-defined]
    assert problem["status"] == status
    assert 0 < len(problem["detail"]) < 10_000


@pytest.mark.parametrize("case", ODD_VALUES)
def test_odd_values_are_a_problem_for_programs(desk: Desk, case: str) -> None:
    values, status = ODD_VALUES[case]
    client, before = desk.api(), everything()

    refused = client.post(desk.api_path, f'{{"record": {desk.record}, "values": {values}}}', JSON)

    assert_problem(refused, status)
    assert everything() == before


@pytest.mark.parametrize("case", ODD_RECORDS)
def test_odd_records_are_a_problem_for_programs(desk: Desk, case: str) -> None:
    record, status = ODD_RECORDS[case]
    client, before = desk.api(), everything()

    refused = client.post(desk.api_path, f'{{"record": {record}, "values": {{"quality": 4}}}}', JSON)

    assert_problem(refused, status)
    assert everything() == before


@pytest.mark.parametrize("state", [state for state in ProjectState if state != ProjectState.OPEN])
def test_a_project_that_is_not_open_takes_no_answer(desk: Desk, state: ProjectState) -> None:
    Project.objects.update(state=state)
    client, page, before = desk.api(), as_user(desk.user), everything()
    body = {"record": desk.record, "values": {"quality": 4}}
    status = 404 if state == ProjectState.SETUP else 409

    assert_problem(client.post(desk.api_path, body, JSON), status)
    assert_problem(client.post(desk.api_path, body, JSON, headers={"Idempotency-Key": "new"}), status)
    form = {"record": desk.record, "answer.quality": "4"}
    assert page.post(url(desk.project), form).status_code == status
    assert_problem(page.post(url(desk.project), form, **SCRIPT), status)
    assert everything() == before


def test_somebody_elses_record_takes_no_answer(desk: Desk) -> None:
    client, page, before = desk.api(), as_user(desk.user), everything()
    body = {"record": desk.strangers, "values": {"quality": 4}}
    form = {"record": desk.strangers, "answer.quality": "4"}

    assert_problem(client.post(desk.api_path, body, JSON), 404)
    assert_problem(client.post(desk.api_path, body | {"schema_version": 1}, JSON), 404)
    assert page.post(url(desk.project), form).status_code == 404
    assert_problem(page.post(url(desk.project), form, **SCRIPT), 404)
    assert page.post(url(desk.project, "draft"), form).status_code == 404
    assert page.post(f"/me/answers/begun/{desk.strangers}/", {"answer.quality": "4"}).status_code == 404
    assert everything() == before


@pytest.mark.parametrize(
    ("key", "body", "status"),
    [
        ("used", {"record": "record"}, 422),
        ("used", {"record": "answered", "values": {"quality": 4}}, 422),
        ("x" * 201, {}, 422),
        ("", {}, 422),
        ('"', {"record": "strangers"}, 404),
        ("new", {"record": "answered", "values": {"quality": 4}}, 409),
    ],
)
def test_odd_keys_are_a_problem_for_programs(
    desk: Desk, key: str, body: Mapping[str, object], status: int
) -> None:
    record = getattr(desk, str(body.get("record", "record")))
    said = {"record": record, "values": body.get("values", {"quality": 3})}
    client, before = desk.api(), everything()

    refused = client.post(desk.api_path, said, JSON, headers={"Idempotency-Key": key})

    assert_problem(refused, status)
    assert everything() == before


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x"])
def test_what_is_no_json_is_a_problem_for_programs(desk: Desk, content_type: str) -> None:
    client, before = desk.api(), everything()

    refused = client.generic("POST", desk.api_path, "<quality>4</quality>", content_type)

    assert_problem(refused, 415)
    assert everything() == before


# What a form says instead of answer.quality=4.
ODD_FORMS: dict[str, tuple[dict[str, object], int]] = {
    "an unknown option": ({"answer.topic": "art"}, 422),
    "an unknown label": ({"answer.flags": ["pii", "none"]}, 422),
    "a label twice": ({"answer.flags": ["pii", "pii"]}, 422),
    "an unknown question": ({"answer.nothing": "1"}, 422),
    "no answer": ({"answer.quality": ""}, 422),
    "two answers": ({"answer.quality": ["3", "4"]}, 422),
    "a rating out of range": ({"answer.quality": "6"}, 422),
    "a rating of other digits": ({"answer.quality": "٤"}, 422),
    "not a number": ({"answer.quality": "NaN"}, 422),
    "infinity": ({"answer.quality": "Infinity"}, 422),
    "a number without end": ({"answer.quality": "9" * 10_000}, 422),
    "too long a text": ({"answer.comment": "x" * 41}, 422),
    "a megabyte of text": ({"answer.comment": "ẹ" * (MEGABYTE // 3)}, 422),
    "a megabyte of a name": ({f"answer.{'q' * MEGABYTE}": "1"}, 400),
    "more than the site reads": ({"answer.comment": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE}, 413),
    "many names": ({f"answer.q{number}": "1" for number in range(2_000)}, 413),
    "a line too many": ({"answer.word": "a\nb"}, 422),
    "NUL": ({"answer.comment": "\x00"}, 422),
    "no record": ({"record": ""}, 422),
    "a record of other digits": ({"record": "٣٣٣٣٣٣٣"}, 422),
    "a record that is none": ({"record": "first"}, 422),
    "a record beyond all": ({"record": "9" * 40}, 422),
    "a record that is not there": ({"record": "9" * 18}, 404),
    "no version": ({"schema": "3"}, 422),
    "a version that is none": ({"schema": "newest"}, 422),
    "a version beyond all": ({"schema": "9" * 40}, 422),
    "too long a key": ({"key": "x" * 201}, 422),
    "a key that was used": ({"key": "used"}, 422),
}


@pytest.mark.parametrize("asked_by", [SCRIPT, {}], ids=["script", "browser"])
@pytest.mark.parametrize("case", ODD_FORMS)
def test_an_odd_form_is_refused_and_nothing_changes(
    desk: Desk, case: str, asked_by: Mapping[str, str]
) -> None:
    changed, status = ODD_FORMS[case]
    client, before = as_user(desk.user), everything()
    form = {"record": desk.record, "answer.quality": "4"} | changed

    refused = client.post(url(desk.project), form, **asked_by)

    assert refused.status_code == status, refused.content
    assert "html" in refused["Content-Type"] if not asked_by else refused.json()["detail"]
    assert everything() == before
