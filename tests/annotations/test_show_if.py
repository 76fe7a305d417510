"""Questions that are asked only after certain answers: what page and API take of them."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.domain import tokens
from accounts.models import User
from annotations.domain import responding
from annotations.models import Response
from projects.models import Project, SchemaVersion
from tests.annotations.worlds import a_project, somebody, taking_part
from tests.schema.schemas import CONDITIONAL

pytestmark = pytest.mark.django_db
JSON = "application/json"


def asking_project() -> Project:
    project = a_project(records=2)
    SchemaVersion.objects.filter(project=project).update(definition=CONDITIONAL.to_json())
    return project


def with_a_record(project: Project) -> tuple[User, int]:
    user = taking_part(project)
    assignment = responding.next_record(project, by=user)
    assert assignment
    return user, assignment.record_id


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent_to_api(project: Project, values: dict[str, Any]) -> Any:
    user, record = with_a_record(project)
    program = Client(headers={"authorization": f"Bearer {tokens.make(user, name='script')[1]}"})
    return program.post(
        f"/api/v1/projects/{project.slug}/responses/", json.dumps({"record": record, "values": values}), JSON
    )


def test_the_api_takes_what_is_asked() -> None:
    values = {"quality": 1, "faults": ["other"], "why": "It is in verse."}

    taken = sent_to_api(asking_project(), values)

    assert taken.status_code == 201
    assert Response.objects.get().values == values


def test_the_api_refuses_an_answer_to_what_is_not_asked() -> None:
    refused = sent_to_api(asking_project(), {"quality": 5, "faults": ["rude"]})

    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert json.loads(refused.content)["errors"] == {
        "faults": ["“Faults” is asked only if “Quality” is answered with: 1, 2. Leave it out."]
    }
    assert not Response.objects.exists()


def test_the_api_refuses_an_answer_without_what_is_asked() -> None:
    refused = sent_to_api(asking_project(), {"quality": 1})

    assert json.loads(refused.content)["errors"] == {"faults": ["“Faults” needs an answer."]}


def test_the_page_drops_what_is_not_asked() -> None:
    project = asking_project()
    user, record = with_a_record(project)
    sent = {"record": record, "answer.quality": "5", "answer.faults": ["rude", "gone"], "answer.why": "x"}

    as_user(user).post(reverse("projects:annotate", args=[project.slug]), sent)

    assert Response.objects.get().values == {"quality": 5}


def test_the_page_says_when_each_question_is_asked_and_hides_none_by_itself() -> None:
    project = asking_project()

    text = (
        as_user(taking_part(project)).get(reverse("projects:annotate", args=[project.slug])).content.decode()
    )

    assert "Only if <bdi>“Faults”</bdi> is answered with: <bdi>Something else, It is rude</bdi>." in text
    assert 'data-show-if="quality" data-show-if-values="[&quot;1&quot;, &quot;2&quot;]"' in text
    assert "disabled data-question" not in text


def test_an_answer_is_changed_to_one_that_asks_less() -> None:
    project = asking_project()
    user, record = with_a_record(project)
    values = {"quality": 1, "faults": ["wrong"]}
    response = responding.submit(project, by=user, record_id=record, values=values).response

    sent = {"answer.quality": "4", "answer.faults": ["wrong"]}
    as_user(user).post(reverse("mine:edit", args=[response.public_id]), sent)

    assert Response.objects.get().values == {"quality": 4}


def test_a_preview_checks_as_the_workspace_does_and_is_for_leads_alone() -> None:
    project = asking_project()
    url, sent = reverse("records:preview", args=[project.slug]), {"answer.quality": "4", "answer.why": "x"}

    tried = as_user(project.application.lead).post(url, sent)

    assert tried.context["saved_as"] == '{\n  "quality": 4\n}'
    assert as_user(somebody()).post(url, sent).status_code == 403
