"""The API: the same numbers as the pages, the same refusals as the domain."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.domain import people, tokens
from accounts.models import ShownAs, User
from annotations.domain import totals
from annotations.models import Discard, Flag, Response
from projects.models import Project, ProjectState
from tests.annotations.worlds import a_project, add_records, answer, somebody, taking_part

pytestmark = pytest.mark.django_db
JSON = "application/json"


class Api:
    """A program that uses a person's token, or none."""

    def __init__(self, user: User | None = None) -> None:
        headers = {"authorization": f"Bearer {tokens.make(user, name='script')[1]}"} if user else {}
        self.client = Client(headers=headers)

    def get(self, path: str, **query: str):
        return self.client.get(f"/api/v1/{path}", query)

    def post(self, path: str, body: object = None):
        return self.client.post(f"/api/v1/{path}", body, content_type=JSON)


def test_answering_by_api_takes_one_round_trip_for_each_record() -> None:
    project = a_project(records=2)
    api = Api(taking_part(project))
    first = api.post(f"projects/{project.slug}/next/").json()["next"]["record"]

    answered = api.post(
        f"projects/{project.slug}/responses/", {"record": first["id"], "values": {"quality": 5}}
    )

    assert answered.status_code == 201
    body = answered.json()
    assert body["response"]["values"] == {"quality": 5}
    assert body["next"]["record"]["fields"] == {"prompt": "Prompt number 1"}


def test_an_answer_and_the_next_record_cost_few_queries() -> None:
    project = a_project(records=3)
    api = Api(taking_part(project))
    record = api.post(f"projects/{project.slug}/next/").json()["next"]["record"]["id"]
    path = f"projects/{project.slug}/responses/"
    record = api.post(path, {"record": record, "values": {"quality": 5}}).json()["next"]["record"]["id"]

    with CaptureQueriesContext(connection) as captured:
        answered = api.post(path, {"record": record, "values": {"quality": 5}})

    assert answered.status_code == 201
    statements = [query["sql"] for query in captured if "SAVEPOINT" not in query["sql"]]
    most = 4 if connection.vendor == "postgresql" else 14
    assert len(statements) <= most, statements


def test_sending_an_answer_again_says_that_it_was_there() -> None:
    project = a_project(records=2)
    user = taking_part(project)
    given = answer(project, user).response

    again = Api(user).post(
        f"projects/{project.slug}/responses/", {"record": given.record_id, "values": given.values}
    )

    assert again.status_code == 200
    assert again.json()["repeated"] is True
    assert Response.objects.count() == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ([], 400),
        ({"record": "x", "values": {}}, 400),
        ({"record": 2**70, "values": {}}, 400),
        ({"record": 1, "values": {"quality": 99}}, 422),
        ({"record": 1, "values": {"nothing": 1}}, 422),
        ({"record": 999_999, "values": {"quality": 3}}, 404),
    ],
)
def test_a_bad_answer_is_a_problem_with_a_sentence(body: object, status: int) -> None:
    project = a_project(records=1)

    refused = Api(taking_part(project)).post(f"projects/{project.slug}/responses/", body)

    assert refused.status_code == status
    assert refused["Content-Type"] == "application/problem+json"
    assert refused.json()["status"] == status
    assert refused.json()["detail"]
    assert not Response.objects.exists()


@pytest.mark.parametrize("raw", [b"{", b'{"record": 1, "values": NaN}', b"\xff", b""])
def test_a_body_that_is_no_json_is_a_problem(raw: bytes) -> None:
    project = a_project(records=1)
    api = Api(taking_part(project))

    refused = api.client.post(f"/api/v1/projects/{project.slug}/responses/", raw, content_type=JSON)

    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"


def test_consent_by_api_lets_the_first_answer_be_saved() -> None:
    project = a_project(records=1)
    user = somebody()
    api = Api(user)
    record = api.post(f"projects/{project.slug}/next/").json()["next"]["record"]["id"]
    body = {"record": record, "values": {"quality": 2}}
    assert api.post(f"projects/{project.slug}/responses/", body).status_code == 409

    assert api.post(f"projects/{project.slug}/consent/", {"licence": "mit"}).status_code == 422
    assert api.post(f"projects/{project.slug}/consent/", {"licence": "cc-by-4.0"}).status_code == 204

    assert api.post(f"projects/{project.slug}/responses/", body).status_code == 201


def test_skipping_by_api_brings_the_next_record() -> None:
    project = a_project(records=2)
    api = Api(taking_part(project))
    record = api.post(f"projects/{project.slug}/next/").json()["next"]["record"]["id"]

    skipped = api.post(f"projects/{project.slug}/skips/", {"record": record})

    assert skipped.json()["next"]["record"]["fields"] == {"prompt": "Prompt number 1"}


def test_discarding_and_flagging_by_api_bring_the_next_record() -> None:
    project = a_project(records=3)
    api = Api(taking_part(project))
    record = api.post(f"projects/{project.slug}/next/").json()["next"]["record"]["id"]

    discarded = api.post(f"projects/{project.slug}/discards/", {"record": record})
    flag = {"record": discarded.json()["next"]["record"]["id"], "reason": "broken", "note": "Cut off."}
    flagged = api.post(f"projects/{project.slug}/flags/", flag)

    assert flagged.json()["next"]["record"]["fields"] == {"prompt": "Prompt number 2"}
    assert Discard.objects.get().record_id == record
    assert list(Flag.objects.values("record", "reason", "note")) == [flag]


@pytest.mark.parametrize("said", [{}, {"reason": "boring"}, {"reason": "toxic", "note": "x" * 501}])
def test_a_flag_by_api_that_says_nothing_clear_is_refused_and_changes_nothing(said: dict[str, str]) -> None:
    project = a_project(records=1)
    api = Api(taking_part(project))
    record = api.post(f"projects/{project.slug}/next/").json()["next"]["record"]["id"]

    refused = api.post(f"projects/{project.slug}/flags/", {"record": record} | said)

    assert refused.status_code == 400
    assert refused["Content-Type"] == "application/problem+json"
    assert not Flag.objects.exists()


@pytest.mark.parametrize("path", ["discards", "flags"])
def test_the_record_of_somebody_else_cannot_be_objected_to_by_api(path: str) -> None:
    project = a_project(records=1)
    body = {"record": project.records.get().pk, "reason": "toxic"}

    assert Api(taking_part(project)).post(f"projects/{project.slug}/{path}/", body).status_code == 404
    assert not Discard.objects.exists()
    assert not Flag.objects.exists()


def test_own_answers_are_listed_and_deleted_and_those_of_others_are_not_there() -> None:
    project = a_project(records=1)
    user, other = taking_part(project), taking_part(project)
    mine, theirs = answer(project, user).response, answer(project, other).response
    api = Api(user)

    listed = api.get("me/responses/").json()

    assert [row["id"] for row in listed["results"]] == [str(mine.public_id)]
    assert api.client.delete(f"/api/v1/me/responses/{theirs.public_id}/").status_code == 404
    assert api.client.delete(f"/api/v1/me/responses/{mine.public_id}/").status_code == 204
    assert list(Response.objects.all()) == [theirs]


@pytest.mark.parametrize("path", ["next", "responses", "skips", "discards", "flags", "consent"])
def test_a_stranger_without_a_token_is_asked_for_one(path: str) -> None:
    project = a_project(records=1)

    refused = Api().post(f"projects/{project.slug}/{path}/", {})

    assert refused.status_code == 401
    assert refused["WWW-Authenticate"].startswith("Bearer")
    assert refused["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["", "progress/", "contributors/"])
def test_a_project_in_setup_is_404_for_everybody_else(path: str) -> None:
    project = a_project(records=1, state=ProjectState.SETUP)

    for api in (Api(), Api(somebody())):
        assert api.get(f"projects/{project.slug}/{path}").status_code == 404
    assert Api(project.leads.get()).get(f"projects/{project.slug}/{path}").status_code == 200
    assert Api().get("projects/").json()["results"] == []


def test_progress_contributors_and_totals_agree_with_each_other_and_with_the_pages() -> None:
    project = a_project(records=2, overlap=2)
    shown, hidden = taking_part(project), taking_part(project)
    people.choose_shown_as(hidden, shown_as=ShownAs.HIDDEN)
    for user in (shown, shown, hidden):
        answer(project, user)
    totals.fold()
    answer(project, hidden)  # one change that is not folded yet

    progress = Api().get(f"projects/{project.slug}/progress/").json()
    contributors = Api().get(f"projects/{project.slug}/contributors/").json()
    overall = Api().get("totals/").json()
    page = Client().get(reverse("projects:progress", args=[project.slug]))

    wanted = {"records": 2, "complete": 2, "responses": 4, "contributors": 2, "share_complete": 1.0}
    assert progress["totals"] == wanted
    assert sum(day["responses"] for day in progress["days"]) == 4
    assert contributors["results"] == [{"rank": 1, "name": shown.hub_username, "responses": 2}]
    assert contributors["hidden"] == {"people": 1, "responses": 2}
    assert hidden.hub_username not in str(contributors)
    assert overall == {
        "projects": 1, "open_projects": 1, "records": 2, "complete": 2, "responses": 4, "people": 2,
    }  # fmt: skip
    assert page.context["totals"] == totals.recount(project)


def test_projects_are_found_by_language_domain_task_and_words() -> None:
    yoruba, english = a_project(), a_project()
    Project.objects.filter(pk=yoruba.pk).update(languages=["yor_Latn"], domain="news", title="Iroyin")

    def found(**query: str) -> list[str]:
        return [row["slug"] for row in Api().get("projects/", **query).json()["results"]]

    assert found(language="yor_Latn") == [yoruba.slug]
    assert found(language="yor") == []
    assert found(domain="general") == [english.slug]
    assert found(q="iroy") == [yoruba.slug]
    assert len(found(task="prompt_rating", state="open")) == 2
    assert Api().get("projects/", domain="nonsense").status_code == 400


@pytest.mark.parametrize("path", ["projects/", "totals/"])
def test_lists_cost_the_same_number_of_queries_with_one_project_and_with_twelve(path: str) -> None:
    answer(project := a_project(records=1), taking_part(project))
    Api().get(path)
    with CaptureQueriesContext(connection) as one:
        Api().get(path)
    for _ in range(11):
        answer(project := a_project(records=1), taking_part(project))

    with CaptureQueriesContext(connection) as twelve:
        Api().get(path)

    assert len(twelve) == len(one)


@pytest.mark.parametrize("page", ["detail", "progress", "leaderboard"])
def test_pages_of_a_project_cost_the_same_number_of_queries_whatever_its_size(page: str) -> None:
    project = a_project(records=1, overlap=9)
    answer(project, taking_part(project))
    address = reverse(f"projects:{page}", args=[project.slug])
    Client().get(address)
    with CaptureQueriesContext(connection) as small:
        Client().get(address)
    add_records(project, 30)
    for _ in range(8):
        answer(project, taking_part(project))

    with CaptureQueriesContext(connection) as large:
        Client().get(address)

    assert len(large) == len(small)


def test_the_list_of_projects_costs_the_same_number_of_queries_with_one_and_with_twelve() -> None:
    a_project()
    Client().get(reverse("projects:list"))
    with CaptureQueriesContext(connection) as one:
        Client().get(reverse("projects:list"))
    for _ in range(11):
        a_project()

    with CaptureQueriesContext(connection) as twelve:
        Client().get(reverse("projects:list"))

    assert len(twelve) == len(one)
