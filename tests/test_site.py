"""Pages that join the apps."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from tests.annotations.worlds import a_project, answer, taking_part

pytestmark = pytest.mark.django_db


def test_the_home_page_shows_live_totals_and_open_projects() -> None:
    project = a_project(records=1, overlap=1)
    answer(project, taking_part(project))

    page = Client().get("/")

    assert page.status_code == 200
    assert page.context["overall"].responses == 1
    assert list(page.context["projects"]) == [project]
    assert project.title in page.content.decode()


def test_the_home_page_of_an_empty_site_says_what_comes() -> None:
    page = Client().get("/")

    assert page.status_code == 200
    assert "No project is open yet" in page.content.decode()


@pytest.mark.parametrize("path", ["/about/", "/api/", "/styleguide/"])
def test_pages_for_everybody_are_there(path: str) -> None:
    assert Client().get(path).status_code == 200


def test_the_page_about_the_api_lists_every_endpoint() -> None:
    text = Client().get("/api/").content.decode()

    assert "/api/v1/projects/{slug}/responses/" in text
    assert "/api/v1/totals/" in text


def test_a_page_that_does_not_exist_is_404_in_our_look() -> None:
    page = Client().get("/no-such-page/")

    assert page.status_code == 404
    assert "There is nothing here" in page.content.decode()


def test_the_committed_openapi_file_is_fresh(tmp_path) -> None:
    drawn = tmp_path / "openapi.yaml"

    call_command("spectacular", "--validate", "--fail-on-warn", file=str(drawn))

    committed = (settings.BASE_DIR / "docs/reference/openapi.yaml").read_text(encoding="utf-8")
    command = "./manage.py spectacular --file docs/reference/openapi.yaml"
    assert committed == drawn.read_text(encoding="utf-8"), f"draw it again: {command}"


def test_a_program_that_arrives_at_the_api_is_told_where_to_start() -> None:
    start = Client().get("/api/v1/").json()

    assert start["projects"].endswith("/api/v1/projects/")
    assert Client().get(start["totals"]).status_code == 200


@pytest.mark.parametrize("method", ["get", "post", "delete", "put"])
def test_an_unknown_address_of_the_api_is_a_problem_whatever_the_method(method: str) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)("/api/v1/no/such/thing")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"].startswith("There is nothing at this address")


def test_an_unknown_project_of_the_api_is_told_in_the_same_words() -> None:
    answer = Client().get("/api/v1/projects/nothing/")

    assert answer.status_code == 404
    assert answer.json()["detail"].startswith("There is nothing at this address")
