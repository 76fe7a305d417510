"""What caches between the site and people may keep."""

import pytest
from django.test import Client

from accounts.domain import tokens
from tests.annotations.worlds import a_project, somebody

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path", ["/", "/projects/", "/me/", "/me/answers/", "/api/v1/me/", "/api/v1/me/responses/"]
)
def test_what_depends_on_who_asks_is_kept_out_of_shared_caches(path: str) -> None:
    client = Client()
    client.force_login(somebody())

    answer = client.get(path)

    assert answer.status_code == 200
    assert "private" in answer["Cache-Control"]


def test_an_answer_to_a_token_is_kept_out_of_shared_caches() -> None:
    project = a_project()
    secret = tokens.make(somebody(), name="script")[1]

    answer = Client(headers={"authorization": f"Bearer {secret}"}).get(f"/api/v1/projects/{project.slug}/")

    assert answer["Cache-Control"] == "private"


def test_the_health_address_reads_no_session_and_is_not_kept() -> None:
    assert Client().get("/healthz")["Cache-Control"] == "no-store"
