"""Whatever is sent to the API: a refusal with a sentence, never an error of our own."""

import json

import pytest
from django.conf import settings
from django.test import Client
from rest_framework.throttling import AnonRateThrottle

from accounts.domain import tokens
from annotations.domain import responding
from annotations.models import Response
from projects.models import Project, SchemaVersion
from tests.annotations.worlds import a_project, somebody, taking_part
from tests.schema.schemas import RANKING_ONLY

pytestmark = pytest.mark.django_db
JSON = "application/json"
DEEP = b'{"record": 1, "values": {"quality": %s}}'
ODD_BODIES = [
    b"[" * 100_000,
    b'{"a":' * 100_000,
    DEEP % (b"[" * 100_000 + b"]" * 100_000),
    DEEP % (b"[" * 850 + b"]" * 850),
    DEEP % (b"[" * 300 + b"]" * 300),
    DEEP % b'"\\ud800"',
    DEEP % b"1e400",
    DEEP % (b"9" * 6000),
    b'{"record": 1, "values": {"\\ud800": 1}}',
    b'{"record": "\\ud800", "values": {}}',
    b'{"record": 1e400, "values": {}}',
    b'{"licence": "\\ud800", "shown_as": "\\ud800"}',
    b'{"licence": "x", "shown_as": "\\ud800"}',
    b'{"licence": "x", "shown_as": ["\\ud800"]}',
    b'{"licence": "x", "shown_as": {}}',
    b'{"licence": "\\u0000"}',
]


def program_of(project: Project) -> Client:
    user = taking_part(project)
    responding.next_record(project, by=user)
    secret = tokens.make(user, name="script")[1]
    return Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)


@pytest.mark.parametrize("endpoint", ["responses", "skips", "discards", "flags", "consent"])
@pytest.mark.parametrize("body", ODD_BODIES, ids=range(len(ODD_BODIES)))
def test_an_odd_body_is_refused_with_a_sentence(endpoint: str, body: bytes) -> None:
    project = a_project(records=0)

    refused = program_of(project).post(f"/api/v1/projects/{project.slug}/{endpoint}/", body, JSON)

    assert 400 <= refused.status_code < 500
    assert json.loads(refused.content)["detail"]


@pytest.mark.parametrize("charset", ["zlib", "hex", "utf-16", "nonsense"])
def test_json_is_read_as_utf_8_whatever_it_is_called(charset: str) -> None:
    project = a_project(records=1)
    sent = json.dumps({"record": project.records.get().pk, "values": {"quality": 3}})
    path = f"/api/v1/projects/{project.slug}/responses/"

    taken = program_of(project).generic("POST", path, sent, f"{JSON}; charset={charset}")

    assert taken.status_code == 201


def test_a_body_over_the_limit_is_a_problem_too() -> None:
    project = a_project(records=1)
    body = b'{"record": 1, "values": "%s"}' % (b"x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE)

    refused = program_of(project).post(f"/api/v1/projects/{project.slug}/responses/", body, JSON)

    assert refused.status_code == 413
    assert json.loads(refused.content)["type"] == "too-large"


def test_calling_oneself_another_address_does_not_get_around_the_limit_of_requests() -> None:
    throttle, client = AnonRateThrottle(), Client()
    asked = [
        client.get("/api/v1/totals/", headers={"x-forwarded-for": f"10.0.0.{number}"}).wsgi_request
        for number in range(2)
    ]

    assert len({throttle.get_ident(request) for request in asked}) == 1


def test_an_unknown_person_may_not_be_found_by_their_answers() -> None:
    project = a_project(records=1)
    program, stranger = program_of(project), somebody()
    program.post(
        f"/api/v1/projects/{project.slug}/responses/",
        {"record": project.records.get().pk, "values": {"quality": 3}},
        JSON,
    )
    given = Response.objects.get()
    theirs = Client()
    theirs.force_login(stranger)

    assert theirs.delete(f"/api/v1/me/responses/{given.public_id}/").status_code == 404
    assert Response.objects.exists()


def test_a_ranking_is_sent_as_all_its_options_from_the_best_to_the_worst() -> None:
    project = a_project(records=1)
    SchemaVersion.objects.filter(project=project).update(definition=RANKING_ONLY.to_json())
    program, url = program_of(project), f"/api/v1/projects/{project.slug}/responses/"
    record = project.records.get().pk

    for order in (["c", "a"], ["c", "a", "a"], ["c", "a", "d"], {"c": 1}, "cab"):
        refused = program.post(url, {"record": record, "values": {"order": order}}, JSON)
        assert (refused.status_code, list(refused.json()["errors"])) == (422, ["order"])
    taken = program.post(url, {"record": record, "values": {"order": ["c", "a", "b"]}}, JSON)

    assert taken.status_code == 201
    assert Response.objects.get().values == {"order": ["c", "a", "b"]}
