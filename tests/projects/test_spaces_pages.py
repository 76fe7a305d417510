"""The page of a project's Space: what it shows at each stage, and to whom."""

from html import escape

import pytest
from django.test import Client

from accounts.models import User
from dibt.lib import clock, secrets
from projects.domain import space_plans
from projects.models import Project, ProjectState, Space, SpaceState, StepKey, StepState
from tests.factories import organiser, person
from tests.projects.space_worlds import a_project_of_its_own, a_requested_space, lead_of, work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("calm_sandbox")]
HTMX = {"HTTP_HX_REQUEST": "true"}


def url(project: Project, action: str = "") -> str:
    return f"/manage/{project.slug}/space/{action}"


def signed_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def opened(project: Project) -> Project:
    Project.objects.filter(pk=project.pk).update(state=ProjectState.OPEN)
    return Project.objects.get(pk=project.pk)


def failed(space: Space, key: StepKey, error: str, request_id: str = "") -> Space:
    space.steps.filter(key=key).update(
        state=StepState.FAILED,
        error=error,
        request_id=request_id,
        started_at=clock.now(),
        ended_at=clock.now(),
    )
    Space.objects.filter(pk=space.pk).update(state=SpaceState.FAILED)
    return Space.objects.get(pk=space.pk)


# --- Who may --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("method", "action"), [("get", ""), ("post", "request/"), ("post", "retry/")])
def test_every_address_asks_who_is_there(client: Client, method: str, action: str):
    hidden, public = a_project_of_its_own(), opened(a_project_of_its_own())

    def ask(project: Project) -> int:
        return getattr(client, method)(url(project, action)).status_code

    assert (ask(hidden), ask(public)) == (302, 302)
    client.force_login(person("stranger"))
    assert (ask(hidden), ask(public)) == (404, 403)
    assert getattr(client, method)("/manage/no-such-project/space/" + action).status_code == 404
    assert not Space.objects.exists()


@pytest.mark.parametrize("action", ["request/", "retry/"])
def test_looking_changes_nothing(client: Client, action: str):
    project = a_project_of_its_own()

    answer = signed_in(client, lead_of(project)).get(url(project, action))

    assert answer.status_code == 405
    assert not Space.objects.exists()


def test_organisers_see_it_too(client: Client):
    space = a_requested_space()

    answer = signed_in(client, organiser()).get(url(space.project))

    assert answer.status_code == 200


# --- What it shows --------------------------------------------------------------------------------


def test_before_there_is_one_it_says_what_would_be_made_and_does_not_poll(client: Client):
    project = a_project_of_its_own()

    page = signed_in(client, lead_of(project)).get(url(project)).content.decode()

    assert f"data-is-better-together/{project.slug}" in page
    assert f'action="{url(project, "request/")}"' in page
    assert "hx-trigger" not in page


def test_asking_by_form_makes_it_and_leads_back_to_the_page(client: Client):
    project = a_project_of_its_own()

    answer = signed_in(client, lead_of(project)).post(url(project, "request/"))

    assert answer.status_code == 302
    assert answer.headers["Location"] == url(project)
    assert Space.objects.get(project=project).state == SpaceState.REQUESTED


def test_asking_twice_says_that_there_is_one_already(client: Client):
    space = a_requested_space()
    referer = {"HTTP_REFERER": f"http://testserver{url(space.project)}"}

    answer = signed_in(client, lead_of(space.project)).post(
        url(space.project, "request/"), follow=True, **referer
    )

    assert "has a Space already" in answer.content.decode()
    assert Space.objects.count() == 1


def test_while_it_moves_the_page_asks_for_its_moving_part_again(client: Client):
    space = a_requested_space()
    space.steps.filter(key=StepKey.PREFLIGHT).update(
        state=StepState.DONE, started_at=clock.now(), ended_at=clock.now()
    )
    space.steps.filter(key=StepKey.BUCKET).update(
        state=StepState.WAITING,
        error="The Hub did not answer in time.",
        attempt=2,
        started_at=clock.now(),
        next_retry_at=clock.now(),
    )
    signed_in(client, lead_of(space.project))

    page = client.get(url(space.project)).content.decode()
    part = client.get(url(space.project), **HTMX).content.decode()

    for text in (page, part):
        assert f'hx-get="{url(space.project)}"' in text
        assert "The Hub did not answer in time." in text
        assert all(escape(str(key.label)) in text for key in space_plans.RUN)
    assert "<html" in page
    assert "<html" not in part


def test_when_it_is_ready_it_links_to_the_space_and_stops_polling(client: Client):
    space = work(a_requested_space())

    part = signed_in(client, lead_of(space.project)).get(url(space.project), **HTMX).content.decode()

    assert f'href="{space.url}"' in part
    assert "keeps its data over a restart was proven" in part
    assert "hx-trigger" not in part


def test_while_argilla_is_waited_for_it_says_what_was_seen_last(client: Client):
    space = a_requested_space()
    Space.objects.filter(pk=space.pk).update(state=SpaceState.WORKING, stage="RUNNING")
    space.steps.filter(key=StepKey.ARGILLA).update(
        state=StepState.WORKING, started_at=clock.now(), error="Argilla did not answer in time."
    )

    part = signed_in(client, lead_of(space.project)).get(url(space.project), **HTMX).content.decode()

    assert "The Hub says: RUNNING. Argilla did not answer in time." in part


def test_a_failure_is_told_in_words_with_the_hubs_id_and_a_way_on(client: Client):
    space = failed(a_requested_space(), StepKey.FILES, "The Hub <refused> it.", "Root=1-2-3")

    part = signed_in(client, lead_of(space.project)).get(url(space.project), **HTMX).content.decode()

    assert "The Hub &lt;refused&gt; it." in part
    assert "Root=1-2-3" in part
    assert f'action="{url(space.project, "retry/")}"' in part
    assert 'name="name"' not in part
    assert "hx-trigger" not in part


def test_a_taken_name_offers_another_one(client: Client):
    space = failed(a_requested_space(), StepKey.SPACE, "There is a Space of that name already.")
    signed_in(client, lead_of(space.project))

    page = client.get(url(space.project)).content.decode()
    answer = client.post(url(space.project, "retry/"), {"name": f"{space.name}-mine"})

    assert f'value="{space.name}-{space.provision_id.hex[:6]}"' in page
    assert answer.status_code == 302
    space.refresh_from_db()
    assert (space.name.endswith("-mine"), space.state) == (True, SpaceState.REQUESTED)


def test_a_name_the_hub_would_refuse_is_shown_again_with_the_reason(client: Client):
    space = failed(a_requested_space(), StepKey.SPACE, "There is a Space of that name already.")

    answer = signed_in(client, lead_of(space.project)).post(url(space.project, "retry/"), {"name": "a--b"})

    assert answer.status_code == 422
    assert 'value="a--b"' in answer.content.decode()
    assert "cannot be the name of a Space" in answer.content.decode()
    space.refresh_from_db()
    assert space.state == SpaceState.FAILED


def test_trying_again_what_moves_already_is_refused_with_a_sentence(client: Client):
    space = a_requested_space()

    answer = signed_in(client, lead_of(space.project)).post(url(space.project, "retry/"))

    assert answer.status_code == 409
    space.refresh_from_db()
    assert space.state == SpaceState.REQUESTED


def test_no_secret_is_on_the_page_at_any_time(client: Client):
    space = a_requested_space()
    values = secrets.decrypt(space.secrets_box).values()
    signed_in(client, lead_of(space.project))

    pages = [client.get(url(space.project)).content.decode()]
    work(space)
    pages.append(client.get(url(space.project)).content.decode())
    failed(space, StepKey.FILES, "It broke.")
    pages.append(client.get(url(space.project)).content.decode())

    assert [value for value in values if any(value in page for page in pages)] == []
    assert space.secrets_box not in "".join(pages)


def test_the_page_costs_the_same_however_far_it_is(client: Client, django_assert_max_num_queries):
    space = work(a_requested_space())
    signed_in(client, lead_of(space.project))

    with django_assert_max_num_queries(9):
        client.get(url(space.project), **HTMX)
