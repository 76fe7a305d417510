"""A lead's project pages: what is done and what comes next, the states, the guidelines, the words."""

from http import HTTPStatus
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from dibt.lib.errors import ConflictError, InvalidError
from projects.domain import projects, tasks
from projects.models import GuidelinesVersion, Project, ProjectState
from tests.annotations.import_worlds import imported, lead_of
from tests.factories import a_project, organiser, person

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(project: Project, page: str) -> str:
    return reverse(f"manage:{page}", args=[project.slug])


def led(project: Project) -> Client:
    client = Client()
    client.force_login(lead_of(project))
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def ready() -> Project:
    """A project that can be opened."""
    project = a_project()
    imported(project)
    return project


def to(project: Project, change: str) -> Any:
    back = {"HTTP_REFERER": f"http://testserver{url(project, 'overview')}"}
    answer = led(project).post(url(project, "state"), {"to": change}, follow=True, **back)
    project.refresh_from_db()
    return answer


# --- Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "page"),
    [
        ("get", "overview"),
        ("post", "state"),
        ("get", "task"),
        ("post", "task"),
        ("get", "guidelines"),
        ("post", "guidelines"),
        ("post", "guidelines-preview"),
        ("get", "settings"),
        ("post", "settings"),
    ],
)
def test_every_address_asks_who_is_there(client: Client, method: str, page: str):
    hidden, public = a_project(), a_project()
    Project.objects.filter(pk=public.pk).update(state=ProjectState.PAUSED)

    def ask(project: Project) -> int:
        return int(getattr(client, method)(url(project, page)).status_code)

    assert (ask(hidden), ask(public)) == (302, 302)
    client.force_login(person("stranger"))
    assert (ask(hidden), ask(public)) == (404, 403)
    assert getattr(client, method)(url(public, page).replace(public.slug, "none")).status_code == 404


def test_a_stranger_of_a_public_project_is_told_whose_page_it_is(client: Client):
    project = a_project()
    Project.objects.update(state=ProjectState.PAUSED)
    client.force_login(person("stranger"))

    assert "Only the leads of this project can do this." in text(client.get(url(project, "overview")))


def test_organisers_can_step_in(client: Client):
    project = ready()
    client.force_login(organiser())

    client.post(url(project, "state"), {"to": "open"})

    project.refresh_from_db()
    assert project.is_open


# --- The way to an open project -----------------------------------------------------------------------


def test_the_checklist_says_what_is_done_and_what_comes_next():
    project = a_project()

    before = led(project).get(url(project, "overview")).context["items"]
    imported(project)
    tasks.save_guidelines(project, by=lead_of(project), text="Our own.")
    after = led(project).get(url(project, "overview")).context["items"]

    assert [(item.label, item.done, item.optional) for item in before] == [
        ("Shape the task", True, False),
        ("Write the guidelines", True, False),
        ("Import records", False, False),
        ("Ask for a Space", False, True),
    ]
    assert before[1].detail.startswith("As the preset has them.")
    assert [item.done for item in after] == [True, True, True, False]
    assert after[1].detail == "Version 2, made your own."


def test_without_records_a_project_is_not_opened():
    project = a_project()

    answer = to(project, "open")

    assert "There are no records yet. Bring some in, then open the project." in text(answer)
    assert project.state == ProjectState.SETUP


def test_without_guidelines_a_project_is_not_opened():
    project = ready()
    GuidelinesVersion.objects.all().delete()

    with pytest.raises(ConflictError, match="There are no guidelines yet"):
        projects.open(project, by=lead_of(project))


def test_opening_freezes_the_task_and_lets_everybody_see_the_project(client: Client):
    project = ready()

    answer = to(project, "open")

    assert "The project is open: people can annotate now." in text(answer)
    assert (project.state, project.opened_at is not None) == (ProjectState.OPEN, True)
    assert tasks.current_schema(project).frozen_at is not None
    assert client.get(project.get_absolute_url()).status_code == 200


def test_the_overview_of_an_open_project_fetches_its_progress():
    project = ready()
    to(project, "open")

    page = text(led(project).get(url(project, "overview")))

    assert f'hx-get="{reverse("projects:progress", args=[project.slug])}" hx-trigger="load"' in page


@pytest.mark.parametrize(("state", "offered"), [("setup", False), ("open", True), ("paused", True)])
def test_a_project_that_was_opened_has_a_link_to_share(settings: Settings, state: str, offered: bool):
    settings.SITE_URL = "https://dibt.example"
    project = ready()
    Project.objects.update(state=state)

    page = text(led(project).get(url(project, "overview")))

    assert (f'value="https://dibt.example{project.get_absolute_url()}" readonly' in page) is offered


# --- The states --------------------------------------------------------------------------------------------


def test_a_project_goes_through_its_life():
    project = ready()
    states = [to(project, change) and project.state for change in ("open", "pause", "resume", "complete")]
    opened_at = project.opened_at

    assert states == ["open", "paused", "open", "completed"]
    assert project.completed_at is not None
    to(project, "open")
    assert (project.state, project.completed_at, project.opened_at) == ("open", None, opened_at)
    to(project, "complete")
    to(project, "archive")
    assert project.state == ProjectState.ARCHIVED


@pytest.mark.parametrize("change", ["pause", "resume", "complete", "archive"])
def test_what_was_never_opened_is_not_paused_or_ended(change: str):
    project = a_project()

    to(project, change)

    assert project.state == ProjectState.SETUP


def test_a_second_click_is_told_that_it_was_done():
    project = ready()
    to(project, "open")

    answer = to(project, "open")

    assert "This project is “Open” already; nothing was changed." in text(answer)


def test_a_form_that_asks_for_nothing_known_is_refused():
    project = ready()

    assert led(project).post(url(project, "state"), {"to": "delete"}).status_code == 422


# --- Guidelines ----------------------------------------------------------------------------------------------


def save_guidelines(project: Project, said: str, *, edition: int) -> Any:
    sent = {"edition": str(edition), "text": said}
    return led(project).post(url(project, "guidelines"), sent, follow=True)


def test_saved_guidelines_are_a_new_version_and_the_old_one_stays_readable():
    project = a_project()

    answer = save_guidelines(project, "Be **kind**.", edition=1)
    old = led(project).get(url(project, "guidelines"), {"version": "1"})

    assert tasks.current_guidelines(project).number == 2  # type: ignore[union-attr]  # just saved
    assert "The guidelines are saved" in text(answer)
    assert "<strong>kind</strong>" in text(answer)
    assert old.context["shown"].number == 1


def test_guidelines_saved_elsewhere_meanwhile_are_not_overwritten_unknowingly():
    project = a_project()
    save_guidelines(project, "Of the first tab.", edition=1)

    told = save_guidelines(project, "Of the second tab.", edition=1)

    assert told.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Somebody saved these guidelines after you opened them." in text(told)
    assert "Of the second tab." in text(told)
    save_guidelines(project, "Of the second tab.", edition=int(told.context["form"]["edition"].value()))
    assert [version.text for version in project.guidelines_versions.order_by("-number")][:2] == [
        "Of the second tab.",
        "Of the first tab.",
    ]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [("  \n ", "The guidelines are empty."), ("x" * 40_001, "These are 40001 characters")],
)
def test_guidelines_that_cannot_be_kept_are_told_at_their_place(said: str, sentence: str):
    project = a_project()

    answer = save_guidelines(project, said, edition=1)

    assert sentence in answer.context["form"].errors["text"][0]
    assert project.guidelines_versions.count() == 1


def test_the_preview_of_guidelines_is_harmless_and_saves_nothing():
    project = a_project()

    answer = led(project).post(
        url(project, "guidelines-preview"), {"text": "# Hi <script>alert(1)</script>"}, **HTMX
    )

    assert "<h3>Hi &lt;script&gt;" in text(answer)
    assert project.guidelines_versions.count() == 1


def test_guidelines_typed_while_the_session_ran_out_are_there_after_signing_in(client: Client):
    project = a_project()
    client.post(url(project, "guidelines"), {"edition": "1", "text": "Typed for an hour."})

    client.force_login(lead_of(project))

    assert "Typed for an hour." in text(client.get(url(project, "guidelines")))
    assert project.guidelines_versions.count() == 1


# --- Words ---------------------------------------------------------------------------------------------------


def test_title_and_pitch_can_be_reworded_and_the_address_stays():
    project = a_project()
    slug = project.slug

    led(project).post(url(project, "settings"), {"title": "  Better \n title ", "pitch": "Why.\r\nHow."})

    project.refresh_from_db()
    assert (project.title, project.pitch, project.slug) == ("Better title", "Why.\nHow.", slug)


@pytest.mark.parametrize(
    ("title", "pitch", "field"), [("", "x", "title"), ("x", " ", "pitch"), ("a\u202eb", "x", "title")]
)
def test_words_that_cannot_be_kept_are_told_at_their_place(title: str, pitch: str, field: str):
    project = a_project()

    answer = led(project).post(url(project, "settings"), {"title": title, "pitch": pitch})

    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert [name for name in answer.context["form"].errors if name != "__all__"] == [field]


def test_the_domain_refuses_words_without_a_title():
    project = a_project()

    with pytest.raises(InvalidError) as refusal:
        projects.edit(project, by=lead_of(project), title=" ", pitch="x")

    assert refusal.value.fields == {"title": ["Give your project a title."]}


# --- Cost ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["overview", "task", "guidelines", "settings"])
def test_a_page_costs_the_same_however_much_there_is(page: str):
    project = a_project()
    client = led(project)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(url(project, page))
        return len(captured)

    imported(project)
    before = cost()
    for number in range(5):
        tasks.save_guidelines(project, by=lead_of(project), text=f"Version {number}")
    imported(project, b'{"id": "z", "prompt": "Z"}\n')

    assert cost() <= before
